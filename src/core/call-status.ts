/** How a call stands: `completed` whenever the service answered, `failed` when it did not, `refused` before it was asked. */
export const callStatuses = [
  "started",
  "completed",
  "failed",
  "refused",
  "cancelled",
  "interrupted",
] as const;

export type CallStatus = (typeof callStatuses)[number];
