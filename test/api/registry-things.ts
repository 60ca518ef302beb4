import { writeZip } from "#skills/archive/zip.js";
import type { Reply, Skillett } from "#support/skillett.js";
import type { Company } from "#support/world.js";
import { sendRequest } from "./wire-request.js";

/** What is made anew for a request. */
export type RegistryThing =
  | "name"
  | "draft"
  | "newAgent"
  | "assignment"
  | "task"
  | "listing"
  | "installed"
  | "address";

/** Makes things of the owner's in the skill registry, and writes their names down. */
export interface RegistryThings {
  /** Those that stay. */
  setUp(): Promise<void>;
  prepare: Record<RegistryThing, () => Promise<void>>;
}

export function createRegistryThings(
  skillett: Skillett,
  { owner, stranger }: Company,
  names: Record<string, string>,
): RegistryThings {
  let count = 0;

  async function succeed(reply: Promise<Reply>): Promise<Reply["json"]> {
    const { status, text, json } = await reply;
    if (status >= 300) throw new Error(`the stage is not set: ${status} ${text}`);
    return json;
  }
  const post = (path: string, body?: object, by = owner) => succeed(by.call("POST", path, body));

  async function newName(): Promise<void> {
    names.name = `thing-${++count}`;
  }

  /** A draft when it has no version; answers with its id. */
  async function createSkill(name: string, version?: string, by = owner): Promise<string> {
    const skill = { name, description: "Plans.", instructions: "Plan.", publish: version };
    return (await post("/api/skills", skill, by)).skill.id;
  }

  const createAgent = async (name: string): Promise<string> => (await post("/api/agents", { name })).agent.id;

  async function newAgent(): Promise<void> {
    await newName();
    names.newAgent = await createAgent(names.name!);
  }

  async function listing(): Promise<void> {
    await newName();
    names.source = names.name!;
    const headers = { authorization: `Bearer ${owner.jwt}`, "content-type": "application/zip" };
    const path = `/api/listings/sources/${names.source}/archive`;
    await succeed(sendRequest(skillett.url, "PUT", path, headers, await zipOf(names.source)));
  }

  return {
    async setUp() {
      const slug = "owners-plan";
      const ids = {
        skill: await createSkill(slug, "1.0.0"),
        retired: await createSkill("owners-retired-plan", "1.0.0"),
        agent: await createAgent("Owner's agent"),
      };
      Object.assign(names, ids, { slug, remote: "remote", server: skillett.url, strangersKey: stranger.key });
      await post(`/api/skills/${names.skill}/assign`, { agentId: names.agent });
      await createSkill("strangers-plan", "1.0.0", stranger);
      const source = { name: names.remote, url: skillett.url, token: stranger.key };
      await post("/api/listings/sources", source);
    },
    prepare: {
      name: newName,
      draft: async () => {
        await newName();
        names.draft = await createSkill(names.name!);
      },
      newAgent,
      assignment: async () => {
        await newAgent();
        await post(`/api/skills/${names.skill}/assign`, { agentId: names.newAgent });
      },
      task: async () => {
        const body = { type: "connector_request", subject: "gmail", reason: "To read mail." };
        names.task = (await succeed(skillett.call("POST", "/v1/tasks", { key: owner.key, body }))).task_id;
      },
      address: async () => {
        const made = await post(`/v1/agents/${names.agent}/addresses`, { name: "installer" });
        names.address = made.address.id;
        names.installerSecret = made.url.split("/").at(-1);
      },
      listing,
      installed: async () => {
        await listing();
        await post(`/api/listings/${names.source}/${names.source}/install`);
      },
    },
  };
}

/** A zip with one skill. */
export function zipOf(name: string): Promise<Buffer> {
  const bytes = Buffer.from(`---\nname: ${name}\ndescription: Plans.\n---\nPlan.\n`);
  return writeZip([{ directory: name, files: [{ path: "SKILL.md", bytes, executable: false }] }]);
}
