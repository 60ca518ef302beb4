import type { ProviderUrls } from "#catalog/load/replace-urls.js";
import type { ConfiguredClients } from "#connections/provider-clients.js";

/** The settings that name an integration or an auth provider. */
export interface ServiceSettings {
  /** By slug of the integration. */
  baseUrls: Record<string, string>;
  /** By auth provider. */
  providerUrls: Record<string, ProviderUrls>;
  /** SECRET. By auth provider. */
  providerClients: ConfiguredClients;
}

type Env = Record<string, string | undefined>;

/** Names of these settings. Those that begin with `SIGN_IN_` are in people-settings.ts. */
const pattern =
  /^SKILLETT_(?!SIGN_IN_)([A-Z0-9_]+)_(BASE_URL|CLIENT_ID|CLIENT_SECRET|AUTHORIZE_URL|TOKEN_URL|REFRESH_URL|REVOKE_URL)$/;
const urlKeys = {
  AUTHORIZE_URL: "authorizeUrl",
  TOKEN_URL: "tokenUrl",
  REFRESH_URL: "refreshUrl",
  REVOKE_URL: "revokeUrl",
} as const;

/** `SKILLETT_GOOGLE_CALENDAR_BASE_URL` is of `google-calendar`, `SKILLETT_GOOGLE_CLIENT_ID` of `google`. */
export function readServices(env: Env, problems: string[]): ServiceSettings {
  const settings: ServiceSettings = { baseUrls: {}, providerUrls: {}, providerClients: {} };
  const clients: Record<string, { id?: string; secret?: string }> = {};
  for (const [name, value] of Object.entries(env)) {
    const [, word, kind] = pattern.exec(name) ?? [];
    const text = value?.trim();
    if (!word || !kind || !text) continue;
    const slug = word.toLowerCase().replaceAll("_", "-");
    if (kind === "CLIENT_ID" || kind === "CLIENT_SECRET") {
      clients[slug] = { ...clients[slug], [kind === "CLIENT_ID" ? "id" : "secret"]: text };
      continue;
    }
    const url = httpUrl(text);
    if (!url) problems.push(`${name} must look like https://github.example.com/api/v3.`);
    else if (kind === "BASE_URL") settings.baseUrls[slug] = url;
    else {
      const key = urlKeys[kind as keyof typeof urlKeys];
      settings.providerUrls[slug] = { ...settings.providerUrls[slug], [key]: text };
    }
  }
  for (const [slug, { id, secret }] of Object.entries(clients)) {
    const prefix = `SKILLETT_${slug.toUpperCase().replaceAll("-", "_")}`;
    if (!secret) problems.push(`${prefix}_CLIENT_SECRET must be set beside ${prefix}_CLIENT_ID.`);
    else if (!id) problems.push(`${prefix}_CLIENT_ID must be set beside ${prefix}_CLIENT_SECRET.`);
    else {
      settings.providerClients[slug] = { id, secret };
      // Named, so that a provider nobody knows is found at the start.
      settings.providerUrls[slug] ??= {};
    }
  }
  return settings;
}

export function httpUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, search, hash } = new URL(text);
  if (!/^https?:$/.test(protocol) || username || password || search || hash) return undefined;
  return text.replace(/\/+$/, "");
}
