import type { Endpoint, Integration, RequestPlan } from "#catalog/integration.js";
import type { AuthProvider } from "#catalog/provider.js";
import type { Setting, SettingPlace, SettingValues } from "#catalog/setting.js";
import { fillTemplate, placeholders } from "#catalog/template.js";
import { type Issue, SkillettError } from "#core/errors.js";
import { didYouMean } from "#core/suggest.js";

/** No value leaves its place, whatever a pattern lets through: none of these has a character that ends a label or segment. */
const forms: Record<SettingPlace, RegExp> = {
  origin: /^(https:\/\/|http:\/\/(?=[a-z0-9.-]+\.localhost(:|$)))[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?$/,
  host: /^(?!xn--)(?!-)[a-z0-9-]{1,63}(?<!-)$/,
  path: /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,200}$/,
};

/** Why this is no value of the setting; null when it is one. */
export function settingIssue({ pattern, oneOf, place }: Setting, value: unknown): string | null {
  if (typeof value !== "string") return "must be a string";
  if (oneOf) return oneOf.includes(value) ? null : `must be one of ${oneOf.join(", ")}`;
  if (forms[place].test(value) && value.length <= 253 && (pattern?.test(value) ?? true)) return null;
  const all =
    place === "host" ? "lower-case letters, digits and dashes, without the rest of the address, " : "";
  return `must be ${all}as the service writes it${pattern ? ` (${pattern.source.slice(4, -2)})` : ""}`;
}

export interface ReadSettings {
  values: SettingValues;
  issues: Issue[];
}

/**
 * Checks what a person gave. Settings from a token answer are not theirs to give; those of `discover` they may, to
 * choose one of several.
 *
 * @param known values of the connection that is renewed
 * @returns the values of all fields, and the issues, at `settings.subdomain` and the like
 */
export function readSettings(
  { settings }: Pick<Integration, "settings">,
  given: SettingValues,
  known: SettingValues = {},
): ReadSettings {
  const issues: Issue[] = [];
  const values: Record<string, string> = {};
  const givable = Object.keys(settings).filter((name) => settings[name]!.from !== "token");
  for (const name of Object.keys(given)) {
    const message = `is unknown.${didYouMean(name, givable)}`;
    if (!givable.includes(name)) issues.push({ at: `settings.${name}`, message });
  }
  for (const name of givable) {
    const setting = settings[name]!;
    const usual = setting.from === "field" ? setting.default : null;
    const value = ownValue(given, name) ?? ownValue(known, name) ?? usual;
    if (value === null) {
      if (setting.from === "discover") continue;
      issues.push({ at: `settings.${name}`, message: `is required: ${setting.label}` });
      continue;
    }
    const message = settingIssue(setting, value);
    if (message !== null) issues.push({ at: `settings.${name}`, message });
    else values[name] = value;
  }
  return { values, issues };
}

const ownValue = (values: SettingValues, name: string) =>
  Object.hasOwn(values, name) ? values[name]! : null;

type Based = Pick<Integration, "baseUrl" | "baseUrls">;

/** Where requests to an endpoint with this base go. */
export function baseUrlOf({ baseUrl, baseUrls }: Based, base: string | null): string {
  return base === null ? baseUrl : baseUrls[base]!;
}

/** The integration as a way to connect reaches it: at its base URL, and with the settings of its URLs alone. */
export function reachedBy(integration: Integration, method: string): Integration {
  const { baseUrl: own = null, grant = null } = integration.auth[method] ?? {};
  if (own === null && Object.keys(integration.settings).length === 0) return integration;
  const baseUrl = own ?? integration.baseUrl;
  const urls = [
    baseUrl,
    ...Object.values(integration.baseUrls),
    ...(grant ? providerUrls(grant.provider) : []),
  ];
  const used = new Set(urls.flatMap(placeholders));
  const settings = Object.entries(integration.settings).filter(([name]) => used.has(name));
  return { ...integration, baseUrl, settings: Object.fromEntries(settings) };
}

/**
 * The integration as one connection reaches it: its base URLs have no settings any more. Checks each value again, since
 * the credential goes there.
 *
 * @param integration as the way to connect reaches it
 * @throws SkillettError `integration_not_connected` when a value does not fit the file, which may have changed since
 */
export function withSettings(integration: Integration, values: SettingValues): Integration {
  if (Object.keys(integration.settings).length === 0) return integration;
  const at = (template: string) => fillUrl(integration, template, values);
  const baseUrls = Object.entries(integration.baseUrls).map(([name, template]) => [name, at(template)]);
  return { ...integration, baseUrl: at(integration.baseUrl), baseUrls: Object.fromEntries(baseUrls) };
}

/** The URLs of a provider that may have settings. */
export function providerUrls({ authorizeUrl, tokenUrl, refreshUrl, revoke }: AuthProvider): string[] {
  const urls = [authorizeUrl ?? "", tokenUrl, refreshUrl, revoke?.url ?? ""];
  return urls.map((url) => url.replaceAll(clientId, ""));
}

/** A name in URLs of a provider that is no setting. */
const clientId = "{client_id}";

/**
 * The provider of a way to connect, as one connection signs in there: its URLs have no settings any more.
 *
 * @throws SkillettError `integration_not_connected` when a value does not fit the file
 */
export function providerAt(integration: Integration, method: string, values: SettingValues): AuthProvider {
  const { provider } = integration.auth[method]!.grant!;
  if (providerUrls(provider).every((url) => placeholders(url).length === 0)) return provider;
  const at = (template: string) => fillUrl(integration, template, values);
  const { authorizeUrl, tokenUrl, refreshUrl, revoke } = provider;
  return {
    ...provider,
    authorizeUrl: authorizeUrl && at(authorizeUrl),
    tokenUrl: at(tokenUrl),
    refreshUrl: at(refreshUrl),
    revoke: revoke && { ...revoke, url: at(revoke.url) },
  };
}

function fillUrl(integration: Integration, template: string, values: SettingValues): string {
  const { settings } = integration;
  const url = fillTemplate(template, (name) => {
    if (`{${name}}` === clientId) return clientId;
    const value = ownValue(values, name);
    if (value === null || settingIssue(settings[name]!, value) !== null) throw unfit(integration, name);
    return value;
  });
  const authority = /^https?:\/\/([^/]*)/.exec(url)?.[1];
  if (!URL.canParse(url) || new URL(url).href.split("/")[2] !== authority) {
    throw unfit(integration, placeholders(template)[0]!);
  }
  return url;
}

/** A plan by the file, at the base URL of one connection. */
export function planAt(
  integration: Based,
  file: Based,
  { base }: Pick<Endpoint, "base">,
  plan: RequestPlan,
): RequestPlan {
  const [from, to] = [baseUrlOf(file, base), baseUrlOf(integration, base)];
  return from === to ? plan : { ...plan, url: to + plan.url.slice(from.length) };
}

function unfit({ slug, name, settings }: Integration, setting: string): SkillettError {
  const { label } = settings[setting]!;
  return new SkillettError("integration_not_connected", {
    message: `The ${name} connection has no ${setting} (${label}) that ${name} can be reached with. Connect the account again.`,
    facts: { slug },
    next: [`skillett connect ${slug}`],
  });
}
