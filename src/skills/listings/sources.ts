import type { Person } from "#core/caller.js";
import { type Clock, isoTime } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { RunJob } from "#core/job.js";
import type { RequestSignal } from "#core/request-signal.js";
import { inspectArchiveJob, readArchiveJob } from "#skills/archive/jobs.js";
import type { ArchivedSkills, SkippedSkill } from "#skills/archive/read-archive.js";
import type { SkillProblem } from "#skills/format/problem.js";
import { refuseInvalid } from "#skills/format/problem.js";
import type { ReadGit } from "#skills/git/read-git.js";
import { type GitPlace, gitPlace } from "#skills/git/url.js";
import { packListingJob } from "#skills/listings/jobs.js";
import type { OwnListing } from "#skills/listings/listing.js";
import type { OwnListings } from "#skills/listings/own-listings.js";
import {
  type Get,
  type ReadSkill,
  type RemoteSource,
  readRemoteSkills,
} from "#skills/listings/remote-index.js";
import type { ListingRows } from "#store/listing-rows.js";
import type { ListingRow, ListingSourceRow } from "#store/schema/listing-tables.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";

export interface Source {
  name: string;
  kind: "builtin" | "directory" | "archive" | "remote" | "git";
  url: string | null;
  /** Branch or tag of a git repository, if one was named, the folder in it, and the commit that was read last. */
  ref: string | null;
  folder: string | null;
  commit: string | null;
  listings: number;
  createdAt: string | null;
  refreshedAt: string | null;
}

/** Where listings come from: the operator's sources for everybody, and those a tenant adds. */
export interface Sources {
  list(person: Person): Promise<Source[]>;
  /** Reads all skills of the other server, or of the repository, before it answers. */
  add(person: Person, source: NewSource, signal: RequestSignal): Promise<SourceRead>;
  /** Also takes the place of an archive of the same name. */
  upload(person: Person, name: string, archive: Buffer): Promise<SourceRead>;
  /** Of a repository that has not changed nothing is downloaded. */
  refresh(person: Person, name: string, signal: RequestSignal): Promise<SourceRead>;
  remove(person: Person, name: string): Promise<void>;
  /** Refreshes repositories of all tenants that nobody has looked at for some hours, one after the other. */
  refreshDue(
    onError: (source: ListingSourceRow, error: unknown) => void,
    signal: RequestSignal,
  ): Promise<void>;
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
  /** Branch or tag, and folder, of a git repository. */
  ref?: string | undefined;
  folder?: string | undefined;
  /** SECRET. */
  token: string | null;
}

interface Deps {
  own: OwnListings;
  rows: ListingRows;
  vault: Vault;
  get: Get;
  readGit: ReadGit;
  runJob: RunJob;
  clock: Clock;
}

/** How long a repository may go unlooked at, and how many are looked at in one go. */
const staleMs = 6 * 3_600_000;
const maxDue = 20;

export function createSources({ own, rows, vault, get, readGit, runJob, clock }: Deps): Sources {
  /** Folders are packed one after the other, so that only one of them is in memory. */
  async function store(row: ListingSourceRow, skills: Skills): Promise<SourceRead> {
    const { tenant_id, name } = row;
    const listings: ListingRow[] = [];
    const findings: Pick<SourceRead, "skipped" | "problems"> = { skipped: [], problems: [] };
    for await (const { folder, skipped, problems } of skills) {
      findings.problems.push(...problems);
      if (skipped) findings.skipped.push(skipped);
      if (!folder) continue;
      const packed = await runJob(tenant_id, packListingJob, () => ({ source: name, folder }));
      listings.push({ ...packed, tenant_id, size: packed.archive.length });
    }
    if (listings.length === 0) refuseInvalid(findings.problems);
    await rows.put(row, listings);
    return { source: toSource({ ...row, listings: listings.length }), ...findings };
  }

  async function storeArchived(
    row: ListingSourceRow,
    { skills, ...findings }: ArchivedSkills,
  ): Promise<SourceRead> {
    const folders = skills.map(({ folder }) => ({ folder, skipped: null, problems: [] }));
    const { source } = await store(row, folders);
    return { source, ...findings };
  }

  const readRemote = (tenantId: string, remote: RemoteSource, signal: RequestSignal) =>
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

  /** Reads another server or a repository. If the repository has not changed, its stored listings stay. */
  async function read(row: ListingSourceRow, token: string | null, signal: RequestSignal, place?: GitPlace) {
    const givenPlace = place ?? placeOf(row);
    if (!givenPlace) return store(row, readRemote(row.tenant_id, { url: row.url!, token }, signal));
    const { tenant_id: tenantId, git_commit: known } = row;
    const { archived, ref, folder, commit } = await readGit({
      tenantId,
      place: givenPlace,
      token,
      known,
      signal,
    });
    const now = { ...row, git_ref: ref, git_folder: folder, git_commit: commit, git_checked_at: clock() };
    if (archived) return storeArchived(now, archived);
    await rows.touch(now);
    const listings = await rows.count(tenantId, row.name);
    return { source: toSource({ ...now, listings }), skipped: [], problems: [] };
  }

  const tokenOf = ({ tenant_id, name, box }: ListingSourceRow) =>
    box === null ? null : vault.open(box, sealedRow.listingSource(tenant_id, name));

  return {
    async list(person) {
      return [...countBySource(await own.list()), ...(await rows.sources(person.tenantId)).map(toSource)];
    },
    async add(person, { name, token, ...given }, signal) {
      refuseOwn(name);
      const { tenantId, profileId } = person;
      const place = gitPlace(given);
      const url = place?.url ?? remoteUrl(given.url);
      if (await rows.source(tenantId, name))
        throw new SkillettError("conflict", {
          message: `There is a source ${name} already. Remove it first.`,
        });
      const now = clock();
      const box = token === null ? null : vault.seal(token, sealedRow.listingSource(tenantId, name));
      const times = { created_at: now, refreshed_at: now };
      const row = { tenant_id: tenantId, name, url, ...noGit, box, created_by: profileId, ...times };
      return read(row, token, signal, place);
    },
    async upload(person, name, archive) {
      refuseOwn(name);
      const { tenantId, profileId } = person;
      const known = await rows.source(tenantId, name);
      if (known?.url)
        throw new SkillettError("conflict", { message: `The source ${name} is another server: refresh it.` });
      const archived = await runJob(tenantId, readArchiveJob, () => ({ archive }));
      const now = clock();
      const row = known ?? {
        tenant_id: tenantId,
        name,
        url: null,
        ...noGit,
        box: null,
        created_by: profileId,
        created_at: now,
      };
      return storeArchived({ ...row, refreshed_at: now }, archived);
    },
    async refresh(person, name, signal) {
      const row = await find(person.tenantId, name);
      if (row.url === null)
        throw new SkillettError("conflict", {
          message: `The source ${name} is an archive: upload the new one in its place.`,
        });
      return read({ ...row, refreshed_at: clock() }, await tokenOf(row), signal);
    },
    async remove(person, name) {
      await find(person.tenantId, name);
      await rows.remove(person.tenantId, name);
    },
    async refreshDue(onError, signal) {
      const now = clock();
      for (const row of await rows.claimDue(now, now - staleMs, maxDue)) {
        if (signal.aborted) return;
        try {
          await read({ ...row, refreshed_at: now }, await tokenOf(row), signal);
        } catch (error) {
          onError(row, error);
        }
      }
    },
  };
}

/** Where a repository is read again. */
function placeOf(row: ListingSourceRow): GitPlace | undefined {
  return row.git_commit === null ? undefined : { url: row.url!, ref: row.git_ref, folder: row.git_folder };
}

const noGit = { git_ref: null, git_folder: null, git_commit: null, git_checked_at: null };
const noPlace = { ref: null, folder: null, commit: null };

type Skills = Iterable<ReadSkill> | AsyncIterable<ReadSkill>;

function countBySource(own: readonly OwnListing[]): Source[] {
  const sources = new Map<string, Source>();
  for (const { source: name, kind } of own) {
    const source = sources.get(name) ?? {
      ...{ name, kind, url: null, ...noPlace, listings: 0, createdAt: null, refreshedAt: null },
    };
    source.listings += 1;
    sources.set(name, source);
  }
  return [...sources.values()];
}

function toSource(row: ListingSourceRow & { listings: number }): Source {
  return {
    name: row.name,
    kind: row.url === null ? "archive" : row.git_commit === null ? "remote" : "git",
    url: row.url,
    ref: row.git_ref,
    folder: row.git_folder,
    commit: row.git_commit,
    listings: row.listings,
    createdAt: isoTime(row.created_at),
    refreshedAt: isoTime(row.refreshed_at),
  };
}

/** The egress guard decides where it may lead. */
function remoteUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash) return url.href;
  throw badRequest([
    {
      at: "url",
      message: "must look like https://skills.example.com, or https://github.com/owner/repository",
    },
  ]);
}
