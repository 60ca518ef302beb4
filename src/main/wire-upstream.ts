import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "#catalog/catalog.js";
import { integrationOf } from "#catalog/load/replace-urls.js";
import { version } from "#core/version.js";
import type { Config } from "#main/config.js";
import { atOwners } from "#main/egress-settings.js";
import { createGuards } from "#upstream/guard.js";
import { createUpstream, type Upstream } from "#upstream/send.js";

/** The one way out, with a guard for each use. */
export function wireUpstream(config: Config, { integrations }: Catalog): Upstream {
  const owner = (name: string) => integrationOf(name, integrations)?.slug;
  return createUpstream({
    guardOf: createGuards(atOwners(config.allowHosts, owner)),
    timeoutMs: config.upstreamTimeoutMs,
    totalMs: config.callTimeoutMs,
    proxy: config.egressProxy,
    userAgent: `skillett/${version}`,
    sleep,
  });
}
