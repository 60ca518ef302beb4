import Type from "typebox";
import { tool } from "#mcp/tool.js";
import { asking, reason, taskOutcome, toOutcome } from "#mcp/tools/task-outcome.js";

export const skillRequest = tool({
  name: "skill_request",
  title: "Request a skill",
  description: "Request assignment of a skill from the catalog. A person approves or rejects it.",
  input: Type.Object(
    {
      skillId: Type.String({ minLength: 1, maxLength: 64, description: "The skill ID to request" }),
      reason: reason("Why you need this skill"),
    },
    { additionalProperties: false },
  ),
  output: taskOutcome,
  annotations: asking,
  run: async (backend, { skillId: subject, reason }) =>
    toOutcome(await backend.requestTask({ body: { type: "skill_request", subject, reason } })),
});
