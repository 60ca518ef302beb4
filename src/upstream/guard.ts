import { lookup as dnsLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { SkillettError } from "#core/errors.js";
import { isPublic } from "#upstream/public-address.js";

/**
 * Uses for which the operator may allow hosts. Documents of OAuth clients are not among them, since strangers name
 * them.
 */
export const useKinds = [
  "integration",
  "tenant-integration",
  "provider",
  "store-source",
  "webhook",
  "sign-in",
] as const;
export type UseKind = (typeof useKinds)[number];

/**
 * Use of a request: calls of one integration, or of one that a tenant brings, tokens of one auth provider, sources of listings, the receiver of
 * webhooks, people who sign in to Skillett itself, documents of OAuth clients. A host that is allowed for one use is
 * closed to every other.
 */
export type Use =
  | `integration:${string}`
  | `provider:${string}`
  | Exclude<UseKind, "integration" | "provider">
  | "client-document";

/** An exception the operator made. */
export interface AllowedHost {
  /** `host` for all its ports, or `host:port`. It may be private, and spoken to without TLS. */
  host: string;
  /** Undefined for all that can be excepted, but for what tenants bring: that takes a word of its own. */
  use: Use | UseKind | undefined;
}

/**
 * Keeps requests of one use out of the operator's own network: no private, loopback, link-local or metadata
 * address, whether written as a literal, resolved from a name, or reached by a redirect.
 */
export interface Guard {
  /** Throws unless requests may go there. Answers whether the operator allowed this very host. */
  check(url: URL): { allowed: boolean };
}

/** One guard for each use. */
export function createGuards(allowed: readonly AllowedHost[]): (use: Use) => Guard {
  const guards = new Map<Use, Guard>();
  return (use) => {
    let guard = guards.get(use);
    if (!guard) {
      const hosts = allowed.filter((entry) => isFor(entry, use)).map(({ host }) => host);
      guard = createGuard(hosts, use === "tenant-integration" ? `${use}=` : "");
      guards.set(use, guard);
    }
    return guard;
  };
}

function isFor(entry: AllowedHost, use: Use): boolean {
  if (use === "client-document") return false;
  if (use === "tenant-integration") return entry.use === use;
  return entry.use === undefined || entry.use === use || entry.use === use.split(":")[0];
}

/** @param word stands before a host that is to be allowed for the use */
function createGuard(allowHosts: string[], word: string): Guard {
  const allowed = new Set(allowHosts.map((host) => host.toLowerCase()));

  return {
    check(url) {
      const host = url.hostname.toLowerCase();
      if (allowed.has(host) || allowed.has(hostAndPort(url))) return { allowed: true };
      if (url.protocol !== "https:") throw refused(url.host, "it would be spoken to without TLS", word);
      const literal = host.replace(/^\[|\]$/g, "");
      if (ipaddr.isValid(literal) && !isPublic(literal))
        throw refused(url.host, "its address is not public", word);
      return { allowed: false };
    },
  };
}

/** `host:port` of a URL, the port also where the scheme implies it. */
export function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname.toLowerCase()}:${port || (protocol === "https:" ? "443" : "80")}`;
}

/** Resolves names for connections: only public addresses are handed on, so they cannot change after the check. */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const open = addresses.filter(({ address }) => isPublic(address));
    if (open.length === 0) return callback(refused(hostname, "its address is not public"), []);
    return options.all ? callback(null, open) : callback(null, open[0]!.address, open[0]!.family);
  });
};

function refused(host: string, why: string, word = ""): SkillettError {
  const entry = word === "" ? "" : `, as ${word}${host}`;
  return new SkillettError("upstream_unreachable", {
    message: `Requests to ${host} are not allowed: ${why}. The operator can allow this host in SKILLETT_ALLOW_HOSTS${entry}.`,
    retryable: false,
  });
}
