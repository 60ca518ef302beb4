import type { FastifyBaseLogger } from "fastify";
import type { Catalog } from "#catalog/catalog.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import type { RunJob } from "#core/job.js";
import { version } from "#core/version.js";
import type { Config } from "#main/config.js";
import { createMakeChange } from "#skills/change.js";
import { createInstalling } from "#skills/installing.js";
import { createListings, type Listings } from "#skills/listings.js";
import { createOwnListings } from "#skills/own-listings.js";
import type { Get } from "#skills/remote-index.js";
import { createSources, type Sources } from "#skills/sources.js";
import type { Database } from "#store/database.js";
import { createListingRows } from "#store/listings.js";
import { createSkillFiles } from "#store/skill-files.js";
import { createSkills } from "#store/skills.js";
import type { Vault } from "#store/vault.js";
import { openBody } from "#upstream/body.js";
import { toSkillettError } from "#upstream/failure.js";
import type { Upstream } from "#upstream/send.js";

interface Parts {
  config: Config;
  database: Database;
  catalog: Catalog;
  vault: Vault;
  upstream: Upstream;
  runJob: RunJob;
  clock: Clock;
  logger: FastifyBaseLogger;
}

/** The store: what can be installed, and from where. */
export function wireListings(parts: Parts): { listings: Listings; sources: Sources } {
  const { config, database, catalog, vault, upstream, runJob, clock, logger } = parts;
  const own = createOwnListings({
    integrations: catalog.integrations.values(),
    builtInDir: config.builtInSkills,
    dirs: config.skillDirs,
    version,
    warn: (text) => logger.warn(text),
    clock,
  });
  const rows = createListingRows(database);
  const installing = createInstalling({
    skills: createSkills(database.kysely),
    files: createSkillFiles(database.kysely),
    makeChange: createMakeChange({ database, clock }),
  });
  return {
    listings: createListings({ own, rows, installing, runJob }),
    sources: createSources({ own, rows, vault, get: createGet(upstream), runJob, clock }),
  };
}

function createGet(upstream: Upstream): Get {
  return async ({ url, headers, maxBytes, signal }) => {
    const service = new URL(url).host;
    const request = {
      use: "store-source",
      service,
      method: "GET",
      url,
      headers,
      body: null,
      signal,
    } as const;
    const response = await upstream.send(request);
    try {
      // One byte more than allowed tells that there are more.
      const { head, rest } = await openBody(response, maxBytes + 1);
      await rest?.return?.();
      if (head.length <= maxBytes) return { status: response.status, body: head };
    } catch (error) {
      throw toSkillettError(error, request);
    }
    throw new SkillettError("payload_too_large", {
      message: `${request.service} answered with more than ${maxBytes} bytes.`,
    });
  };
}
