import Type from "typebox";
import { tool } from "#mcp/tool.js";
import { asking, reason, taskOutcome, toOutcome } from "#mcp/tools/task-outcome.js";

export const connectorRequest = tool({
  name: "connector_request",
  title: "Request an integration",
  description:
    "Request setup of a missing integration, or of a service there is none for. A person sees to it.",
  input: Type.Object(
    {
      integrationId: Type.String({
        minLength: 1,
        maxLength: 64,
        description: "The integration slug (e.g., 'github', 'slack'), or the name of another service",
      }),
      reason: reason("Why you need this integration"),
    },
    { additionalProperties: false },
  ),
  output: taskOutcome,
  annotations: asking,
  run: async (backend, { integrationId: subject, reason }) =>
    toOutcome(await backend.requestTask({ body: { type: "connector_request", subject, reason } })),
});
