import { setTimeout as sleep } from "node:timers/promises";
import { version } from "#core/version.js";
import type { Config } from "#main/config.js";
import { createGuards } from "#upstream/guard.js";
import { createUpstream, type Upstream } from "#upstream/send.js";

/** The one way out, with a guard for each use. */
export function wireUpstream(config: Config): Upstream {
  return createUpstream({
    guardOf: createGuards(config.allowHosts),
    timeoutMs: config.upstreamTimeoutMs,
    totalMs: config.callTimeoutMs,
    proxy: config.egressProxy,
    userAgent: `skillett/${version}`,
    sleep,
  });
}
