import type { AuthMethodYaml } from "#catalog/front-matter.js";
import { transportHeaders } from "#catalog/load/constant-rules.js";
import type { JsonObject } from "#core/json-object.js";
import { asObject, asObjects, asText } from "#core/json-object.js";
import { type Operation, parametersOf } from "#importer/openapi/operations.js";
import type { References } from "#importer/read/references.js";
import type { Notes } from "#importer/report.js";
import { oneLine, wordOf } from "#importer/text.js";

export type AuthMethods = Record<string, AuthMethodYaml>;

const maxHelp = 200;
const maxMethods = 10;

/** A way to connect under the name that it has if that is free. */
type Named = [name: string, method: AuthMethodYaml];

/**
 * The ways to connect that a description has. Signing in by a browser is not among them, since it takes a client that
 * the operator has registered: people paste a token instead. Several keys that are needed together are one way.
 *
 * @see OpenAPI Specification 3.1, Security Scheme Object
 */
export function carryAuth(
  description: JsonObject,
  operations: readonly Operation[],
  references: References,
  notes: Notes,
): AuthMethods {
  const schemes = Object.entries(asObject(asObject(description.components).securitySchemes));
  const together = keysTogether(description, operations);
  const methods: AuthMethods = {};
  const joined: AuthMethodYaml[] = [];
  for (const [name, given] of schemes) {
    const ways = methodsOf(name, references.follow(given), notes);
    if (together.includes(name)) joined.push(...ways.slice(0, 1).map(([, method]) => method));
    else for (const way of ways) add(methods, way);
  }
  if (joined.length > 0) add(methods, ["keys", merge(joined)]);
  if (Object.keys(methods).length > 0) return methods;
  return withoutSchemes(operations, references, notes);
}

/** Names of schemes of which the first requirement with several needs all. */
function keysTogether(description: JsonObject, operations: readonly Operation[]): string[] {
  const all = [description, ...operations.map(({ operation }) => operation)];
  const requirements = all.flatMap(({ security }) => asObjects(security));
  return requirements.map((it) => Object.keys(it)).find((names) => names.length > 1) ?? [];
}

/** Ways that send the same are one. */
function add(methods: AuthMethods, [name, method]: Named): void {
  const sent = ({ headers, query, basic }: AuthMethodYaml) =>
    JSON.stringify([headers, query, basic]).replace(/\{\w+\}/g, "{}");
  if (Object.values(methods).some((it) => sent(it) === sent(method))) return;
  const count = Object.keys(methods).length;
  if (count < maxMethods) methods[Object.hasOwn(methods, name) ? `${name}_${count + 1}` : name] = method;
}

/** None, with a note, for a scheme that cannot be carried. */
function methodsOf(name: string, scheme: JsonObject, notes: Notes): Named[] {
  const kind = [asText(scheme.type), asText(scheme.scheme ?? scheme.in)].filter((it) => it !== "").join(" ");
  switch (kind.toLowerCase()) {
    case "http bearer":
      return [["token", bearer(scheme)]];
    case "oauth2":
    case "openidconnect":
      notes.note("OAuth sign-in is not carried over: people paste an access token of their own.");
      return [["token", bearer({})]];
    case "http basic":
      return [["basic", basic(scheme)]];
    case "apikey header":
      return headerKeys(name, scheme, notes);
    case "apikey query":
      return [
        [
          wordOf(name),
          { fields: keyField(name, scheme), query: { [asText(scheme.name)]: `{${wordOf(name)}}` } },
        ],
      ];
    default:
      notes.leaveOut("ways to connect that cannot be carried over", oneLine(`${name} (${kind})`, 100));
      return [];
  }
}

const helpOf = ({ description }: JsonObject) =>
  oneLine(description, maxHelp) || "The service's documentation says where it is made.";

function bearer(scheme: JsonObject): AuthMethodYaml {
  return {
    fields: { token: { label: "Access token", help: helpOf(scheme) } },
    headers: { authorization: "Bearer {token}" },
  };
}

function basic(scheme: JsonObject): AuthMethodYaml {
  const help = helpOf(scheme);
  return {
    fields: {
      username: { label: "User name", help, secret: false },
      password: { label: "Password or key", help },
    },
    basic: { username: "{username}", password: "{password}" },
  };
}

function keyField(name: string, scheme: JsonObject): NonNullable<AuthMethodYaml["fields"]> {
  const label = oneLine(name.replace(/[_-]+/g, " "), 60) || "Key";
  return { [wordOf(name)]: { label, help: helpOf(scheme) } };
}

/** Words that stand before a key in the header of that name. */
const prefixes = /\b(Bearer|Bot|Token|Basic|ApiKey|Api-Key|GenieKey|SSWS)(?=[ :=]+["'`]?[<{[$\w])/;

function headerKeys(name: string, scheme: JsonObject, notes: Notes): Named[] {
  const header = asText(scheme.name).toLowerCase();
  const word = wordOf(name);
  const field = { fields: keyField(name, scheme) };
  if (header === "authorization") {
    const prefix = prefixes.exec(asText(scheme.description).slice(0, 2_000))?.[1];
    if (prefix === "Basic") return [["basic", basic(scheme)]];
    if (prefix !== undefined)
      return [[word, { ...field, headers: { authorization: `${prefix} {${word}}` } }]];
    notes.note(
      "The description does not say what stands before the key in the header Authorization: there are two ways.",
    );
    return [
      ["token", bearer(scheme)],
      [word === "token" ? "key" : word, { ...field, headers: { authorization: `{${word}}` } }],
    ];
  }
  if (!/^[a-z0-9-]+$/.test(header) || transportHeaders.includes(header)) {
    notes.leaveOut("ways to connect that cannot be carried over", oneLine(`${name} (header ${header})`, 100));
    return [];
  }
  return [[word, { ...field, headers: { [header]: `{${word}}` } }]];
}

function merge(methods: readonly AuthMethodYaml[]): AuthMethodYaml {
  const joined = (key: "fields" | "headers" | "query") => {
    const parts = Object.assign({}, ...methods.map((it) => it[key] ?? {}));
    return Object.keys(parts).length > 0 ? { [key]: parts } : {};
  };
  const own = methods.find((it) => it.basic)?.basic;
  return { ...joined("fields"), ...joined("headers"), ...joined("query"), ...(own ? { basic: own } : {}) };
}

/** Some descriptions have the credential among the params instead, and others have none. */
function withoutSchemes(operations: readonly Operation[], references: References, notes: Notes): AuthMethods {
  const isToken = ({ name, in: place }: JsonObject) =>
    place === "header" && /^authorization$/i.test(asText(name));
  if (operations.some((it) => parametersOf(it, references).some(isToken))) return { token: bearer({}) };
  notes.note("The description does not say how to sign in: nothing is asked for, and no credential is sent.");
  return { none: {} };
}
