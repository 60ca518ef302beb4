import type { Person } from "#core/caller.js";
import { refuseUnlessPermitted } from "#core/caller.js";
import { type Clock, isoTime } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { GoneSignal } from "#core/gone.js";
import { readArchive } from "#skills/archive.js";
import type { SkillFolder, SkillProblem } from "#skills/folder.js";
import { type OwnListing, toListing } from "#skills/listing.js";
import { type Get, readRemoteSkills } from "#skills/remote-index.js";
import { writeZip } from "#skills/zip.js";
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
  add(person: Person, source: NewSource, signal: GoneSignal): Promise<Source>;
  /** Also takes the place of an archive of the same name. */
  upload(
    person: Person,
    name: string,
    archive: Buffer,
  ): Promise<{ source: Source; problems: SkillProblem[] }>;
  refresh(person: Person, name: string, signal: GoneSignal): Promise<Source>;
  remove(person: Person, name: string): Promise<void>;
}

export interface NewSource {
  name: string;
  url: string;
  /** SECRET. */
  token: string | null;
}

interface Deps {
  own: readonly OwnListing[];
  rows: ListingRows;
  vault: Vault;
  get: Get;
  clock: Clock;
}

export function createSources({ own, rows, vault, get, clock }: Deps): Sources {
  const ownSources = countBySource(own);

  async function store(row: ListingSourceRow, folders: SkillFolder[]): Promise<Source> {
    const listings = await Promise.all(folders.map((folder) => toRow(row, folder)));
    await rows.put(row, listings);
    return toSource({ ...row, listings: listings.length });
  }

  async function find(tenantId: string, name: string): Promise<ListingSourceRow> {
    refuseOwn(name);
    const row = await rows.source(tenantId, name);
    if (!row) throw new SkillettError("not_found", { message: "Source not found" });
    return row;
  }

  function refuseOwn(name: string): void {
    if (name !== "sources" && !ownSources.some((source) => source.name === name)) return;
    throw new SkillettError("conflict", {
      message: `The source ${name} is the operator's: it is read when the server starts. Choose another name.`,
    });
  }

  return {
    async list(person) {
      refuseUnlessPermitted(person, "skills:read");
      return [...ownSources, ...(await rows.sources(person.tenantId)).map(toSource)];
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
      const folders = await readRemoteSkills(get, remote, signal);
      const now = clock();
      const box = token === null ? null : vault.seal(token, sealedRow.listingSource(tenantId, name));
      const times = { created_at: now, refreshed_at: now };
      return store(
        { tenant_id: tenantId, name, url: remote.url, ...noGit, box, created_by: profileId, ...times },
        folders,
      );
    },
    async upload(person, name, archive) {
      refuseUnlessPermitted(person, "skills:write");
      refuseOwn(name);
      const { tenantId, profileId } = person;
      const known = await rows.source(tenantId, name);
      if (known?.url)
        throw new SkillettError("conflict", { message: `The source ${name} is another server: refresh it.` });
      const { skills, problems } = await readArchive(archive);
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
      const source = await store(
        { ...row, refreshed_at: now },
        skills.map(({ folder }) => folder),
      );
      return { source, problems };
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
      const folders = await readRemoteSkills(get, { url, token }, signal);
      return store({ ...row, refreshed_at: clock() }, folders);
    },
    async remove(person, name) {
      refuseUnlessPermitted(person, "skills:write");
      await find(person.tenantId, name);
      await rows.remove(person.tenantId, name);
    },
  };
}

const noGit = { git_ref: null, git_folder: null, git_commit: null };

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

async function toRow({ tenant_id, name }: ListingSourceRow, folder: SkillFolder): Promise<ListingRow> {
  const archive = await writeZip([{ directory: folder.name, files: folder.files }]);
  return { ...toListing(name, folder), tenant_id, archive };
}

/** Where it may lead is the guard's to say. */
function remoteUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash) return url.href;
  throw badRequest([{ at: "url", message: "must look like https://skills.example.com" }]);
}
