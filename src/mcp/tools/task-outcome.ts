import Type from "typebox";
import type { CallOutput } from "#contract/io.js";
import type { requestTask } from "#contract/tasks.js";

/** The state of a request that a person decides. */
export const taskOutcome = Type.Object({
  taskId: Type.String(),
  status: Type.String({ description: "pending until a person decides" }),
  message: Type.String(),
});

export const reason = (description: string) => Type.String({ minLength: 1, maxLength: 2000, description });

/** Asking again while a request is open changes nothing. */
export const asking = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

export function toOutcome({ task_id: taskId, status, message }: CallOutput<typeof requestTask>) {
  return { value: { taskId, status, message } };
}
