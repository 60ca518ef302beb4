import semver from "semver";
import { isLongerThan } from "#core/characters.js";
import type { Report } from "#skills/format/problem.js";
import type { SkillFolder } from "#skills/format/skill-folder.js";
import type { SkillMd } from "#skills/format/skill-md.js";

/** The keys of `metadata` that mean something to us. */
export const endpointsKey = "skillett-endpoints";
const knownKeys = [endpointsKey, "category", "tags", "version", "author"];
const endpointName = /^[a-z][a-z0-9-]*\.[a-z][a-z0-9_]*$/;
const maxCategoryLength = 64;

export type SkillMetadata = Pick<SkillFolder, "toolIds" | "category" | "tags" | "version" | "author">;

/** Reads what we know of `metadata`; only names of endpoints that cannot be are errors. */
export function readMetadata({ fields, lineOf }: SkillMd, report: Report): SkillMetadata {
  const metadata = isMap(fields.metadata) ? fields.metadata : {};
  if (fields.metadata !== undefined && fields.metadata !== "" && !isMap(fields.metadata)) {
    report(lineOf("metadata"), "metadata is not read: write it as key: value, one a line", "warning");
  }
  const at =
    (key: string): Report =>
    (_line, message, severity) =>
      report(lineOf("metadata", key), `metadata.${key} ${message}`, severity);
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string") at(key)(null, "is a list or a map: the format has text only", "warning");
    if (!knownKeys.includes(key)) at(key)(null, "means nothing to Skillett; it is kept", "warning");
  }
  const value = (key: string) => (Object.hasOwn(metadata, key) ? metadata[key] : undefined);
  return {
    toolIds: readEndpoints(splitList(value(endpointsKey)), at(endpointsKey)),
    category: readCategory(text(value("category")), at("category")),
    tags: [...new Set(splitList(value("tags")))],
    version: readVersion(text(value("version")), at("version")),
    author: text(value("author")),
  };
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** Separated by commas or spaces; the lists that people write are read, too. */
function splitList(value: unknown): string[] {
  const values = Array.isArray(value)
    ? value.filter((item) => typeof item === "string")
    : [text(value) ?? ""];
  return values.flatMap((item) => item.split(/[\s,]+/)).filter((word) => word !== "");
}

function readEndpoints(names: string[], report: Report): string[] {
  for (const name of names.filter((name) => !endpointName.test(name))) {
    report(null, `has ${JSON.stringify(name)}: write endpoints as integration.endpoint, github.create_issue`);
  }
  return [...new Set(names)];
}

function readCategory(category: string | null, report: Report): string | null {
  if (category === null || !isLongerThan(category, maxCategoryLength)) return category;
  report(null, `is not read: it has over ${maxCategoryLength} characters`, "warning");
  return null;
}

/** `1.0` is read as 1.0.0. */
function readVersion(written: string | null, report: Report): string | null {
  if (written === null) return null;
  const exact = semver.valid(written);
  if (exact !== null) return exact;
  const coerced = /^v?\d{1,9}(\.\d{1,9})?$/.test(written) ? (semver.coerce(written)?.version ?? null) : null;
  const reading = coerced === null ? "is not read" : `is read as ${coerced}`;
  report(null, `${reading}: write a semantic version, 1.0.0`, "warning");
  return coerced;
}
