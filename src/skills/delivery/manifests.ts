import type { Caller } from "#core/caller.js";
import { badRequest } from "#core/errors.js";
import { type DeliveredSkill, type SkillDelivery, toKey } from "#skills/delivery/delivery.js";
import type { SkillFileRow } from "#store/schema/skill-tables.js";
import type { SkillVersionRows } from "#store/skill-version-rows.js";

/** A skill's folder: the front matter and the list of its files, without their content. */
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
  versions: SkillVersionRows;
}

const pageSize = 50;

export function createManifests({ delivery, versions }: Deps): Manifests {
  async function describe(caller: Caller, delivered: DeliveredSkill[]): Promise<Manifest[]> {
    const [filesOf, frontMatters] = await Promise.all([
      delivery.listFiles(caller, delivered),
      versions.frontMatters(caller.tenantId, delivered.map(toKey)),
    ]);
    return delivered.map(({ skill, version }) => ({
      skill,
      version,
      frontMatter: JSON.parse(frontMatters.get(skill.id)!),
      files: filesOf(skill.id),
    }));
  }

  return {
    async list(caller, cursor) {
      const after = cursor === undefined ? "" : readCursor(cursor);
      const all = (await delivery.all(caller))
        .filter(({ skill }) => skill.slug > after)
        .sort((a, b) => (a.skill.slug < b.skill.slug ? -1 : 1));
      const page = all.slice(0, pageSize);
      const manifests = await describe(caller, page);
      return { manifests, next: all.length > pageSize ? writeCursor(page.at(-1)!.skill.slug) : null };
    },
    async get(caller, idOrSlug) {
      const [manifest] = await describe(caller, [await delivery.get(caller, idOrSlug)]);
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
