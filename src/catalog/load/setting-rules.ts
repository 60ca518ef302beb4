import type { IntegrationYaml } from "#catalog/front-matter.js";
import type { EndpointFacts } from "#catalog/integration.js";
import { LinearPattern, patternIssue } from "#catalog/linear-pattern.js";
import type { KnownProviders } from "#catalog/load/load-auth.js";
import type { Source } from "#catalog/load/source.js";
import {
  checkBaseUrl,
  checkFileBaseUrl,
  checkServerUrl,
  isLoopback,
  withSamples,
} from "#catalog/load/url-rules.js";
import { addressParam } from "#catalog/request/address.js";
import type { Setting, SettingPlace } from "#catalog/setting.js";
import { providerUrls, settingIssue } from "#catalog/settings.js";
import { placeholders } from "#catalog/template.js";
import type { Path } from "#core/schema-check.js";
import { didYouMean } from "#core/suggest.js";

type SettingYaml = NonNullable<IntegrationYaml["settings"]>[string];
type Report = (message: string) => void;

/** The settings with their patterns compiled. For a file that `checkSettings` has nothing against. */
export function toSettings(yaml: IntegrationYaml, providers: KnownProviders): Record<string, Setting> {
  const templates = urlsOf(yaml, providers).map(({ template }) => template);
  return Object.fromEntries(
    Object.entries(yaml.settings ?? {}).map(([name, it]) => [name, toSetting(it, placeOf(templates, name))]),
  );
}

interface UrlTemplate {
  path: Path;
  template: string;
  /** The words for it in a message, where it stands in another file. */
  label: string;
}

/** The URLs that may have settings, with their places in the file. */
function urlsOf(yaml: IntegrationYaml, providers: KnownProviders): UrlTemplate[] {
  const { base_url: usual, base_urls = {}, auth } = yaml;
  const toUrl = (path: Path, template: string, label = "") => ({ path, template, label });
  const named = Object.entries(base_urls).map(([name, it]) => toUrl(["base_urls", name], it));
  const own = Object.entries(auth).flatMap(([name, method]) => [
    ...(method.base_url === undefined ? [] : [toUrl(["auth", name, "base_url"], method.base_url)]),
    ...signInUrls(method.provider, providers).map((it) =>
      toUrl(["auth", name, "provider"], it, `has a URL, ${it}, which `),
    ),
  ]);
  return [toUrl(["base_url"], usual), ...named, ...own];
}

/** The URLs with settings at which people sign in, or get tokens. */
function signInUrls(slug: string | undefined, providers: KnownProviders): string[] {
  const provider = slug === undefined ? undefined : providers.get(slug);
  const urls = provider ? providerUrls(provider) : [];
  return [...new Set(urls)].filter((it) => placeholders(it).length > 0);
}

/** The settings that a way to connect needs. */
function settingsOf(yaml: IntegrationYaml, method: string): string[] {
  const { base_url: usual, base_urls = {}, auth } = yaml;
  return [auth[method]!.base_url ?? usual, ...Object.values(base_urls)].flatMap(placeholders);
}

/** An endpoint's base is one of those that the integration has. */
export function checkBase(
  { base, path }: EndpointFacts,
  { base_url: usual, base_urls: known = {} }: IntegrationYaml,
  source: Source,
): void {
  if (base !== null && !Object.hasOwn(known, base)) {
    source.report(["base"], `there is no ${base} among base_urls.${didYouMean(base, Object.keys(known))}`);
  } else if (addressParam(path) !== null && placeholders(base === null ? usual : known[base]!).length > 0) {
    source.report(["request"], "an address is held against its base URL, which may have no settings then");
  }
}

function toSetting(yaml: SettingYaml, place: SettingPlace): Setting {
  const { label, help, from = "field", path = null, pattern, one_of: oneOf = null } = yaml;
  // A file's pattern is of the whole value.
  const anchored = pattern === undefined ? null : new LinearPattern(`^(?:${pattern})$`);
  return { label, help, from, path, pattern: anchored, oneOf, default: yaml.default ?? null, place };
}

const authorityOf = (template: string) => /^https?:\/\/([^/?#]*)/.exec(template)?.[1] ?? "";

/** Of several URLs the place with the strictest rules. */
function placeOf(templates: readonly string[], name: string): SettingPlace {
  if (templates.some((template) => template.startsWith(`{${name}}`))) return "origin";
  return templates.some((template) => isInHost(template, name)) ? "host" : "path";
}

const isInHost = (template: string, name: string) => placeholders(authorityOf(template)).includes(name);

/** The base URLs, their settings, and where they come from. */
export function checkSettings(yaml: IntegrationYaml, providers: KnownProviders, source: Source): void {
  const { settings = {}, discover, auth } = yaml;
  const urls = urlsOf(yaml, providers);
  const templates = urls.map(({ template }) => template);
  for (const { path, template, label } of urls) {
    const ofFile = yaml.protocol === "mcp" ? checkServerUrl : checkFileBaseUrl;
    const check = path[0] === "base_url" ? ofFile : checkBaseUrl;
    checkTemplate(template, settings, check, (message) => source.report(path, label + message));
    for (const name of label === "" ? [] : placeholders(template)) {
      const { from = "field" } = settings[name] ?? {};
      if (from !== "field") source.report(path, `${label}needs ${name} before anybody has signed in`);
    }
  }
  for (const [name, setting] of Object.entries(settings)) {
    const reportAt = (key: string[], message: string) => source.report(["settings", name, ...key], message);
    if (!templates.flatMap(placeholders).includes(name)) reportAt([], "stands in no URL");
    const place = placeOf(templates, name);
    const elsewhere = templates.some((it) => placeholders(it).includes(name) && !it.startsWith(`{${name}}`));
    if (place === "origin" && elsewhere) reportAt([], "is scheme and host of one URL, and a part of another");
    checkSetting(setting, place, reportAt);
    if (setting.from === "discover" && !discover)
      reportAt(["from"], "needs discover, which says whom to ask");
  }
  const asksNothing = Object.values(auth).some(({ provider, fields = {} }) => !provider && isEmpty(fields));
  const fields = Object.values(auth).flatMap((method) => Object.keys(method.fields ?? {}));
  for (const name of Object.keys(settings).filter((it) => fields.includes(it))) {
    source.report(["settings", name], "is the name of a field of auth: a form has both");
  }
  if (!isEmpty(settings) && asksNothing) {
    source.report(["settings"], "belong to a connection, and there is a way without one");
  }
  checkSources(yaml, source);
}

const isEmpty = (object: object) => Object.keys(object).length === 0;

/** Each way to connect must be able to fill in each setting. */
function checkSources(yaml: IntegrationYaml, source: Source): void {
  const { settings = {}, discover, auth } = yaml;
  const all = Object.entries(settings);
  for (const [name, { from, default: usual }] of all) {
    const plain = Object.keys(auth).find(
      (method) => auth[method]!.provider === undefined && settingsOf(yaml, method).includes(name),
    );
    if (from === "token" && plain !== undefined && usual === undefined) {
      source.report(["settings", name, "from"], `is a token answer, which ${plain} has none of: say default`);
    }
  }
  if (!discover) return;
  if (!all.some(([, { from }]) => from === "discover")) {
    source.report(["discover"], "is asked for nothing: no setting is from it");
  }
  checkBaseUrl(discover.url, (message) => source.report(["discover", "url"], message));
  if (placeholders(discover.url).length > 0) source.report(["discover", "url"], "may not have settings");
  else checkTls(discover.url, (message) => source.report(["discover", "url"], message));
  const inPath = Object.keys(auth).find((method) => auth[method]!.path !== undefined);
  if (inPath !== undefined) source.report(["auth", inPath, "path"], "does not go together with discover");
}

function checkTls(url: string, report: Report): void {
  const { protocol, hostname } = URL.canParse(url) ? new URL(url) : { protocol: "https:", hostname: "" };
  if (protocol === "http:" && !isLoopback(hostname)) report("must be https");
}

/** Scheme and the end of the host are fixed text, so that no value leads to another domain. */
function checkTemplate(
  template: string,
  settings: NonNullable<IntegrationYaml["settings"]>,
  check: (text: string, report: Report) => void,
  report: Report,
): void {
  const used = placeholders(template);
  for (const name of used) {
    if (!Object.hasOwn(settings, name)) report(`{${name}} is not among the settings`);
  }
  const [first] = used;
  const asOrigin = first !== undefined && template.startsWith(`{${first}}`);
  const plain = withSamples(template);
  if (/[{}]/.test(plain)) report("settings are written {name}");
  check(plain, report);
  if (used.length > 0) checkTls(plain, report);
  if (used.length > 0 && URL.canParse(plain) && new URL(plain).host !== authorityOf(plain)) {
    report("has a host that URLs write in another way: in small letters, without the usual port");
  }
  if (asOrigin) {
    if (!/^\{[^{}]*\}(\/|$)/.test(template))
      report(`{${first}} is scheme and host: a path may follow, nothing else`);
    return;
  }
  const authority = authorityOf(template);
  const last = placeholders(authority).at(-1);
  if (last === undefined || settings[last]?.one_of) return;
  if (!pinned.test(authority.slice(authority.lastIndexOf("}") + 1))) {
    report(`must end its host with a domain in plain text after {${last}}, or ${last} must have one_of`);
  }
}

/** `.zendesk.com`, of which a value can make no other domain. Names under `.localhost` are this machine's. */
const pinned = /^[a-z0-9-]*((\.[a-z0-9-]+)+\.[a-z][a-z0-9-]+|\.localhost)(:\d+)?$/;
/** The same at the end of a pattern. */
const pinnedPattern = /((\\\.[a-z0-9-]+)+\\\.[a-z][a-z0-9-]+|\\\.localhost)(:\d+)?$/;

function checkSetting(
  yaml: SettingYaml,
  place: SettingPlace,
  report: (key: string[], message: string) => void,
): void {
  const { from = "field", path, pattern, one_of: oneOf, default: usual } = yaml;
  if (from === "field" && path !== undefined) report(["path"], "is for a setting from an answer");
  if (from !== "field" && path === undefined) report(["path"], `is required: where it stands in the answer`);
  if (pattern !== undefined && oneOf !== undefined) report(["pattern"], "does not go together with one_of");
  const unusable = pattern === undefined ? null : patternIssue(pattern);
  if (unusable !== null) {
    report(["pattern"], unusable);
    return;
  }
  const setting = toSetting(yaml, place);
  if (pattern === undefined && oneOf === undefined && place !== "path") {
    report([], "is part of the host: say its pattern, or one_of");
  }
  if (place === "origin" && pattern !== undefined)
    checkOriginPattern(pattern, (it) => report(["pattern"], it));
  else if (setting.pattern) checkPattern(setting.pattern, place, (it) => report(["pattern"], it));
  for (const value of oneOf ?? []) {
    if (!oneOfForms[place].test(value))
      report(["one_of"], `${value} does not fit where it stands in base_url`);
  }
  const issue = usual === undefined ? null : settingIssue(setting, usual);
  if (issue !== null) report(["default"], issue);
}

/** The file's own values may have dots in the host. */
const oneOfForms: Record<SettingPlace, RegExp> = {
  origin: /^(https:\/\/|http:\/\/(?=[a-z0-9.-]+\.localhost(:|$)))[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/,
  host: /^[a-z0-9-]+(\.[a-z0-9-]+)*$/,
  path: /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/,
};

/** A pattern lets nothing through that ends a label or a segment. Values are held to that too; this tells the author. */
function checkPattern(pattern: LinearPattern, place: SettingPlace, report: Report): void {
  const ending = [..."/\\@:#?%"].find((char) =>
    ["", "a", "abc", "acme1", "1", "us1"].some((word) =>
      [char, word + char, char + word, word + char + word].some((text) => pattern.test(text)),
    ),
  );
  if (ending !== undefined) report(`matches texts with ${ending}, which would lead out of its place`);
  else if (
    place === "host" &&
    ["a.b", "evil.example", "acme.evil.example", "a.1", "1.1", "."].some((text) => pattern.test(text))
  ) {
    report("matches texts with a dot, which would lead out of its place");
  }
}

function checkOriginPattern(pattern: string, report: Report): void {
  if (!/^(https:|http:(?=.*\\\.localhost(:|$)))(\/\/|\\\/\\\/)/.test(pattern))
    report("must begin with https://");
  if (pattern.includes("|")) report("must not have |: write one ending that holds for all");
  if (!pinnedPattern.test(pattern)) report("must end with the domain, such as \\.example\\.com");
}
