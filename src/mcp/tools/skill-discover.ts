import Type from "typebox";
import { nullable } from "#contract/words.js";
import { tool } from "#mcp/tool.js";

export const skillDiscover = tool({
  name: "skill_discover",
  title: "Discover skills",
  description:
    "Browse the full skill catalog: skills you have (assignedToMe) and skills you don't have yet. Shows the best 50.",
  input: Type.Object(
    {
      category: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 64,
          description: "Filter by category (sales, engineering, etc.)",
        }),
      ),
      query: Type.Optional(
        Type.String({ maxLength: 200, description: "Keyword search across skill names and descriptions" }),
      ),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    skills: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        description: Type.String(),
        category: nullable(Type.String()),
        version: Type.String(),
        author: nullable(Type.String()),
        assignedToMe: Type.Boolean(),
      }),
    ),
    total: Type.Integer(),
  }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  async run(backend, { category, query: q }) {
    const query = { ...(category === undefined ? {} : { category }), ...(q === undefined ? {} : { q }) };
    const { skills, total } = await backend.discoverSkills({ query });
    return {
      value: {
        skills: skills.map(({ assigned_to_me: assignedToMe, ...skill }) => ({ ...skill, assignedToMe })),
        total,
      },
    };
  },
});
