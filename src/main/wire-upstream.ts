import { setTimeout as sleep } from "node:timers/promises";
import type { Catalog } from "#catalog/catalog.js";
import { integrationOf } from "#catalog/load/replace-urls.js";
import { version } from "#core/version.js";
import type { Config } from "#main/config.js";
import { atOwners } from "#main/egress-settings.js";
import { createGuards, type Use } from "#upstream/guard.js";
import { createUpstream, type Upstream } from "#upstream/send.js";

/**
 * The one way out, with a guard for each use.
 *
 * @param shared the catalogue as it is now: hosts may be allowed by the name of one of its base URLs
 */
export function wireUpstream(config: Config, shared: () => Catalog): Upstream {
  const guardsOf = ({ integrations }: Catalog) =>
    createGuards(atOwners(config.allowHosts, (name) => integrationOf(name, integrations)?.slug));
  let made: { of: Catalog; guards: ReturnType<typeof guardsOf> } | undefined;
  const guardOf = (use: Use) => {
    const of = shared();
    if (made?.of !== of) made = { of, guards: guardsOf(of) };
    return made.guards(use);
  };
  return createUpstream({
    guardOf,
    timeoutMs: config.upstreamTimeoutMs,
    totalMs: config.callTimeoutMs,
    proxy: config.egressProxy,
    userAgent: `skillett/${version}`,
    sleep,
  });
}
