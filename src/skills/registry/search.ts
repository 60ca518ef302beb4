import { setImmediate as nextTurn } from "node:timers/promises";
import { createTextIndex, type TextIndex } from "#search/text-index.js";
import { searchTexts } from "#skills/registry/search-texts.js";
import type { Database } from "#store/engine/database.js";
import { createSearchableSkillRows, type SearchableSkill } from "#store/searchable-skill-rows.js";

export interface SkillQuestion {
  q: string;
  category?: string | undefined;
  /** Active ones, when left out. */
  status?: "active" | "archived" | "all" | undefined;
  /** Only those with a published version. */
  published?: true;
  limit: number;
  offset: number;
}

export interface SkillSearch {
  /** Ids of the skills of a tenant that fit the words, best first, and how many there are in all. */
  search(tenantId: string, question: SkillQuestion): Promise<{ ids: string[]; total: number }>;
}

interface Entry {
  id: string;
  category: string | null;
  status: string;
  published: boolean;
}

/** The index of one tenant, as far as it has read. */
interface TenantIndex {
  index: TextIndex<Entry>;
  /** Characters of each skill, by id. */
  sizes: Map<string, number>;
  characters: number;
  /** Time of the last change it knows. */
  latest: number;
  /** Resolves when whoever brings it up to date is done. */
  turn: Promise<void>;
}

const fields = {
  name: { boost: 6, length: 2 },
  tags: { boost: 3, length: 4 },
  category: { boost: 2, length: 1 },
  description: { boost: 2.5, length: 25 },
  headings: { boost: 1.5, length: 20 },
  body: { boost: 1, length: 500 },
};

/** Skills read with one statement: of each, up to 96 KiB. */
const readBatch = 64;
/** Characters indexed without letting anything else run: some milliseconds. */
const turnCharacters = 64 * 1024;
/** Of all indexes together; each takes between one and two bytes in memory. */
const maxCharacters = 64 * 1024 * 1024;

/**
 * Search over name, tags, category, description, headings and text of skills: of the current version, or of the
 * draft where nothing is published. An index for each tenant is made at its first question. Each question asks
 * the database whether anything has changed, so that all servers on one database agree without messages.
 */
export function createSkillSearch({ database }: { database: Database }): SkillSearch {
  const skills = createSearchableSkillRows(database);
  /** The one that waited longest for a question comes first. */
  const tenants = new Map<string, TenantIndex>();

  async function catchUp(tenantId: string, tenant: TenantIndex): Promise<void> {
    const changed = await skills.changedSince(tenantId, tenant.latest);
    for (let at = 0; at < changed.length; at += readBatch) {
      await put(tenantId, tenant, changed.slice(at, at + readBatch));
    }
    await tenant.index.settle();
    tenant.latest = changed.at(-1)?.updated_at ?? tenant.latest;
  }

  async function put(tenantId: string, tenant: TenantIndex, some: SearchableSkill[]): Promise<void> {
    const ids = some.map(({ id }) => id);
    const texts = await skills.readTexts(tenantId, ids);
    await nextTurn();
    let untilTurn = turnCharacters;
    for (const skill of some) {
      const { id, category, status } = skill;
      const parts = searchTexts(skill, texts.get(id) ?? "");
      tenant.index.put(id, { id, category, status, published: skill.current_version !== null }, parts);
      const size = Object.values(parts).join().length;
      tenant.characters += size - (tenant.sizes.get(id) ?? 0);
      tenant.sizes.set(id, size);
      untilTurn -= size;
      if (untilTurn > 0) continue;
      untilTurn = turnCharacters;
      await nextTurn();
    }
  }

  /** Puts the tenant last, and drops the indexes of those before it that are too much to remember. */
  function remember(tenantId: string): TenantIndex {
    const tenant = tenants.get(tenantId) ?? newIndex();
    tenants.delete(tenantId);
    let free = maxCharacters - tenant.characters;
    for (const [id, { characters }] of [...tenants].reverse()) {
      free -= characters;
      if (free < 0) tenants.delete(id);
    }
    tenants.set(tenantId, tenant);
    return tenant;
  }

  async function current(tenantId: string): Promise<TenantIndex> {
    const tenant = remember(tenantId);
    if ((await skills.latest(tenantId)) === tenant.latest) return tenant;
    tenant.turn = tenant.turn.catch(() => {}).then(() => catchUp(tenantId, tenant));
    await tenant.turn;
    return tenant;
  }

  return {
    async search(tenantId, { q, category, status = "active", published, limit, offset }) {
      const { index } = await current(tenantId);
      const found = index.search(
        q,
        (it) =>
          (status === "all" || it.status === status) &&
          (category === undefined || it.category === category) &&
          (!published || it.published),
      );
      return { ids: found.slice(offset, offset + limit).map(({ id }) => id), total: found.length };
    },
  };
}

function newIndex(): TenantIndex {
  return {
    index: createTextIndex(fields),
    sizes: new Map(),
    characters: 0,
    latest: 0,
    turn: Promise.resolve(),
  };
}
