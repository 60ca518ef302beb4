/**
 * How a call stands: `completed` when the service answered, `refused_upstream` when its answer is a refusal, `failed`
 * when there was no answer, `refused` before it was asked.
 */
export const callStatuses = [
  "started",
  "completed",
  "refused_upstream",
  "failed",
  "refused",
  "cancelled",
  "interrupted",
] as const;
