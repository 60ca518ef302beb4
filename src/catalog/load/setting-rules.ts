import type { IntegrationYaml } from "#catalog/front-matter.js";
import type { Source } from "#catalog/load/source.js";
import { checkBaseUrl, checkFileBaseUrl, isLoopback } from "#catalog/load/url-rules.js";
import type { Setting, SettingPlace } from "#catalog/setting.js";
import { settingIssue } from "#catalog/settings.js";
import { placeholders } from "#catalog/template.js";

type SettingYaml = NonNullable<IntegrationYaml["settings"]>[string];
type Report = (message: string) => void;

/** The settings with their patterns compiled. For a file that `checkSettings` has nothing against. */
export function toSettings({ settings = {}, base_url: template }: IntegrationYaml): Record<string, Setting> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, yaml]) => [name, toSetting(yaml, placeOf(template, name))]),
  );
}

function toSetting(yaml: SettingYaml, place: SettingPlace): Setting {
  const { label, help, from = "field", path = null, pattern, one_of: oneOf = null } = yaml;
  const anchored = pattern === undefined ? null : compile(pattern);
  return { label, help, from, path, pattern: anchored, oneOf, default: yaml.default ?? null, place };
}

/** A file's pattern is of the whole value. Null when it is no regular expression. */
function compile(pattern: string): RegExp | null {
  try {
    new RegExp(pattern, "u");
    return new RegExp(`^(?:${pattern})$`, "u");
  } catch {
    return null;
  }
}

const authorityOf = (template: string) => /^https?:\/\/([^/?#]*)/.exec(template)?.[1] ?? "";

function placeOf(template: string, name: string): SettingPlace {
  if (template.startsWith(`{${name}}`)) return "origin";
  return placeholders(authorityOf(template)).includes(name) ? "host" : "path";
}

/** The base URL, its settings, and where they come from. */
export function checkSettings(yaml: IntegrationYaml, source: Source): void {
  const { base_url: template, settings = {}, discover, auth } = yaml;
  const report: Report = (message) => source.report(["base_url"], message);
  const used = placeholders(template);
  checkTemplate(yaml, used, report);
  for (const [name, setting] of Object.entries(settings)) {
    const reportAt = (key: string[], message: string) => source.report(["settings", name, ...key], message);
    if (!used.includes(name)) reportAt([], "stands nowhere in base_url");
    checkSetting(setting, placeOf(template, name), reportAt);
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
function checkSources({ settings = {}, discover, auth }: IntegrationYaml, source: Source): void {
  const all = Object.entries(settings);
  for (const [name, { from, default: usual }] of all) {
    const plain = Object.keys(auth).find((method) => auth[method]!.provider === undefined);
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
  { base_url: template, settings = {} }: IntegrationYaml,
  used: string[],
  report: Report,
) {
  for (const name of used) {
    if (!Object.hasOwn(settings, name)) report(`{${name}} is not among the settings`);
  }
  const [first] = used;
  const asOrigin = first !== undefined && template.startsWith(`{${first}}`);
  const plain = template.replace(/^\{[^{}]*\}/, "https://host.example").replaceAll(/\{[^{}]*\}/g, "x");
  if (/[{}]/.test(plain)) report("settings are written {name}");
  checkFileBaseUrl(plain, report);
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
  const setting = toSetting(yaml, place);
  if (pattern !== undefined && !setting.pattern) {
    report(["pattern"], "is no regular expression");
    return;
  }
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
function checkPattern(pattern: RegExp, place: SettingPlace, report: Report): void {
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
