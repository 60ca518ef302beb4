import type { FastifyBaseLogger } from "fastify";
import type { Catalog } from "#catalog/catalog.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import type { RunJob } from "#core/job.js";
import { version } from "#core/version.js";
import type { Config } from "#main/config.js";
import { createReadGit } from "#skills/git/read-git.js";
import type { GitSend } from "#skills/git/remote.js";
import { createInstalledListings } from "#skills/listings/installed-listings.js";
import { createListings, type Listings } from "#skills/listings/listings.js";
import { createOwnListings } from "#skills/listings/own-listings.js";
import type { Get } from "#skills/listings/remote-index.js";
import { createSources, type Sources } from "#skills/listings/sources.js";
import { createMakeChange } from "#skills/registry/transaction.js";
import type { Database } from "#store/engine/database.js";
import { createListingRows } from "#store/listing-rows.js";
import { createSkillFileRows } from "#store/skill-file-rows.js";
import { createSkillRows } from "#store/skill-rows.js";
import type { Vault } from "#store/vault/vault.js";
import { openBody } from "#upstream/body.js";
import { toSkillettError } from "#upstream/failure.js";
import type { Upstream, UpstreamRequest } from "#upstream/send.js";

interface Parts {
  config: Config;
  database: Database;
  shared: () => Catalog;
  vault: Vault;
  upstream: Upstream;
  runJob: RunJob;
  clock: Clock;
  logger: FastifyBaseLogger;
}

/** Listings that can be installed, and the sources they come from. */
export function wireListings(parts: Parts): { listings: Listings; sources: Sources } {
  const { config, database, shared, vault, upstream, runJob, clock, logger } = parts;
  const own = createOwnListings({
    integrations: () => shared().integrations,
    builtInDir: config.builtInSkills,
    dirs: config.skillDirs,
    version,
    warn: (text) => logger.warn(text),
    clock,
  });
  const rows = createListingRows(database);
  const installedListings = createInstalledListings({
    skills: createSkillRows(database),
    files: createSkillFileRows(database),
    makeChange: createMakeChange({ database, clock }),
  });
  return {
    listings: createListings({ own, rows, installedListings, runJob }),
    sources: createSources({
      ...{ own, rows, vault, runJob, clock },
      get: createGet(upstream),
      readGit: createReadGit(createGitSend(upstream), runJob),
    }),
  };
}

function createGet(upstream: Upstream): Get {
  return async ({ url, headers, maxBytes, signal }) => {
    const request = { ...toSource(url), method: "GET" as const, url, headers, body: null, signal };
    const { status, body } = await exchange(upstream, request, maxBytes);
    return { status, body };
  };
}

/** Requests of the git protocol go the same way; what is sent is text of a few lines. */
function createGitSend(upstream: Upstream): GitSend {
  return async ({ method, url, headers, body, maxBytes, signal }) => {
    const sent = body?.toString("latin1") ?? null;
    const request = { ...toSource(url), method, url, headers, body: sent, signal };
    const reply = await exchange(upstream, request, maxBytes);
    const fields = Object.entries(reply.headers).map(([name, value]) => [name, String(value ?? "")]);
    return { ...reply, headers: Object.fromEntries(fields) };
  };
}

const toSource = (url: string) => ({ use: "store-source", service: new URL(url).host }) as const;

/** Sends, and reads at most `maxBytes` of the answer. */
async function exchange(upstream: Upstream, request: UpstreamRequest, maxBytes: number) {
  const response = await upstream.send(request);
  try {
    // One byte more than allowed tells that there are more.
    const { head, rest } = await openBody(response, maxBytes + 1);
    await rest?.return?.();
    if (head.length <= maxBytes) return { status: response.status, headers: response.headers, body: head };
  } catch (error) {
    throw toSkillettError(error, request);
  }
  throw new SkillettError("payload_too_large", {
    message: `${request.service} answered with more than ${maxBytes} bytes.`,
  });
}
