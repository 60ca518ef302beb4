import { lookup as dnsLookup, type LookupAddress } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { SkillettError } from "#core/errors.js";

/**
 * Keeps calls out of the operator's own network: no private, loopback, link-local or metadata address,
 * whether written as a literal, resolved from a name, or reached by a redirect.
 */
export interface Guard {
  /** Throws unless requests may go there. Answers whether the operator allowed this very host. */
  check(url: URL): { allowed: boolean };
  /** Resolves names for connections: only addresses that passed are handed on, so they cannot change after. */
  lookup: LookupFunction;
}

/** `allowHosts`: `host` or `host:port` entries that may be private, and may be spoken to without TLS. */
export function createGuard({ allowHosts }: { allowHosts: string[] }): Guard {
  const allowed = new Set(allowHosts.map((host) => host.toLowerCase()));

  return {
    check(url) {
      const host = url.hostname.toLowerCase();
      const port = url.port || (url.protocol === "https:" ? "443" : "80");
      if (allowed.has(host) || allowed.has(`${host}:${port}`)) return { allowed: true };
      if (url.protocol !== "https:") throw refused(url.host, "it would be spoken to without TLS");
      const literal = host.replace(/^\[|\]$/g, "");
      if (ipaddr.isValid(literal) && !isPublic(literal)) throw refused(url.host, "its address is not public");
      return { allowed: false };
    },
    lookup(hostname, options, callback) {
      dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, []);
        const open = addresses.filter(({ address }) => isPublic(address));
        if (open.length === 0) return callback(refused(hostname, "its address is not public"), []);
        return options.all ? callback(null, open) : callback(null, open[0]!.address, open[0]!.family);
      });
    },
  };
}

/** Only global unicast: everything special (private, mapped, carrier-grade, documentation …) is out. */
export function isPublic(address: LookupAddress["address"]): boolean {
  return ipaddr.process(address).range() === "unicast";
}

function refused(host: string, why: string): SkillettError {
  return new SkillettError("upstream_unreachable", {
    message: `Requests to ${host} are not allowed: ${why}. The operator can allow this host in SKILLETT_ALLOW_HOSTS.`,
    retryable: false,
  });
}
