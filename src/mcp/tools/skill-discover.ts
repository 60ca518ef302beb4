import Type from "typebox";
import { nullable } from "#contract/schemas.js";
import { tool } from "#mcp/tool.js";

export const skillDiscover = tool({
  name: "skill_discover",
  title: "Discover skills",
  description:
    "Browse the full skill catalog: skills you have (assignedToMe) and skills you don't have yet. 50 at a time.",
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
      cursor: Type.Optional(
        Type.String({ minLength: 1, maxLength: 500, description: "nextCursor of the page before" }),
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
    nextCursor: Type.Optional(Type.String({ description: "For the page after, if there is one" })),
  }),
  annotations: { readOnlyHint: true, openWorldHint: false },
  async run(backend, { category, query: q, cursor }) {
    const query = {
      ...(category === undefined ? {} : { category }),
      ...(q === undefined ? {} : { q }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const { skills, total, next_cursor: nextCursor } = await backend.discoverSkills({ query });
    return {
      value: {
        skills: skills.map(({ assigned_to_me: assignedToMe, ...skill }) => ({ ...skill, assignedToMe })),
        total,
        ...(nextCursor ? { nextCursor } : {}),
      },
    };
  },
});
