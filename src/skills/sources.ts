import type { Person } from "#core/caller.js";
import { refuseUnlessPermitted } from "#core/caller.js";
import { type Clock, isoTime } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { GoneSignal } from "#core/gone.js";
import type { RunJob } from "#core/job.js";
import type { SkippedSkill } from "#skills/archive.js";
import type { SkillProblem } from "#skills/folder.js";
import { inspectArchiveJob, packListingJob, readArchiveJob } from "#skills/jobs.js";
import type { OwnListing } from "#skills/listing.js";
import type { OwnListings } from "#skills/own-listings.js";
import { refuseInvalid } from "#skills/refusals.js";
import { type Get, type ReadSkill, type RemoteSource, readRemoteSkills } from "#skills/remote-index.js";
import type { ListingRow, ListingSourceRow } from "#store/listing-tables.js";
import type { ListingRows } from "#store/listings.js";
import { sealedRow } from "#store/sealed-columns.js";
import type { Vault } from "#store/vault.js";

export interface Source {
  name: string;
  kind: "builtin" | "directory" | "archive" | "remote";
  url: string | null;
  listings: number;
  createdAt: string | null;
  refreshedAt: string | null;
}

/** Where listings come from: the operator's sources for everybody, and those a tenant adds. */
export interface Sources {
  list(person: Person): Promise<Source[]>;
  /** Reads all skills of the other server before it answers. */
  add(person: Person, source: NewSource, signal: GoneSignal): Promise<SourceRead>;
  /** Also takes the place of an archive of the same name. */
  upload(person: Person, name: string, archive: Buffer): Promise<SourceRead>;
  refresh(person: Person, name: string, signal: GoneSignal): Promise<SourceRead>;
  remove(person: Person, name: string): Promise<void>;
}

/** A source whose skills were read: those that can be used. */
export interface SourceRead {
  source: Source;
  skipped: SkippedSkill[];
  problems: SkillProblem[];
}

export interface NewSource {
  name: string;
  url: string;
  /** SECRET. */
  token: string | null;
}

interface Deps {
  own: OwnListings;
  rows: ListingRows;
  vault: Vault;
  get: Get;
  runJob: RunJob;
  clock: Clock;
}

export function createSources({ own, rows, vault, get, runJob, clock }: Deps): Sources {
  /** One folder after the other is packed, and let go of. */
  async function store(row: ListingSourceRow, skills: Skills): Promise<SourceRead> {
    const { tenant_id, name } = row;
    const listings: ListingRow[] = [];
    const told: Pick<SourceRead, "skipped" | "problems"> = { skipped: [], problems: [] };
    for await (const { folder, skipped, problems } of skills) {
      told.problems.push(...problems);
      if (skipped) told.skipped.push(skipped);
      if (!folder) continue;
      const packed = await runJob(tenant_id, packListingJob, () => ({ source: name, folder }));
      listings.push({ ...packed, tenant_id, size: packed.archive.length });
    }
    if (listings.length === 0) refuseInvalid(told.problems);
    await rows.put(row, listings);
    return { source: toSource({ ...row, listings: listings.length }), ...told };
  }

  const readRemote = (tenantId: string, remote: RemoteSource, signal: GoneSignal) =>
    readRemoteSkills(get, remote, {
      unpack: (archive, budget) => runJob(tenantId, inspectArchiveJob, () => ({ archive, budget })),
      signal,
    });

  async function find(tenantId: string, name: string): Promise<ListingSourceRow> {
    refuseOwn(name);
    const row = await rows.source(tenantId, name);
    if (!row) throw new SkillettError("not_found", { message: "Source not found" });
    return row;
  }

  function refuseOwn(name: string): void {
    if (name !== "sources" && !own.names.has(name)) return;
    throw new SkillettError("conflict", {
      message: `The source ${name} is the operator's: it is read when the server starts. Choose another name.`,
    });
  }

  return {
    async list(person) {
      refuseUnlessPermitted(person, "skills:read");
      return [...countBySource(await own.list()), ...(await rows.sources(person.tenantId)).map(toSource)];
    },
    async add(person, { name, url, token }, signal) {
      refuseUnlessPermitted(person, "skills:write");
      refuseOwn(name);
      const { tenantId, profileId } = person;
      if (await rows.source(tenantId, name))
        throw new SkillettError("conflict", {
          message: `There is a source ${name} already. Remove it first.`,
        });
      const remote = { url: remoteUrl(url), token };
      const skills = readRemote(tenantId, remote, signal);
      const now = clock();
      const box = token === null ? null : vault.seal(token, sealedRow.listingSource(tenantId, name));
      const times = { created_at: now, refreshed_at: now };
      return store(
        { tenant_id: tenantId, name, url: remote.url, box, created_by: profileId, ...times },
        skills,
      );
    },
    async upload(person, name, archive) {
      refuseUnlessPermitted(person, "skills:write");
      refuseOwn(name);
      const { tenantId, profileId } = person;
      const known = await rows.source(tenantId, name);
      if (known?.url)
        throw new SkillettError("conflict", { message: `The source ${name} is another server: refresh it.` });
      const { skills, ...told } = await runJob(tenantId, readArchiveJob, () => ({ archive }));
      const now = clock();
      const row = known ?? {
        tenant_id: tenantId,
        name,
        url: null,
        box: null,
        created_by: profileId,
        created_at: now,
      };
      const folders = skills.map(({ folder }) => ({ folder, skipped: null, problems: [] }));
      const { source } = await store({ ...row, refreshed_at: now }, folders);
      return { source, ...told };
    },
    async refresh(person, name, signal) {
      refuseUnlessPermitted(person, "skills:write");
      const { tenantId } = person;
      const row = await find(tenantId, name);
      const { url, box } = row;
      if (url === null)
        throw new SkillettError("conflict", {
          message: `The source ${name} is an archive: upload the new one in its place.`,
        });
      const token = box === null ? null : await vault.open(box, sealedRow.listingSource(tenantId, name));
      const skills = readRemote(tenantId, { url, token }, signal);
      return store({ ...row, refreshed_at: clock() }, skills);
    },
    async remove(person, name) {
      refuseUnlessPermitted(person, "skills:write");
      await find(person.tenantId, name);
      await rows.remove(person.tenantId, name);
    },
  };
}

type Skills = Iterable<ReadSkill> | AsyncIterable<ReadSkill>;

function countBySource(own: readonly OwnListing[]): Source[] {
  const sources = new Map<string, Source>();
  for (const { source: name, kind } of own) {
    const source = sources.get(name) ?? {
      ...{ name, kind, url: null, listings: 0, createdAt: null, refreshedAt: null },
    };
    source.listings += 1;
    sources.set(name, source);
  }
  return [...sources.values()];
}

function toSource(row: ListingSourceRow & { listings: number }): Source {
  return {
    name: row.name,
    kind: row.url === null ? "archive" : "remote",
    url: row.url,
    listings: row.listings,
    createdAt: isoTime(row.created_at),
    refreshedAt: isoTime(row.refreshed_at),
  };
}

/** Where it may lead is the guard's to say. */
function remoteUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash) return url.href;
  throw badRequest([{ at: "url", message: "must look like https://skills.example.com" }]);
}
