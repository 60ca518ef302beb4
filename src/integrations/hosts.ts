import type { Integration } from "#catalog/integration.js";
import type { FileProblem } from "#catalog/load/source.js";
import { withSamples } from "#catalog/load/url-rules.js";
import type { AuthProvider } from "#catalog/provider.js";
import { SkillettError } from "#core/errors.js";
import { readIntegration } from "#integrations/compiled.js";
import type { Upstream } from "#upstream/send.js";

/** The addresses that calls of an integration go to, with settings in braces. */
function urlsOf({ baseUrl, baseUrls, auth, discover }: Integration): [place: string, url: string][] {
  return [
    ["base_url", baseUrl],
    ...Object.entries(baseUrls).map(([name, url]): [string, string] => [`base_urls.${name}`, url]),
    ...Object.entries(auth).flatMap(([name, method]): [string, string][] =>
      method.baseUrl === null ? [] : [[`auth.${name}.base_url`, method.baseUrl]],
    ),
    ...(discover ? [["discover.url", discover.url] satisfies [string, string]] : []),
    ...Object.values(auth).flatMap(({ grant }) => (grant ? providerUrlsOf(grant.provider) : [])),
  ];
}

/** Codes, tokens and the secret of a client go there, and people are sent there. */
function providerUrlsOf({ authorizeUrl, tokenUrl, refreshUrl, revoke }: AuthProvider): [string, string][] {
  const urls = { authorize_url: authorizeUrl, token_url: tokenUrl, refresh_url: refreshUrl };
  const all = Object.entries({ ...urls, "revoke.request": revoke?.url ?? null });
  return all.flatMap(([place, url]) => (url === null ? [] : [[`provider.${place}`, url]]));
}

/**
 * Scheme, host and port of each. One that answers calls is another one as one where people sign in: a refresh token is
 * worth more than the token of a call.
 */
function hostsOf(main: string): Map<string, string> {
  const urls = urlsOf(readIntegration(main, new Map()));
  return new Map(
    urls.map(([place, url]) => {
      const host = /^[^/]*\/\/[^/?#]*|^\{[^}]*\}/.exec(url)?.[0] ?? url;
      return [place.startsWith("provider.") ? signInMark + host : host, host];
    }),
  );
}

/** Addresses that requests of the integration may not go to: not public, or without TLS. */
export function urlProblems(slug: string, main: string, { check }: Pick<Upstream, "check">): FileProblem[] {
  return urlsOf(readIntegration(main, new Map())).flatMap(([place, url]) => {
    try {
      check("tenant-integration", new URL(withSamples(url)));
      return [];
    } catch (error) {
      const { message } = error as Error;
      return [{ file: `${slug}/integration.yaml`, line: null, message: `${place}: ${message}` }];
    }
  });
}

/**
 * Hosts that credentials would go to from now on. Accounts that are connected under a slug which the tenant does not have
 * yet are of an integration that has gone, so that all hosts are others. Where nobody could sign in before, there is no
 * credential of a sign-in that could go astray.
 */
export function otherHosts(before: { main: string | null } | undefined, after: { main: string }): string[] {
  const known = before?.main ? hostsOf(before.main) : new Map<string, string>();
  const couldSignIn = [...known.keys()].some(isOfSignIn);
  const others = [...hostsOf(after.main)].filter(
    ([key]) => !known.has(key) && (couldSignIn || !isOfSignIn(key)),
  );
  return [...new Set(others.map(([, host]) => host))];
}

const signInMark = "sign-in ";
const isOfSignIn = (key: string) => key.startsWith(signInMark);

/** Credentials that people gave for one host do not go to another because a description says so. */
export function refuseConnected(slug: string, hosts: readonly string[], connections: number): void {
  if (connections === 0) return;
  const accounts = connections === 1 ? "1 account is" : `${connections} accounts are`;
  throw new SkillettError("conflict", {
    message: `${accounts} connected to ${slug}, whose credentials would go to ${hosts.join(", ")}, which is another host than before. Nothing was changed. Keep the address with --base-url, import under another slug, or have the accounts disconnected first: removing the integration disconnects all.`,
    next: ["skillett connections", `skillett integrations remove ${slug}`],
  });
}
