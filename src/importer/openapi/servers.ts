import { placeholders } from "#catalog/template.js";
import type { Issue } from "#core/errors.js";
import { isInside } from "#core/inside-service.js";
import type { JsonObject } from "#core/json-object.js";
import { asObject, asObjects, asText, asTexts } from "#core/json-object.js";
import type { Operation } from "#importer/openapi/operations.js";
import type { Notes } from "#importer/report.js";
import { oneLine, wordOf } from "#importer/text.js";
import { Unsupported } from "#importer/unsupported.js";

/** Where requests go, as `integration.yaml` has it. */
export interface Server {
  base_url: string;
  settings?: Record<string, SettingYaml>;
}

interface SettingYaml {
  label: string;
  help: string;
  one_of?: string[];
  pattern?: string;
  default?: string;
}

export interface ServerOptions {
  /** In place of the servers of the description. */
  baseUrl?: string | undefined;
  fetchedFrom?: string | undefined;
  /** Names of the fields that people give when they connect; null where nobody connects, and nobody can give a setting. */
  fields: readonly string[] | null;
}

/**
 * The server of a description that is used. Its variables become settings of each connection.
 *
 * @returns an issue when there is none, or no value for a part of its address
 * @see OpenAPI Specification 3.1, Server Object
 */
export function serverOf(description: JsonObject, options: ServerOptions, notes: Notes): Server | Issue {
  const servers = options.baseUrl === undefined ? asObjects(description.servers) : [{ url: options.baseUrl }];
  const usable = servers.flatMap((server) => {
    const url = absoluteUrl(asText(server.url), options.fetchedFrom);
    return url === null ? [] : [{ server, url }];
  });
  const chosen = usable.find(({ url }) => /^https:/i.test(url)) ?? usable[0];
  if (!chosen) return needed("the description does not say where the API is");
  const others = usable.length - 1;
  const server = fillServer(secure(chosen.url, options), asObject(chosen.server.variables), options.fields);
  if ("at" in server) return server;
  if (others > 0) notes.note(`Of ${usable.length} servers the description has, ${server.base_url} is used.`);
  if (/^http:/i.test(chosen.url) && options.baseUrl === undefined) {
    notes.note(
      `The server is given as ${chosen.url}: requests go there by https, since credentials are sent.`,
    );
  }
  return server;
}

/** A person who gives an address by http means it; where it may not be asked, the operator has the say. */
const secure = (url: string, { baseUrl }: ServerOptions) =>
  baseUrl === undefined ? url.replace(/^http:/i, "https:") : url;

const needed = (why: string): Issue => ({
  at: "base_url",
  message: `is needed, such as https://api.example.com/v1: ${why}`,
});

/** A template of an absolute URL; null for what is none. Relative ones are those of the place of the description. */
function absoluteUrl(given: string, fetchedFrom: string | undefined): string | null {
  const url = given
    .trim()
    .replace(/[?#].*$/, "")
    .slice(0, 500);
  if (isInside(url) || url === "") return null;
  if (/^(https?:\/\/|\{)/i.test(url)) return url;
  if (url.startsWith("//")) return `https:${url}`;
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) || fetchedFrom === undefined || !URL.canParse(fetchedFrom))
    return null;
  const { protocol, origin, pathname } = new URL(fetchedFrom);
  if (!/^https?:$/.test(protocol)) return null;
  return url.startsWith("/")
    ? origin + url
    : `${origin}${pathname.replace(/[^/]*$/, "")}${url.replace(/^\.\//, "")}`;
}

function fillServer(
  template: string,
  variables: JsonObject,
  fields: readonly string[] | null,
): Server | Issue {
  const settings: Record<string, SettingYaml> = {};
  const values = new Map<string, string>();
  const without: string[] = [];
  for (const name of new Set(placeholders(template))) {
    const variable = asObject(variables[name]);
    const setting = fields === null ? null : settingOf(name, variable, placeOf(template, name));
    const usual = asText(variable.default) || asTexts(variable.enum)[0];
    if (setting !== null) {
      const word = freeWord(wordOf(name), [...(fields ?? []), ...Object.keys(settings)]);
      settings[word] = setting;
      values.set(name, `{${word}}`);
    } else if (usual !== undefined) values.set(name, usual);
    else without.push(name);
  }
  if (without.length > 0)
    return needed(`the description has no value for {${without.join("}, {")}} in ${template}`);
  const url = toBaseUrl(template.replace(/\{([^{}]*)\}/g, (_, name: string) => values.get(name)!));
  if (url === null) return needed(`${oneLine(template, 200)} is not an address that requests can go to`);
  return { base_url: url, ...(Object.keys(settings).length > 0 ? { settings } : {}) };
}

/** As base URLs are written: in small letters, without a user, a query, and a slash at the end. */
function toBaseUrl(url: string): string | null {
  const match = /^(https?):\/\/([^/?#@\s\\]+)((?:\/[^?#\s\\]*)?)$/i.exec(url);
  if (!match) return null;
  const host = match[2]!.toLowerCase().replace(/:(443|80)$/, "");
  const path = match[3]!.replace(/\/+$/, "");
  const plain = `${match[1]!.toLowerCase()}://${host}${path}`;
  const sample = plain.replaceAll(/\{[^{}]*\}/g, "x");
  if (/[{}]/.test(sample) || !URL.canParse(sample) || new URL(sample).href.replace(/\/$/, "") !== sample)
    return null;
  return plain;
}

type Place = "fixed" | "host" | "end of host" | "path";

/** Only what is behind a domain in plain text may be anybody's to say: scheme, port and domain are not. */
function placeOf(template: string, name: string): Place {
  const authority = /^https?:\/\/([^/]*)/i.exec(template)?.[1];
  if (authority === undefined) return "fixed";
  const at = authority.indexOf(`{${name}}`);
  if (at < 0) return "path";
  if (authority.lastIndexOf(":", at) >= 0) return "fixed";
  const end = authority.slice(authority.lastIndexOf("}") + 1);
  return /^[a-z0-9-]*(\.[a-z0-9-]+)+\.[a-z][a-z0-9-]+(:\d+)?$/i.test(end) ? "host" : "end of host";
}

const hostLabel = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
const forms = { host: /^[a-z0-9-]+(\.[a-z0-9-]+)*$/, path: /^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/ };

/** Null for a variable that has its usual value. One in the path without choices is mostly a version. */
function settingOf(name: string, variable: JsonObject, place: Place): SettingYaml | null {
  if (place === "fixed") return null;
  const form = forms[place === "path" ? "path" : "host"];
  const values = [...new Set(asTexts(variable.enum))].filter((value) => form.test(value));
  const usual = asText(variable.default);
  const isFree = place === "host" || (place === "path" && usual === "");
  if (values.length < 2 && !isFree) return null;
  const isUsual = values.length >= 2 ? values.includes(usual) : /^[a-z0-9][a-z0-9-]{0,62}$/.test(usual);
  return {
    label: oneLine(name, 60) || "Setting",
    help: oneLine(variable.description, 200) || "The service's documentation says what stands here.",
    ...(values.length >= 2 ? { one_of: values } : place === "path" ? {} : { pattern: hostLabel }),
    ...(isUsual ? { default: usual } : {}),
  };
}

/** Other servers, for operations that have one of their own. */
export interface Bases {
  /** The name of the base URL of an operation; null for that of the integration. */
  nameFor(operation: Operation): string | null;
  /** Base URLs by name. */
  urls: Readonly<Record<string, string>>;
}

const maxBases = 10;

/** @param main the base URL of the integration, in place of the servers of the description */
export function createBases(main: string, description: JsonObject, fetchedFrom: string | undefined): Bases {
  const usual = new Set(
    asObjects(description.servers).map(({ url }) => absoluteUrl(asText(url), fetchedFrom)),
  );
  const urls: Record<string, string> = {};
  return {
    urls,
    nameFor({ item, operation }) {
      const [server] = [...asObjects(operation.servers), ...asObjects(item.servers)];
      if (!server) return null;
      const template = absoluteUrl(asText(server.url), fetchedFrom);
      if (usual.has(template)) return null;
      const filled = template === null ? null : fillServer(template, asObject(server.variables), null);
      if (filled === null || "at" in filled)
        throw new Unsupported("the address of their own server is not known");
      const { base_url: url } = filled;
      if (url === main) return null;
      const known = Object.keys(urls).find((name) => urls[name] === url);
      if (known !== undefined) return known;
      if (Object.keys(urls).length >= maxBases)
        throw new Unsupported(`there are more than ${maxBases} servers`);
      const name = freeWord(wordOf(new URL(url).hostname.split(".")[0]!), Object.keys(urls));
      urls[name] = url;
      return name;
    },
  };
}

function freeWord(word: string, taken: readonly string[]): string {
  const name = taken.includes(word) ? `${word}_setting` : word;
  for (let number = 2; taken.includes(name); number++) {
    if (!taken.includes(`${name}_${number}`)) return `${name}_${number}`;
  }
  return name;
}
