import { type Caller, refuseUnlessPermitted } from "#core/caller.js";
import { badRequest } from "#core/errors.js";
import type { SkillSearch } from "#skills/registry/search.js";
import type { AssignmentRows } from "#store/assignment-rows.js";
import type { SkillRow } from "#store/schema/skill-tables.js";
import type { Page, SkillRows } from "#store/skill-rows.js";

export interface BrowseQuestion extends Page {
  category?: string | undefined;
  /** Words to rank by; without any it is by slug. */
  q?: string | undefined;
  /** `next` of the page before, instead of an offset. */
  cursor?: string | undefined;
}

export interface BrowsedSkill {
  skill: SkillRow;
  author: string | null;
  /** Whether it is assigned to the agent, and enabled; a key without an agent gets all skills. */
  isAssigned: boolean;
}

export interface BrowsedPage {
  skills: BrowsedSkill[];
  total: number;
  /** Cursor of the page after; null on the last. */
  next: string | null;
}

/**
 * All active, published skills of the caller's tenant: their facts, without their texts. A cursor continues after the
 * last skill that was shown, at the place that this skill has by now.
 *
 * @throws bad_request for a cursor of another question
 */
export type BrowseSkills = (caller: Caller, question: BrowseQuestion) => Promise<BrowsedPage>;

interface Deps {
  skills: SkillRows;
  search: SkillSearch;
  assignments: AssignmentRows;
}

export function createBrowseSkills({ skills, search, assignments }: Deps): BrowseSkills {
  /** By slug: a skill that is added or removed meanwhile moves no other to another page. */
  async function listBySlug(tenantId: string, { category, cursor, limit, offset }: BrowseQuestion) {
    const filter = { tenantId, category, status: "active", published: true } as const;
    const shown = cursor === undefined ? undefined : readCursor(cursor);
    if (shown?.place !== undefined) throw noCursor();
    const after = shown?.slug;
    const [rows, total] = await Promise.all([
      skills.list({ ...filter, after }, { limit: limit + 1, offset }),
      skills.count(filter),
    ]);
    const page = rows.slice(0, limit);
    return { rows: page, total, next: rows.length > limit ? { slug: page.at(-1)!.slug } : null };
  }

  /** By rank. A skill that is shown no longer keeps its place, and those after it are counted from there. */
  async function listByRank(
    tenantId: string,
    q: string,
    { category, cursor, limit, offset }: BrowseQuestion,
  ) {
    const question = { q, category, status: "active", published: true } as const;
    const { ids, total } = await search.search(tenantId, { ...question, limit: maxResults, offset: 0 });
    const begin = cursor === undefined ? offset : placeAfter(ids, readCursor(cursor));
    const page = ids.slice(begin, begin + limit);
    const next = begin + limit < ids.length ? { slug: page.at(-1)!, place: begin + limit } : null;
    return { rows: await skills.listByIds(tenantId, page), total, next };
  }

  async function assignedTo({ tenantId, agentId }: Caller): Promise<{ has(id: string): boolean }> {
    if (agentId === null) return { has: () => true };
    const held = await assignments.listHeld({ tenant_id: tenantId, id: agentId });
    return new Set(held.filter(({ enabled }) => enabled === 1).map(({ skill_id }) => skill_id));
  }

  return async (caller, question) => {
    const { tenantId, agentId } = caller;
    if (agentId === null) refuseUnlessPermitted(caller, "skills:read");
    const { q } = question;
    const [{ rows, total, next }, assigned] = await Promise.all([
      q?.trim() ? listByRank(tenantId, q, question) : listBySlug(tenantId, question),
      assignedTo(caller),
    ]);
    return {
      skills: rows.map((skill) => ({
        skill,
        author: skill.author ?? skill.listing_ref?.split("/")[0] ?? null,
        isAssigned: assigned.has(skill.id),
      })),
      total,
      next: next && writeCursor(next),
    };
  };
}

/** Of one search, however many skills a tenant has. */
const maxResults = Number.MAX_SAFE_INTEGER;

/** The last one shown: its slug, or by rank its id and how many were shown. */
interface Shown {
  slug: string;
  place?: number;
}

function placeAfter(ids: readonly string[], { slug: id, place }: Shown): number {
  if (place === undefined) throw noCursor();
  const at = ids.indexOf(id);
  return at >= 0 ? at + 1 : place;
}

const writeCursor = ({ slug, place }: Shown) =>
  Buffer.from(JSON.stringify(place === undefined ? [slug] : [slug, place])).toString("base64url");

function readCursor(cursor: string): Shown {
  try {
    const [slug, place, ...others]: unknown[] = JSON.parse(Buffer.from(cursor, "base64url").toString());
    const isPlace = place === undefined || (Number.isSafeInteger(place) && (place as number) > 0);
    if (typeof slug === "string" && isPlace && others.length === 0)
      return place === undefined ? { slug } : { slug, place: place as number };
  } catch {
    // Refused below.
  }
  throw noCursor();
}

const noCursor = () =>
  badRequest([
    { at: "query.cursor", message: "must be next_cursor of the page before, with the same words" },
  ]);
