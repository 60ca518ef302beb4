import type { Integration } from "#catalog/integration.js";
import type { FileProblem } from "#catalog/load/source.js";
import { withSamples } from "#catalog/load/url-rules.js";
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
  ];
}

/** Scheme, host and port of each. */
export function hostsOf(main: string): Set<string> {
  const urls = urlsOf(readIntegration(main, new Map()));
  return new Set(urls.map(([, url]) => /^[^/]*\/\/[^/?#]*|^\{[^}]*\}/.exec(url)?.[0] ?? url));
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

/** Credentials that people gave for one host do not go to another because a description says so. */
export function refuseOtherHosts(
  slug: string,
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  connections: number,
): void {
  const others = [...after].filter((host) => !before.has(host));
  if (connections === 0 || others.length === 0) return;
  const accounts = connections === 1 ? "1 account is" : `${connections} accounts are`;
  throw new SkillettError("conflict", {
    message: `${accounts} connected to ${slug} at ${[...before].join(", ")}, and their credentials would go to ${others.join(", ")}. Nothing was changed. Have them disconnected first, keep the address with --base-url, or import under another slug.`,
    next: [`skillett disconnect ${slug}`],
  });
}
