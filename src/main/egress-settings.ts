import type { ServiceSettings } from "#main/service-settings.js";
import type { AllowedHost, Use, UseKind } from "#upstream/guard.js";
import { hostAndPort, useKinds } from "#upstream/guard.js";
import { isMetadataAddress } from "#upstream/public-address.js";

type Env = Record<string, string | undefined>;

const hint = `must be hosts such as intranet.example.com or 10.0.0.1:8080, separated by commas; in front of one may stand what it is allowed for, such as store-source=10.0.0.1:8080. There are ${useKinds.join(", ")}, and integration:<slug> and provider:<slug> for one alone.`;

/** `SKILLETT_ALLOW_HOSTS`. */
export function readAllowHosts(env: Env, problems: string[]): AllowedHost[] {
  const entries = (env.SKILLETT_ALLOW_HOSTS ?? "").split(",").map((entry) => entry.trim());
  const allowed = entries.filter((entry) => entry !== "").map(readEntry);
  if (allowed.includes(undefined)) problems.push(`SKILLETT_ALLOW_HOSTS ${hint}`);
  return allowed.filter((entry) => entry !== undefined);
}

function readEntry(entry: string): AllowedHost | undefined {
  const [, use, host = ""] = /^(?:([^=]*)=)?(.*)$/.exec(entry) ?? [];
  if (!URL.canParse(`http://${host}`) || /[/?#@\\]/.test(host)) return undefined;
  if (use !== undefined && !isUse(use)) return undefined;
  // A port that HTTP implies is not lost: it is a part of what was allowed.
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
    ...Object.entries(providerUrls).flatMap(([slug, { tokenUrl, revokeUrl }]) =>
      [tokenUrl, revokeUrl].map((url): [Use, string | undefined] => [`provider:${slug}`, url]),
    ),
    ["webhook", webhook?.url],
    ["sign-in", signIn.oidc?.issuer],
  ];
  return named.flatMap(([use, url]) => {
    if (url === undefined || isMetadataAddress(new URL(url).hostname)) return [];
    return [{ use, host: hostAndPort(new URL(url)) }];
  });
}
