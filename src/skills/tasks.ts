import type { Catalog } from "#catalog/catalog.js";
import type { Caller, Person } from "#core/caller.js";
import { refuseUnlessPermitted } from "#core/caller.js";
import { type Clock, dayMs, isoTime } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import type { Webhook } from "#skills/webhook.js";
import type { Profiles } from "#store/profiles.js";
import type { TaskRow } from "#store/skill-tables.js";
import type { NamedTask, Tasks } from "#store/tasks.js";

const ttlMs = 7 * dayMs;

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

export type TaskType = "skill_request" | "connector_request";
export type TaskStatus = "pending" | "approved" | "rejected" | "expired";

export interface TaskRequest {
  type: TaskType;
  /** Id or slug of a skill, or slug of an integration. */
  subject: string;
  reason: string;
}

/** The queue of what agents ask for and people decide. */
export interface TaskQueue {
  /** An equal request that is open answers for this one. */
  request(caller: Caller, request: TaskRequest): Promise<Task>;
  /** What became of a request of the caller's agent, or of their own. */
  outcome(caller: Caller, id: string): Promise<Task>;
  get(person: Person, id: string): Promise<Task>;
  list(person: Person, page: TaskPage): Promise<{ tasks: Task[]; total: number }>;
  /** What was asked for is done when this resolves. Throws `conflict` when it is not open any more. */
  decide(person: Person, id: string, status: "approved" | "rejected", note: string | null): Promise<Task>;
}

export interface TaskPage {
  status?: TaskStatus | undefined;
  type?: TaskType | undefined;
  limit: number;
  offset: number;
}

interface Deps {
  tasks: Tasks;
  profiles: Pick<Profiles, "get">;
  catalog: Catalog;
  webhook: Webhook;
  /** Tells people of a new task; fails on its own. */
  notify: (tenantId: string, task: Task) => void;
  /** Sends the webhooks that are stored; fails on its own. */
  deliver: () => void;
  clock: Clock;
}

export function createTaskQueue(deps: Deps): TaskQueue {
  const { tasks, profiles, catalog, webhook, notify, deliver, clock } = deps;
  const show = (row: NamedTask) => toTask(row, clock(), catalog);

  async function find(tenantId: string, id: string): Promise<NamedTask> {
    const row = await tasks.get(tenantId, id);
    if (!row) throw new SkillettError("not_found", { message: "Task not found" });
    return row;
  }

  async function subjectOf(caller: Caller, { type, subject }: TaskRequest): Promise<string> {
    if (type === "connector_request") return catalog.integration(subject).slug;
    const { tenantId, agentId } = caller;
    if (!agentId) throw needsAgent();
    const skill = await tasks.findSkill(tenantId, subject);
    if (!skill) throw new SkillettError("not_found", { message: "Skill not found" });
    if (await tasks.hasSkill(tenantId, skill.id, agentId)) throw hasItAlready(skill.name);
    return skill.id;
  }

  return {
    async request(caller, request) {
      const { tenantId, profileId } = caller;
      const now = clock();
      const row: TaskRow = {
        tenant_id: tenantId,
        id: newId("task"),
        type: request.type,
        subject: await subjectOf(caller, request),
        agent_id: caller.agentId,
        requested_by: profileId,
        reason: request.reason,
        status: "pending",
        decided_by: null,
        decided_at: null,
        note: null,
        expires_at: now + ttlMs,
        created_at: now,
      };
      const { task, isNew } = await tasks.request(row, (it) =>
        webhook.message(tenantId, "task.created", { task: show(it) }),
      );
      if (isNew) {
        deliver();
        notify(tenantId, show(task));
      }
      return show(task);
    },
    async outcome({ tenantId, profileId, agentId }, id) {
      const row = await find(tenantId, id);
      // An agent knows of what it asked for, not of what its person or their other agents did.
      if (agentId === null ? row.requested_by === profileId : row.agent_id === agentId) return show(row);
      throw new SkillettError("not_found", { message: "Task not found" });
    },
    async get(person, id) {
      refuseUnlessPermitted(person, "skills:read");
      return show(await find(person.tenantId, id));
    },
    async list(person, page) {
      refuseUnlessPermitted(person, "skills:read");
      const found = await tasks.list({ ...page, tenantId: person.tenantId, now: clock() });
      return { tasks: found.tasks.map(show), total: found.total };
    },
    async decide(person, id, status, note) {
      refuseUnlessPermitted(person, "tasks:decide");
      const { tenantId, profileId: decidedBy } = person;
      const row = await tasks.decide({ tenantId, id, status, decidedBy, note, now: clock() }, (it) =>
        webhook.message(tenantId, `task.${status}`, { task: show(it) }),
      );
      if (!row) throw await notOpen(show(await find(tenantId, id)), profiles);
      deliver();
      return show(row);
    },
  };
}

function toTask(row: NamedTask, now: number, { integrations }: Catalog): Task {
  const isOver = row.status === "pending" && row.expires_at <= now;
  return {
    id: row.id,
    type: row.type as TaskType,
    status: isOver ? "expired" : (row.status as TaskStatus),
    subject: row.subject,
    // An integration may have been taken away since.
    subjectName: row.skill_name ?? integrations.get(row.subject)?.name ?? row.subject,
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

function needsAgent(): SkillettError {
  const message =
    "a skill_request takes an API key that is bound to an agent, which is to have the skill. Yours is bound to none";
  return badRequest([{ at: "type", message }], {
    next: ["skillett agents create <name>", "skillett keys create <name> --agent <agent>"],
  });
}

function hasItAlready(name: string): SkillettError {
  return new SkillettError("conflict", { message: `This agent has the skill ${name} already.` });
}

async function notOpen(task: Task, profiles: Pick<Profiles, "get">): Promise<SkillettError> {
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
