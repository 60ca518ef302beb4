import { isOpenToAll } from "#catalog/auth-method.js";
import type { Catalog, CatalogOf } from "#catalog/catalog.js";
import type { Integration } from "#catalog/integration.js";
import type { Caller, Person } from "#core/caller.js";
import { type Clock, dayMs, isoTime } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import type { ToolChange } from "#core/tool-change.js";
import { connectedIntegrations } from "#skills/delivery/connected.js";
import type { DecideTask } from "#skills/tasks/decide.js";
import { integrationMeant, serviceWished } from "#skills/tasks/service-names.js";
import { readSubject, subjectOf } from "#skills/tasks/tool-change.js";
import type { Webhook } from "#skills/tasks/webhook.js";
import type { ConnectionRows } from "#store/connection-rows.js";
import type { ProfileRows } from "#store/profile-rows.js";
import type { TaskRow } from "#store/schema/skill-tables.js";
import type { Decision, NamedTask, TaskRows } from "#store/task-rows.js";

const ttlMs = 7 * dayMs;
/** Requests of one agent, or of one person without an agent, in a day: people get a mail for each. */
const maxADay = 20;
/** Changed tools of servers that one person has added; more are off all the same. */
const maxChangesADay = 100;

type TaskEnd = Omit<Decision, "tenantId" | "now">;

/** Shown to people, to agents and to webhooks alike. */
export interface Task {
  id: string;
  type: TaskType;
  status: TaskStatus;
  subject: string;
  subjectName: string;
  agentId: string | null;
  agentName: string | null;
  requestedBy: string;
  reason: string;
  decidedBy: string | null;
  decidedAt: string | null;
  note: string | null;
  createdAt: string;
  expiresAt: string;
}

export type TaskType = "skill_request" | "connector_request" | "tool_change";
export type TaskStatus = "pending" | "approved" | "rejected" | "expired" | "withdrawn";

export interface TaskRequest {
  type: Exclude<TaskType, "tool_change">;
  /** Id or slug of a skill, or an integration; any other service may be requested by its name. */
  subject: string;
  reason: string;
}

/** The requests of agents, which people decide. */
export interface TaskQueue {
  /** Returns an equal request that is still open, instead of making another. */
  request(caller: Caller, request: TaskRequest): Promise<Task>;
  /** Has people look at tools that have changed, in the name of who added the server. */
  noteToolChanges(of: Pick<Person, "tenantId" | "profileId">, changes: readonly ToolChange[]): Promise<void>;
  /** The state of a request of the caller's agent, or of their own. */
  outcome(caller: Caller, id: string): Promise<Task>;
  /** Requests of the caller's agent; of a person whose key is bound to none, all of theirs. */
  listOwn(caller: Caller, page: TaskPage): Promise<{ tasks: Task[]; total: number }>;
  /** Takes an open one of these back. Throws `conflict` when it is not open any more. */
  withdraw(caller: Caller, id: string): Promise<Task>;
  get(person: Person, id: string): Promise<Task>;
  list(person: Person, page: TaskPage): Promise<{ tasks: Task[]; total: number }>;
  /** When this resolves, the decision has been carried out. Throws `conflict` when it is not open any more. */
  decide(person: Person, id: string, status: "approved" | "rejected", note: string | null): Promise<Task>;
}

export interface TaskPage {
  status?: TaskStatus | undefined;
  type?: TaskType | undefined;
  limit: number;
  offset: number;
}

interface Deps {
  tasks: TaskRows;
  decideTask: DecideTask;
  profiles: Pick<ProfileRows, "get">;
  catalogOf: CatalogOf;
  connections: Pick<ConnectionRows, "list">;
  webhook: Webhook;
  /** Tells people of a new task; fails on its own. */
  notify: (tenantId: string, task: Task) => void;
  /** Sends the webhooks that are stored; fails on its own. */
  deliver: () => void;
  clock: Clock;
}

export function createTaskQueue(deps: Deps): TaskQueue {
  const { tasks, decideTask, profiles, catalogOf, webhook, notify, deliver, clock } = deps;
  const showIn = (catalog: Catalog) => (row: NamedTask) => toTask(row, clock(), catalog);
  const showFor = async (owner: Person) => showIn(await catalogOf(owner));

  async function find(tenantId: string, id: string): Promise<NamedTask> {
    const row = await tasks.get(tenantId, id);
    if (!row) throw new SkillettError("not_found", { message: "Task not found" });
    return row;
  }

  async function requestedSubject(
    caller: Caller,
    catalog: Catalog,
    { type, subject }: TaskRequest,
  ): Promise<string> {
    if (type === "connector_request") return connectorOf(caller, catalog, subject);
    const { tenantId, agentId } = caller;
    if (!agentId) throw needsAgent();
    const skill = await tasks.findSkill(tenantId, subject);
    if (!skill) throw new SkillettError("not_found", { message: "Skill not found" });
    if (await tasks.hasSkill(tenantId, skill.id, agentId)) throw hasItAlready(skill.name);
    return skill.id;
  }

  async function connectorOf(caller: Caller, catalog: Catalog, subject: string): Promise<string> {
    const meant = integrationMeant(catalog, subject);
    if (!meant) return serviceWished(subject);
    // It says who can switch it on, when it is off.
    catalog.integration(meant.slug);
    const connected = await connectedIntegrations(deps.connections, caller);
    if (connected.has(meant.slug) || isOpenToAll(meant)) throw isConnected(meant);
    return meant.slug;
  }

  /** Adds it, unless an equal one is open. Undefined when there are too many. */
  async function open(row: TaskRow, max: number, show: (row: NamedTask) => Task): Promise<Task | undefined> {
    const { tenant_id: tenantId } = row;
    const { task, isNew } = await tasks.request(row, max, (it) =>
      webhook.message(tenantId, "task.created", { task: show(it) }),
    );
    if (task && isNew) {
      deliver();
      notify(tenantId, show(task));
    }
    return task && show(task);
  }

  async function close(person: Person, end: TaskEnd): Promise<Task> {
    const { tenantId } = person;
    const show = await showFor(person);
    const row = await decideTask({ ...end, tenantId, now: clock() }, (it) =>
      webhook.message(tenantId, `task.${end.status}`, { task: show(it) }),
    );
    if (!row) throw await notOpen(show(await find(tenantId, end.id)), profiles);
    deliver();
    return show(row);
  }

  async function findOwn({ tenantId, profileId, agentId }: Caller, id: string): Promise<NamedTask> {
    const row = await find(tenantId, id);
    if (agentId === null ? row.requested_by === profileId : row.agent_id === agentId) return row;
    throw new SkillettError("not_found", { message: "Task not found" });
  }

  return {
    async request(caller, request) {
      const now = clock();
      const catalog = await catalogOf(caller);
      const show = showIn(catalog);
      const subject = await requestedSubject(caller, catalog, request);
      const row = newTask(caller, { ...request, subject }, now);
      const task = await open(row, maxADay, show);
      if (!task) throw tooManyRequests();
      return task;
    },
    async noteToolChanges({ tenantId, profileId }, changes) {
      const show = showIn(await catalogOf({ tenantId }));
      for (const change of changes) {
        const about = { type: "tool_change", subject: subjectOf(change), reason: change.diff } as const;
        await open(newTask({ tenantId, profileId, agentId: null }, about, clock()), maxChangesADay, show);
      }
    },
    outcome: async (caller, id) => (await showFor(caller))(await findOwn(caller, id)),
    async listOwn(caller, page) {
      const { tenantId, profileId, agentId } = caller;
      const of = agentId === null ? { requestedBy: profileId } : { agentId };
      const found = await tasks.list({ ...page, ...of, tenantId, now: clock() });
      return { tasks: found.tasks.map(await showFor(caller)), total: found.total };
    },
    async withdraw(caller, id) {
      await findOwn(caller, id);
      return close(caller, { id, status: "withdrawn", decidedBy: null, note: null });
    },
    async get(person, id) {
      return (await showFor(person))(await find(person.tenantId, id));
    },
    async list(person, page) {
      const found = await tasks.list({ ...page, tenantId: person.tenantId, now: clock() });
      return { tasks: found.tasks.map(await showFor(person)), total: found.total };
    },
    async decide(person, id, status, note) {
      return close(person, { id, status, decidedBy: person.profileId, note });
    },
  };
}

function newTask(
  { tenantId, profileId, agentId }: Pick<Caller, "tenantId" | "profileId" | "agentId">,
  { type, subject, reason }: Pick<Task, "type" | "subject" | "reason">,
  now: number,
): TaskRow {
  return {
    tenant_id: tenantId,
    id: newId("task"),
    type,
    subject,
    agent_id: agentId,
    requested_by: profileId,
    reason,
    status: "pending",
    decided_by: null,
    decided_at: null,
    note: null,
    expires_at: now + ttlMs,
    created_at: now,
  };
}

function toTask(row: NamedTask, now: number, { known }: Catalog): Task {
  const isOver = row.status === "pending" && row.expires_at <= now;
  return {
    id: row.id,
    type: row.type as TaskType,
    status: isOver ? "expired" : (row.status as TaskStatus),
    subject: row.subject,
    subjectName: row.skill_name ?? serviceName(row, known),
    agentId: row.agent_id,
    agentName: row.agent_name,
    requestedBy: row.requested_by,
    reason: row.reason,
    decidedBy: row.decided_by,
    decidedAt: isoTime(row.decided_at),
    note: row.note,
    createdAt: isoTime(row.created_at),
    expiresAt: isoTime(row.expires_at),
  };
}

/** An integration may have been taken away since. */
function serviceName({ type, subject }: NamedTask, known: Catalog["known"]): string {
  if (type !== "tool_change") return known.get(subject)?.name ?? subject;
  const { slug, name } = readSubject(subject);
  return `${known.get(slug)?.name ?? slug} ${name}`;
}

function needsAgent(): SkillettError {
  const message =
    "a skill_request takes an API key that is bound to an agent, which is to have the skill. Yours is bound to none";
  return badRequest([{ at: "type", message }], {
    next: ["skillett agents create <name>", "skillett keys create <name> --agent <agent>"],
  });
}

function isConnected({ slug, name }: Integration): SkillettError {
  return new SkillettError("conflict", {
    message: `${name} is connected: its endpoints can be called now.`,
    next: [`skillett skills ${slug}`],
  });
}

function tooManyRequests(): SkillettError {
  const message = `No more than ${maxADay} requests are taken within a day. A person has to decide those there are first.`;
  return new SkillettError("conflict", { message, next: ["skillett requests"] });
}

function hasItAlready(name: string): SkillettError {
  return new SkillettError("conflict", { message: `This agent has the skill ${name} already.` });
}

async function notOpen(task: Task, profiles: Pick<ProfileRows, "get">): Promise<SkillettError> {
  if (task.status === "withdrawn")
    return new SkillettError("conflict", { message: `Who asked has taken it back, at ${task.decidedAt}.` });
  if (task.status === "expired" || task.decidedBy === null)
    return new SkillettError("conflict", {
      message: `Nobody decided this in time: it expired at ${task.expiresAt}. The agent has to ask again.`,
    });
  const who = await profiles.get(task.decidedBy);
  const name = who?.display_name ?? who?.email ?? task.decidedBy;
  return new SkillettError("conflict", {
    message: `${name} has ${task.status} this already, at ${task.decidedAt}.`,
  });
}
