import type { Person } from "#core/caller.js";
import { badRequest } from "#core/errors.js";
import { newUuid } from "#core/ids.js";
import { isSkillMd, type SkillFile, type SkillFolder } from "#skills/format/skill-folder.js";
import { copySlug, slugOf } from "#skills/format/slug.js";
import { writeSkillMd } from "#skills/format/write-skill-md.js";
import { addVersion } from "#skills/registry/add-version.js";
import {
  current,
  edited,
  type FolderEdit,
  latestState,
  readVersion,
  replaceDraft,
  validFolder,
  withSkillMd,
} from "#skills/registry/draft.js";
import { factsOf, shownFacts } from "#skills/registry/facts.js";
import { toRows } from "#skills/registry/folder-rows.js";
import { refuseOld } from "#skills/registry/next-version.js";
import { refuseLocked, skillExists, skillNotFound } from "#skills/registry/refusals.js";
import type { Change, MakeChange } from "#skills/registry/transaction.js";
import type { SkillRow } from "#store/schema/skill-tables.js";
import {
  type ListedSkill,
  type Page,
  type SkillFilter,
  type SkillRows,
  skillSource,
} from "#store/skill-rows.js";
import { draft } from "#store/skill-version-rows.js";

export interface NewSkill {
  name: string;
  description: string;
  category?: string | undefined;
  toolIds?: string[] | undefined;
  instructions: string;
  /** Beside SKILL.md. */
  files: SkillFile[];
  config: Record<string, unknown>;
  /** Version to publish it as; a draft when left out. */
  publish?: string | undefined;
}

export interface SkillEdit extends FolderEdit {
  config?: Record<string, unknown> | undefined;
}

/** Skills of a tenant: ids are UUIDs or slugs. One that does not exist is refused with `not_found`. */
export interface Registry {
  find(tenantId: string, id: string): Promise<SkillRow>;
  list(filter: SkillFilter, page: Page): Promise<{ rows: ListedSkill[]; total: number }>;
  /** In the order of the ids. */
  listByIds(tenantId: string, ids: string[]): Promise<ListedSkill[]>;
  categories(tenantId: string): Promise<string[]>;
  create(person: Person, skill: NewSkill): Promise<SkillRow>;
  /** Changes of the folder go into the draft. */
  edit(person: Person, id: string, edit: SkillEdit): Promise<SkillRow>;
  setStatus(person: Person, id: string, status: "active" | "archived"): Promise<SkillRow>;
  /** A draft of one's own, under a name that is free when none is given. */
  duplicate(person: Person, id: string, name: string | undefined): Promise<SkillRow>;
}

interface Deps {
  skills: SkillRows;
  makeChange: MakeChange;
}

export function createRegistry({ skills, makeChange }: Deps): Registry {
  return {
    find: (tenantId, id) => findSkill({ skills }, tenantId, id),
    list: async (filter, page) => {
      const [rows, total] = await Promise.all([skills.list(filter, page), skills.count(filter)]);
      return { rows, total };
    },
    listByIds: (tenantId, ids) => skills.listByIds(tenantId, ids),
    categories: (tenantId) => skills.categories(tenantId),
    create: (person, skill) => {
      const slug = slugOf(skill.name);
      const folder = validFolder(slug, newFiles(slug, skill));
      if (skill.publish !== undefined) refuseOld([], skill.publish);
      return makeChange(person.tenantId, async (change) => {
        if ((await change.skills.listBySlugs(person.tenantId, [slug])).length > 0) throw skillExists([slug]);
        const config = JSON.stringify(skill.config);
        return insertSkill(change, person, folder, { slug, config, current_version: skill.publish ?? null });
      });
    },
    edit: (person, id, { config, ...edit }) =>
      makeChange(person.tenantId, async (change) => {
        const skill = await findSkill(change, person.tenantId, id);
        refuseLocked(skill);
        const facts = await editDraft(change, person, skill, edit);
        const settings = config === undefined ? {} : { config: JSON.stringify(config) };
        return change.skills.update(skill, { ...facts, ...settings, updated_at: change.now });
      }),
    setStatus: (person, id, status) =>
      makeChange(person.tenantId, async (change) => {
        const skill = await findSkill(change, person.tenantId, id);
        if (skill.status === status) return skill;
        return change.skills.update(skill, { status, updated_at: change.now });
      }),
    duplicate: (person, id, name) =>
      makeChange(person.tenantId, async (change) => {
        const original = await findSkill(change, person.tenantId, id);
        const slug = await freeSlug(change, original, name);
        const state = (await current(change, original)) ?? (await latestState(change, original));
        const files = await readVersion(change, original, state.version);
        const copy = validFolder(slug, withSkillMd(files, { name: slug }));
        const { config } = original;
        return insertSkill(change, person, copy, { slug, config, current_version: null });
      }),
  };
}

export async function findSkill(
  { skills }: Pick<Change, "skills">,
  tenantId: string,
  id: string,
): Promise<SkillRow> {
  const found = await skills.find(tenantId, id);
  if (found) return found;
  throw skillNotFound();
}

/** A skill of the tenant's own, without content yet. */
export function newRow({ tenantId, profileId }: Person, slug: string, now: number): SkillRow {
  return {
    tenant_id: tenantId,
    id: newUuid(),
    slug,
    name: slug,
    description: "",
    category: null,
    tool_ids: "[]",
    config: "{}",
    status: "active",
    source: skillSource.custom,
    listing_ref: null,
    listing_version: null,
    current_version: null,
    created_by: profileId,
    created_at: now,
    updated_at: now,
  };
}

/** A new skill with its first version, or with a draft when it has none. */
async function insertSkill(
  change: Change,
  person: Person,
  folder: SkillFolder,
  own: Pick<SkillRow, "slug" | "config" | "current_version">,
): Promise<SkillRow> {
  const row = { ...newRow(person, own.slug, change.now), ...shownFacts(factsOf(folder)), ...own };
  const version = row.current_version ?? draft;
  await change.skills.insert([row]);
  await addVersion(change, row, { version, notes: null, by: person.profileId }, folder);
  return row;
}

function newFiles(slug: string, skill: NewSkill): SkillFile[] {
  const { description, category, toolIds, instructions, files } = skill;
  const at = files.findIndex(({ path }) => isSkillMd(path));
  if (at >= 0) {
    const message = "is made from description and instructions: leave it out, or import the folder";
    throw badRequest([{ at: `files[${at}].path`, message: `${files[at]!.path} ${message}` }]);
  }
  const text = writeSkillMd({
    name: slug,
    description,
    category,
    toolIds,
    instructions,
  });
  return [{ path: "SKILL.md", bytes: Buffer.from(text), executable: false }, ...files];
}

/** Returns the columns of the skill's row that change: it shows the draft until something is published. */
async function editDraft(change: Change, person: Person, skill: SkillRow, edit: FolderEdit) {
  if (Object.values(edit).every((part) => part === undefined)) return {};
  const before = await latestState(change, skill);
  const after = edited(skill.slug, await readVersion(change, skill, before.version), edit);
  const rows = toRows(skill, { version: draft, notes: null, by: person.profileId }, after, change.now);
  // An edit that changes nothing makes no draft.
  if (rows.version.digest === before.digest) return {};
  await replaceDraft(change, skill, rows);
  return skill.current_version === null ? shownFacts(rows.version) : {};
}

async function freeSlug({ skills }: Change, { tenant_id, slug }: SkillRow, name?: string): Promise<string> {
  if (name === undefined) {
    // The name of a copy may begin with less of the slug, when that is long.
    const start = [...slug].slice(0, 50).join("");
    return copySlug(slug, new Set(await skills.slugsFrom(tenant_id, start)));
  }
  const requested = slugOf(name);
  if ((await skills.listBySlugs(tenant_id, [requested])).length > 0) throw skillExists([requested]);
  return requested;
}
