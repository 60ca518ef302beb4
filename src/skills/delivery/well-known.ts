import { hash } from "node:crypto";
import type { Caller } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import type { RunJob } from "#core/job.js";
import { writeTarGzJob } from "#skills/archive/jobs.js";
import type { DeliveredFile, DeliveredSkill, SkillDelivery } from "#skills/delivery/delivery.js";
import type { SkillFileRow } from "#store/schema/skill-tables.js";

const root = "/.well-known/agent-skills";
const schema = "https://schemas.agentskills.io/discovery/0.2.0/schema.json";

/** Version 0.2 of the format: one artifact a skill. `version` and `files` are ours beside it. */
export interface SkillIndex {
  $schema: string;
  skills: IndexedSkill[];
}

export interface IndexedSkill {
  name: string;
  /** An archive where SKILL.md is not all there is. */
  type: "skill-md" | "archive";
  description: string;
  url: string;
  /** Of the file at `url`: `sha256:` and 64 hex digits, like all digests here. */
  digest: string;
  version: string;
  files: { path: string; url: string; digest: string; size: number; executable: boolean }[];
}

/** Version 0.1: files by name, below the directory of the skill. `version` and `digests` are ours beside it. */
export interface OldSkillIndex {
  skills: {
    name: string;
    description: string;
    version: string;
    files: string[];
    digests: Record<string, string>;
  }[];
}

/**
 * The skills of a key, in the form in which programs that install skills look for them.
 *
 * @see https://github.com/cloudflare/agent-skills-discovery-rfc
 */
export interface WellKnown {
  /** @param base Path that the URLs in it begin with */
  index(caller: Caller, base?: string): Promise<SkillIndex>;
  oldIndex(caller: Caller): Promise<OldSkillIndex>;
  /** @throws not_found, the same for a file that does not exist and one of a skill that the caller does not get */
  file(caller: Caller, name: string, path: string): Promise<DeliveredFile>;
  /** A tar.gz of the folder, SKILL.md at its root. @throws not_found */
  archive(caller: Caller, name: string): Promise<DeliveredFile>;
}

/** Digests of archives that are remembered: versions never change, and packing one takes a while. */
const maxDigests = 20_000;

/** A skill as the indexes list it. */
interface Listed extends DeliveredSkill {
  description: string;
  /** SKILL.md first, then by path. */
  files: SkillFileRow[];
}

export function createWellKnown({
  delivery,
  runJob,
}: {
  delivery: SkillDelivery;
  runJob: RunJob;
}): WellKnown {
  const digests = new Map<string, Promise<string>>();

  async function pack(delivered: DeliveredSkill): Promise<DeliveredFile> {
    const bytes = await runJob(delivered.skill.tenant_id, writeTarGzJob, () => delivery.read(delivered));
    return { bytes, digest: hash("sha256", bytes, "hex") };
  }

  function archiveDigest(delivered: DeliveredSkill): Promise<string> {
    const { skill, version } = delivered;
    const key = [skill.tenant_id, skill.id, version].join("/");
    const known = digests.get(key);
    if (known) return known;
    if (digests.size >= maxDigests) digests.delete(digests.keys().next().value!);
    const made = pack(delivered).then(({ digest }) => digest);
    digests.set(key, made);
    made.catch(() => digests.delete(key));
    return made;
  }

  async function list(caller: Caller): Promise<Listed[]> {
    const all = await delivery.list(caller);
    const filesOf = await delivery.listFiles(caller, all);
    return all.map(({ skill, version, facts: { description } }) => ({
      skill,
      version,
      description,
      files: filesOf(skill.id),
    }));
  }

  async function entry({ files, description, ...delivered }: Listed, base: string): Promise<IndexedSkill> {
    const { skill, version } = delivered;
    const [skillMd] = files;
    const name = skill.slug;
    const facts = { name, description, version, files: files.map((file) => toFile(base, name, file)) };
    if (files.length === 1)
      return {
        ...facts,
        type: "skill-md",
        url: urlOf(base, name, skillMd!.path),
        digest: prefixed(skillMd!.digest),
      };
    const digest = prefixed(await archiveDigest(delivered));
    return { ...facts, type: "archive", url: `${urlOf(base, name)}.tar.gz`, digest };
  }

  async function find(caller: Caller, name: string): Promise<DeliveredSkill> {
    const found = await delivery.find(caller, name);
    if (!found) throw new SkillettError("not_found", { message: "Skill not found" });
    return found;
  }

  return {
    async index(caller, base = "") {
      const skills: IndexedSkill[] = [];
      // One after the other: archives of all of them at once might not fit into memory.
      for (const listed of await list(caller)) skills.push(await entry(listed, base));
      return { $schema: schema, skills };
    },
    async oldIndex(caller) {
      const skills = (await list(caller)).map(({ skill, version, description, files }) => ({
        name: skill.slug,
        description,
        version,
        files: files.map(({ path }) => path),
        digests: Object.fromEntries(files.map(({ path, digest }) => [path, prefixed(digest)])),
      }));
      return { skills };
    },
    async file(caller, name, path) {
      const found = await delivery.readOne(await find(caller, name), path);
      if (!found) throw new SkillettError("not_found", { message: "File not found" });
      return found;
    },
    archive: async (caller, name) => pack(await find(caller, name)),
  };
}

function toFile(base: string, name: string, { path, digest, size, is_executable }: SkillFileRow) {
  // With its digest the URL always means the same bytes: they may be kept for good.
  const url = `${urlOf(base, name, path)}?digest=${prefixed(digest)}`;
  return { path, url, digest: prefixed(digest), size, executable: is_executable === 1 };
}

function urlOf(base: string, name: string, path?: string): string {
  const parts = path === undefined ? [name] : [name, ...path.split("/")];
  return [base + root, ...parts.map(encodeURIComponent)].join("/");
}

const prefixed = (digest: string) => `sha256:${digest}`;
