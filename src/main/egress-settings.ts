import type { ServiceSettings } from "#main/service-settings.js";
import type { AllowedHost, Use, UseKind } from "#upstream/guard.js";
import { hostAndPort, useKinds } from "#upstream/guard.js";
import { isMetadataAddress } from "#upstream/public-address.js";

type Env = Record<string, string | undefined>;

const hint = `must be hosts such as intranet.example.com or 10.0.0.1:8080, separated by commas; in front of one may stand what it is allowed for, such as store-source=10.0.0.1:8080. There are ${useKinds.join(", ")}, and integration:<slug> and provider:<slug> for one alone.`;

/** Where requests of the server may go, and which way. */
export interface EgressSettings {
  allowHosts: AllowedHost[];
  /** SECRET: may hold a password. An HTTP proxy for all that the server asks of others. */
  egressProxy: URL | undefined;
}

/** `SKILLETT_ALLOW_HOSTS` and `SKILLETT_EGRESS_PROXY`. */
export function readEgress(env: Env, problems: string[]): EgressSettings {
  return { allowHosts: readAllowHosts(env, problems), egressProxy: readProxy(env, problems) };
}

function readAllowHosts(env: Env, problems: string[]): AllowedHost[] {
  const entries = (env.SKILLETT_ALLOW_HOSTS ?? "").split(",").map((entry) => entry.trim());
  const allowed = entries.filter((entry) => entry !== "").map(readEntry);
  if (allowed.includes(undefined)) problems.push(`SKILLETT_ALLOW_HOSTS ${hint}`);
  return allowed.filter((entry) => entry !== undefined);
}

function readEntry(entry: string): AllowedHost | undefined {
  const [, use, host = ""] = /^(?:([^=]*)=)?(.*)$/.exec(entry) ?? [];
  if (!URL.canParse(`http://${host}`) || /[/?#@\\]/.test(host)) return undefined;
  if (use !== undefined && !isUse(use)) return undefined;
  // `URL` drops the port that HTTP implies: here it belongs to the host that is allowed.
  const [, port = ""] = /(:\d+)$/.exec(host) ?? [];
  return { host: new URL(`http://${host}`).hostname + port, use };
}

function isUse(text: string): text is UseKind | Use {
  return useKinds.some((kind) => kind === text) || /^(integration|provider):[a-z0-9-]+$/.test(text);
}

interface NamedUrls extends Pick<ServiceSettings, "baseUrls" | "providerUrls"> {
  webhook: { url: string } | undefined;
  signIn: { oidc?: { issuer: string } | undefined };
}

/**
 * An operator who names a URL means it, on their own network too, and for what it is named for alone. Addresses
 * where clouds keep their metadata still have to be allowed by name.
 */
export function namedHosts({ baseUrls, providerUrls, webhook, signIn }: NamedUrls): AllowedHost[] {
  const named: [Use, string | undefined][] = [
    ...Object.entries(baseUrls).map(([slug, url]): [Use, string] => [`integration:${slug}`, url]),
    ...Object.entries(providerUrls).flatMap(([slug, { tokenUrl, refreshUrl, revokeUrl }]) =>
      [tokenUrl, refreshUrl, revokeUrl].map((url): [Use, string | undefined] => [`provider:${slug}`, url]),
    ),
    ["webhook", webhook?.url],
    ["sign-in", signIn.oidc?.issuer],
  ];
  return named.flatMap(([use, url]) => {
    if (url === undefined || isMetadataAddress(new URL(url).hostname)) return [];
    return [{ use, host: hostAndPort(new URL(url)) }];
  });
}

/**
 * The hosts with those of further base URLs, which an operator names by the integration and the base together, allowed
 * for calls of the integration.
 *
 * @param owner the slug of the integration that a name stands for; undefined for none
 */
export function atOwners(
  allowed: readonly AllowedHost[],
  owner: (name: string) => string | undefined,
): AllowedHost[] {
  return allowed.map(({ host, use }) => {
    const [, name] = /^integration:(.*)$/.exec(use ?? "") ?? [];
    return { host, use: name === undefined ? use : `integration:${owner(name) ?? name}` };
  });
}

function readProxy(env: Env, problems: string[]): URL | undefined {
  const text = env.SKILLETT_EGRESS_PROXY?.trim();
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && isProxy(url)) return url;
  problems.push(
    "SKILLETT_EGRESS_PROXY must look like http://proxy.example.com:3128, or http://user:password@proxy.example.com:3128.",
  );
  return undefined;
}

/** A scheme and a host, and perhaps a user name and a password. */
function isProxy({ protocol, pathname, search, hash, username, password }: URL): boolean {
  const isBare = /^https?:$/.test(protocol) && pathname === "/" && !search && !hash;
  return isBare && [username, password].every(isDecodable);
}

/** It is decoded for the header in which it goes to the proxy. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
