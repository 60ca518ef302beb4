import type { Caller } from "#core/caller.js";
import { badRequest } from "#core/errors.js";
import { type DeliveredSkill, type SkillDelivery, toKey } from "#skills/delivery/delivery.js";
import { readSkillMd } from "#skills/format/skill-md.js";
import { inFolders } from "#skills/registry/folder-rows.js";
import type { SkillFileRow } from "#store/schema/skill-tables.js";
import type { ListFilesOf } from "#store/skill-file-lists.js";
import type { SkillFiles } from "#store/skill-files.js";

/** A skill as it stands in its folder, without what its files say. */
export interface Manifest extends DeliveredSkill {
  /** Of SKILL.md, every scalar as text. */
  frontMatter: Record<string, unknown>;
  /** SKILL.md first, then by path. */
  files: SkillFileRow[];
}

export interface Manifests {
  /** By slug, a page at a time. @param cursor `next` of the page before. @throws bad_request for another */
  list(caller: Caller, cursor: string | undefined): Promise<{ manifests: Manifest[]; next: string | null }>;
  /** @throws not_found */
  get(caller: Caller, idOrSlug: string): Promise<Manifest>;
}

interface Deps {
  delivery: SkillDelivery;
  files: SkillFiles;
  listFilesOf: ListFilesOf;
}

const pageSize = 50;

export function createManifests({ delivery, files, listFilesOf }: Deps): Manifests {
  async function describe(tenantId: string, delivered: DeliveredSkill[]): Promise<Manifest[]> {
    const versions = delivered.map(toKey);
    const [rows, texts] = await Promise.all([
      listFilesOf(tenantId, versions),
      files.readSkillMds(tenantId, versions),
    ]);
    const filesOf = inFolders(rows);
    const skillMds = new Map(texts.map(({ skill_id, bytes }) => [skill_id, bytes]));
    return delivered.map(({ skill, version }) => {
      const bytes = skillMds.get(skill.id);
      const frontMatter = (bytes && readSkillMd(bytes, () => {})?.fields) ?? {};
      return { skill, version, frontMatter, files: filesOf(skill.id) };
    });
  }

  return {
    async list(caller, cursor) {
      const after = cursor === undefined ? "" : readCursor(cursor);
      const all = (await delivery.all(caller))
        .filter(({ skill }) => skill.slug > after)
        .sort((a, b) => (a.skill.slug < b.skill.slug ? -1 : 1));
      const page = all.slice(0, pageSize);
      const manifests = await describe(caller.tenantId, page);
      return { manifests, next: all.length > pageSize ? writeCursor(page.at(-1)!.skill.slug) : null };
    },
    async get(caller, idOrSlug) {
      const [manifest] = await describe(caller.tenantId, [await delivery.get(caller, idOrSlug)]);
      return manifest!;
    },
  };
}

const writeCursor = (slug: string) => Buffer.from(slug).toString("base64url");

function readCursor(cursor: string): string {
  const slug = Buffer.from(cursor, "base64url").toString();
  if (slug !== "" && writeCursor(slug) === cursor) return slug;
  throw badRequest([{ at: "cursor", message: "must be next_cursor of the page before" }]);
}
