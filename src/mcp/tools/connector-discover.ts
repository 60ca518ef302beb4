import Type from "typebox";
import { tool } from "#mcp/tool.js";

const connector = Type.Object({ id: Type.String(), name: Type.String(), category: Type.String() });

export const connectorDiscover = tool({
  name: "connector_discover",
  title: "Discover integrations",
  description: "Discover available and connected integrations, and skills that go with them.",
  input: Type.Object(
    {
      category: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 64,
          description: "Filter by category (productivity, crm, developer, etc.)",
        }),
      ),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    connected: Type.Array(connector),
    available: Type.Array(connector),
    suggestedSkills: Type.Array(
      Type.Object({ integrationId: Type.String(), suggestedSkills: Type.Array(Type.String()) }),
    ),
  }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  async run(backend, { category }) {
    const found = await backend.discoverConnectors({ query: category === undefined ? {} : { category } });
    return {
      value: {
        connected: found.connected,
        available: found.available,
        suggestedSkills: found.suggested_skills.map((it) => ({
          integrationId: it.integration_id,
          suggestedSkills: it.suggested_skills,
        })),
      },
    };
  },
});
