import Type from "typebox";
import type { listIntegrations } from "#contract/integrations.js";
import type { CallOutput } from "#contract/io.js";
import type { Backend } from "#mcp/backend.js";
import { tool } from "#mcp/tool.js";

export const integrationSearch = tool({
  name: "integration_search",
  title: "Search endpoints",
  description:
    "Find endpoints to call on connected services (GitHub, Gmail, …). Without words: the integrations there are. Then integration_describe, then integration_run.",
  input: Type.Object(
    {
      query: Type.Optional(
        Type.String({ maxLength: 2000, description: "What you want to do, in plain words" }),
      ),
      integration: Type.Optional(Type.String({ minLength: 1, maxLength: 64, description: "Only this one" })),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    integrations: Type.Array(
      Type.Object({
        integration: Type.String(),
        name: Type.String(),
        category: Type.String(),
        connected: Type.Boolean(),
        accounts: Type.Array(Type.String(), { description: "For `connection`; the first is the default" }),
        endpoints: Type.Integer(),
      }),
    ),
    endpoints: Type.Array(
      Type.Object({
        integration: Type.String(),
        endpoint: Type.String(),
        summary: Type.String(),
        effect: Type.String({ description: "read, write or destructive" }),
      }),
    ),
    total: Type.Integer({ description: "Endpoints found" }),
    hint: Type.Optional(Type.String({ description: "What to do when nothing fits" })),
  }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  async run(backend, args) {
    const [all, { named, endpoints, hint }] = await Promise.all([
      backend.listIntegrations({}),
      find(backend, args),
    ]);
    const slugs = new Set([...(named ?? []), ...endpoints.map(({ integration }) => integration)]);
    const shown = all.integrations.filter(({ slug }) => named === undefined || slugs.has(slug));
    return {
      value: {
        integrations: shown.map(toIntegration),
        endpoints: endpoints.map(({ integration, name: endpoint, summary, effect, deprecated }) => ({
          integration,
          endpoint,
          summary: deprecated ? `${summary} (deprecated)` : summary,
          effect,
        })),
        total: endpoints.length,
        ...(hint ? { hint: nothingFits } : {}),
      },
    };
  },
});

/** Endpoints that fit, and in `named` the integrations that do as such: undefined when all do. */
async function find(backend: Backend, args: { query?: string; integration?: string }) {
  const { query: q, integration } = args;
  const query = q === undefined ? {} : { q };
  if (integration !== undefined) {
    const { endpoints, hint } = await backend.getIntegration({ params: { integration }, query });
    return { named: [integration], endpoints: endpoints.map((it) => ({ integration, ...it })), hint };
  }
  if (q === undefined) return { endpoints: [] };
  const { integrations, endpoints = [], hint } = await backend.listIntegrations({ query });
  return { named: integrations.map(({ slug }) => slug), endpoints, hint };
}

const nothingFits =
  "Nothing fits. Search in other words, or ask a person for an integration that can do it: connector_request.";

type Listed = CallOutput<typeof listIntegrations>["integrations"][number];

function toIntegration({ slug, name, category, connected, connections, endpoints }: Listed) {
  const accounts = connections.map(({ account }) => account);
  return { integration: slug, name, category, connected, accounts, endpoints };
}
