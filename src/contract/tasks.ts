import Type from "typebox";
import type { Route } from "#contract/route.js";
import { isoTime, nullable, strict } from "#contract/schemas.js";
import { text } from "#contract/skill-schemas.js";

const requestType = Type.Union([Type.Literal("skill_request"), Type.Literal("connector_request")]);
/** `tool_change`: a tool of an MCP server is described otherwise than before; nobody asks for that. */
const type = Type.Union([...requestType.anyOf, Type.Literal("tool_change")]);
const status = Type.Union([
  Type.Literal("pending"),
  Type.Literal("approved"),
  Type.Literal("rejected"),
  Type.Literal("expired"),
  Type.Literal("withdrawn"),
]);
const taskId = Type.String({ minLength: 1, maxLength: 64, description: "task_…" });

const task = Type.Object({
  id: taskId,
  type,
  status,
  subject: Type.String({
    description:
      "Id of the skill, slug of the integration, or the name of a service without one; of a tool_change, the endpoint and the beginning of its pin",
  }),
  subjectName: Type.String(),
  agentId: nullable(Type.String()),
  agentName: nullable(Type.String()),
  requestedBy: Type.String({ description: "Profile whose key asked" }),
  reason: Type.String(),
  decidedBy: nullable(Type.String()),
  decidedAt: nullable(isoTime),
  note: nullable(Type.String()),
  createdAt: isoTime,
  expiresAt: isoTime,
});

const listing = strict({
  status: Type.Optional(status),
  type: Type.Optional(type),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, default: 0 })),
});

export const listTasks = {
  method: "GET",
  path: "/api/tasks",
  auth: "person",
  permission: "skills:read",
  summary: "List what people must decide, newest first",
  query: listing,
  reply: {
    status: 200,
    description: "The tasks",
    body: Type.Object({ tasks: Type.Array(task), total: Type.Integer() }),
  },
  errors: ["validation_failed", "forbidden"],
} as const satisfies Route;

export const getTask = {
  method: "GET",
  path: "/api/tasks/:id",
  auth: "person",
  permission: "skills:read",
  summary: "See a task",
  params: Type.Object({ id: taskId }),
  reply: { status: 200, description: "The task", body: Type.Object({ task }) },
  errors: ["forbidden", "not_found"],
} as const satisfies Route;

const decide = <Path extends string>(path: Path, summary: string) =>
  ({
    method: "POST",
    path,
    auth: "person",
    permission: "tasks:decide",
    summary,
    params: Type.Object({ id: taskId }),
    body: strict({ note: Type.Optional(text({ maxLength: 2000 })) }),
    reply: { status: 200, description: "The task", body: Type.Object({ task }) },
    errors: ["validation_failed", "forbidden", "not_found", "conflict"],
  }) as const satisfies Route;

export const approveTask = decide(
  "/api/tasks/:id/approve",
  "Approve a request: it is carried out before the answer",
);
export const rejectTask = decide("/api/tasks/:id/reject", "Reject a request");

export const requestTask = {
  method: "POST",
  path: "/v1/tasks",
  auth: "key",
  summary: "Ask a person for a skill or an integration",
  body: strict({
    type: requestType,
    subject: Type.String({
      minLength: 1,
      maxLength: 64,
      description: "Skill (id or slug), integration, or the name of a service there is none for",
    }),
    reason: text({ minLength: 1, maxLength: 2000 }),
  }),
  reply: {
    status: 201,
    description: "The task; the same one while an equal request is open",
    body: Type.Object({
      task_id: Type.String(),
      status,
      message: Type.String(),
    }),
  },
  errors: ["bad_request", "not_found", "conflict", "forbidden"],
} as const satisfies Route;

const requested = Type.Object({
  task_id: Type.String(),
  type,
  status,
  subject: Type.String(),
  subject_name: Type.String(),
  reason: Type.String(),
  note: nullable(Type.String()),
  created_at: isoTime,
  expires_at: isoTime,
  decided_at: nullable(isoTime),
});

export const listRequestedTasks = {
  method: "GET",
  path: "/v1/tasks",
  auth: "key",
  summary: "List what your agent, or you, asked for, newest first",
  query: listing,
  reply: {
    status: 200,
    description: "The requests",
    body: Type.Object({ requests: Type.Array(requested), total: Type.Integer() }),
  },
  errors: ["bad_request"],
} as const satisfies Route;

export const withdrawTask = {
  method: "DELETE",
  path: "/v1/tasks/:id",
  auth: "key",
  summary: "Take an open request back",
  params: Type.Object({ id: taskId }),
  reply: { status: 200, description: "As it is now", body: requested },
  errors: ["not_found", "conflict"],
} as const satisfies Route;

export const getRequestedTask = {
  method: "GET",
  path: "/v1/tasks/:id",
  auth: "key",
  summary: "See what became of a request",
  params: Type.Object({ id: taskId }),
  reply: {
    status: 200,
    description: "The outcome",
    body: Type.Object({
      task_id: Type.String(),
      type,
      status,
      subject: Type.String(),
      note: nullable(Type.String()),
      decided_at: nullable(isoTime),
    }),
  },
  errors: ["not_found"],
} as const satisfies Route;
