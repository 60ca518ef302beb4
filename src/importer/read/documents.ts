import { posix } from "node:path";
import { badRequest, SkillettError } from "#core/errors.js";
import type { JsonObject } from "#core/json-object.js";
import { isObject } from "#core/json-object.js";
import { parseText } from "#importer/read/parse.js";

/** The description that is imported, and the documents that it refers to. */
export interface DescriptionTexts {
  text: string;
  /** By address: a URL, or without `fetchedFrom` a path from the folder of the description. */
  documents?: Readonly<Record<string, string>>;
  /** URL that the text comes from, which relative addresses are of. */
  fetchedFrom?: string | undefined;
}

/** Documents beside the description, parsed when something leads to them. */
export interface Documents {
  /** The address that a reference in the description means; undefined when there can be nothing. */
  resolve(reference: string): string | undefined;
  /** Undefined when it has not been given: then it is among those that are needed. */
  get(address: string): unknown;
  needed: ReadonlySet<string>;
}

const maxBytes = 32 * 1024 * 1024;
const maxDocuments = 50;

/** The import needs documents that were not given. */
export class DocumentsNeeded extends SkillettError {
  /** Addresses, as `documents` has to have them. */
  readonly needs: readonly string[];

  constructor(needs: readonly string[]) {
    const issues = needs.map((address) => ({
      at: `documents.${address}`,
      message: "is needed: the description refers to it",
    }));
    const { message, issues: reported } = badRequest(issues);
    super("bad_request", { message, ...(reported ? { issues: reported } : {}) });
    this.needs = needs;
  }
}

/** @throws SkillettError `bad_request` when there is too much to read */
export function createDocuments({ text, documents = {}, fetchedFrom }: DescriptionTexts): Documents {
  const given = new Map(Object.entries(documents));
  const bytes = [text, ...given.values()].reduce((sum, it) => sum + Buffer.byteLength(it), 0);
  const issues = [
    ...(bytes > maxBytes
      ? [{ at: "description", message: `is larger than ${maxBytes / 1024 ** 2} MiB` }]
      : []),
    ...(given.size > maxDocuments
      ? [{ at: "documents", message: `are ${given.size}, and may be ${maxDocuments}` }]
      : []),
  ];
  if (issues.length > 0) throw badRequest(issues);
  const parsed = new Map<string, unknown>();
  const needed = new Set<string>();
  return {
    needed,
    resolve: (reference) => addressOf(reference, fetchedFrom),
    get(address) {
      const document = given.get(address);
      if (document === undefined) {
        needed.add(address);
        return undefined;
      }
      if (!parsed.has(address)) {
        parsed.set(address, withAddresses(parseText(document, `documents.${address}`), address));
      }
      return parsed.get(address);
    },
  };
}

/** References in another document say where they lead from there; afterwards they say it from anywhere. */
function withAddresses(value: unknown, address: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withAddresses(item, address));
  if (!isObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    result[key] =
      key === "$ref" && typeof inner === "string" ? absolute(inner, address) : withAddresses(inner, address);
  }
  return result;
}

function absolute(reference: string, from: string): string {
  const [address = "", pointer = ""] = splitReference(reference);
  const target = address === "" ? from : addressOf(address, from);
  return target === undefined ? reference : `${target}#${pointer}`;
}

/** Address and JSON Pointer. */
export function splitReference(reference: string): [address: string, pointer: string] {
  const at = reference.indexOf("#");
  return at < 0 ? [reference, ""] : [reference.slice(0, at), reference.slice(at + 1)];
}

/** Files beside the description are found from its folder, and never outside of it. */
function addressOf(reference: string, base: string | undefined): string | undefined {
  if (URL.canParse(reference)) return isFetchable(reference) ? new URL(reference).href : undefined;
  if (base !== undefined && URL.canParse(base)) {
    return URL.canParse(reference, base) && isFetchable(base) ? new URL(reference, base).href : undefined;
  }
  const path = posix.join(posix.dirname(base ?? ""), reference);
  return /^(\.\.)?(\/|$)|\/$|\0/.test(path) ? undefined : path;
}

const isFetchable = (url: string) => /^https?:/i.test(url);
