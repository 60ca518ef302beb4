import Type from "typebox";
import { nullable } from "#contract/schemas.js";
import { nextStep } from "#mcp/next-step.js";
import { tool } from "#mcp/tool.js";

const requirement = Type.Object({
  endpoint: Type.String(),
  reason: nullable(Type.String()),
  next: nullable(Type.String({ description: "The step that puts it right" })),
});

export const skillQuery = tool({
  name: "skill_query",
  title: "Load a skill",
  description:
    "Load instructions from an assigned skill. Use when you need domain expertise. References that fit the query come along; load others with referenceFile. While there is a nextCursor, read on with it as cursor.",
  input: Type.Object(
    {
      skillId: Type.String({
        minLength: 1,
        maxLength: 64,
        description: "Skill ID to query (skill_discover shows which are assignedToMe)",
      }),
      query: Type.Optional(Type.String({ maxLength: 4000, description: "The question or topic" })),
      context: Type.Optional(
        Type.String({ maxLength: 16_000, description: "Additional context to improve relevance" }),
      ),
      referenceFile: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 512,
          description: "Specific reference file to load (e.g., 'ESCALATION-MATRIX.md')",
        }),
      ),
      cursor: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 1000,
          description: "nextCursor of the answer before, with its other arguments: reads on",
        }),
      ),
    },
    { additionalProperties: false },
  ),
  output: Type.Object({
    skill: Type.Object({
      id: Type.String(),
      name: Type.String(),
      description: Type.String(),
      category: nullable(Type.String()),
    }),
    instructions: Type.String(),
    references: Type.Array(Type.Object({ filename: Type.String(), content: Type.String() })),
    availableReferences: Type.Array(Type.String()),
    availableScripts: Type.Array(Type.String()),
    unmetRequirements: Type.Array(requirement, { description: "Endpoints it needs and you cannot call yet" }),
    nextCursor: Type.Optional(Type.String({ description: "Where instructions or file go on" })),
  }),
  textOnly: true,
  annotations: { readOnlyHint: true, openWorldHint: false },
  async run(backend, { skillId, query, context, referenceFile, cursor }) {
    const found = await backend.querySkill({
      params: { skill: skillId },
      body: {
        ...(query === undefined ? {} : { query }),
        ...(context === undefined ? {} : { context }),
        ...(referenceFile === undefined ? {} : { reference_file: referenceFile }),
        ...(cursor === undefined ? {} : { cursor }),
      },
    });
    return {
      value: {
        skill: found.skill,
        instructions: found.instructions,
        references: found.references,
        availableReferences: found.available_references,
        availableScripts: found.available_scripts,
        unmetRequirements: found.unmet_requirements.map(({ endpoint, reason, next }) => ({
          endpoint,
          reason,
          next: next === null ? null : nextStep(next),
        })),
        ...(found.next_cursor ? { nextCursor: found.next_cursor } : {}),
      },
    };
  },
});
