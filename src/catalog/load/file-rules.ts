import type { AnswerFile } from "#catalog/answer-file.js";
import type { EndpointFrontMatter, ParamFrontMatter } from "#catalog/front-matter.js";
import type { AnswerFileYaml } from "#catalog/front-matter-files.js";
import type { EndpointFacts } from "#catalog/integration.js";
import type { Source } from "#catalog/load/source.js";
import { attachmentsParam } from "#catalog/request/attachments.js";
import type { ParamSchema } from "#catalog/schema.js";
import { placeholders } from "#catalog/template.js";
import { fileFormat, takesFiles } from "#core/file-handle.js";
import { didYouMean } from "#core/suggest.js";

export function toAnswerFile(yaml: AnswerFileYaml): AnswerFile {
  const { path, encoding, name = null, name_path: namePath = null, size_path: sizePath = null } = yaml;
  return { path, encoding, name, namePath, sizePath };
}

/** The rules of params that take files, and of the file in an answer. */
export function checkFiles(
  endpoint: EndpointFacts,
  { params, file }: EndpointFrontMatter,
  source: Source,
): void {
  if (file) checkAnswerFile(endpoint, file, source);
  for (const [name, param] of Object.entries(params ?? {})) {
    const report = (keyword: string, message: string) => source.report(["params", name, keyword], message);
    if (
      endpoint.body === "rfc822_message" &&
      name === attachmentsParam &&
      !takesFiles(param as ParamSchema)
    ) {
      report("type", "attachments are an array with items: { type: string, format: file }");
    }
    if (takesFiles(param as ParamSchema)) checkFile(endpoint, name, param, report);
    else {
      if (param.accept !== undefined) report("accept", "is for format: file");
      if (param.max_bytes !== undefined) report("max_bytes", "is for format: file");
      if (hasFileWithin(param))
        report("format", "a file is a param of its own, or an item of a list that is one");
    }
  }
}

function checkFile(
  endpoint: EndpointFacts,
  name: string,
  param: ParamFrontMatter,
  report: (keyword: string, message: string) => void,
): void {
  const { type, format, items } = param as ParamSchema;
  const isList = format !== fileFormat;
  if (type !== (isList ? "array" : "string") || (isList && items?.type !== "string")) {
    report("type", "a file is a string, and several are an array of strings");
  }
  if ("default" in param) report("default", "a file is handed over with each call");
  if (param.encoding !== undefined) report("encoding", "a file is bytes already");
  const message = placeIssue(endpoint, name, isList);
  if (message !== null) report("format", message);
}

/** Why there can be no file at the place of a param, or null. */
function placeIssue(
  { body, bodyRoot, placements }: EndpointFacts,
  name: string,
  isList: boolean,
): string | null {
  const { in: place, encode, part } = placements[name]!;
  if (body === "rfc822_message" && name === attachmentsParam)
    return isList ? null : "attachments are a list of files";
  if (place !== "body" || body === "form" || bodyRoot === name) {
    return "a file is for a multipart or raw body, or for a field of a JSON body with encode";
  }
  if (body === "multipart") return part!.encoding === "json" ? "a file is no JSON" : null;
  if (isList) return "a list of files is for a multipart body";
  if (body === "raw") return null;
  return encode === null ? "in a JSON body, a file needs encode: base64 or base64url" : null;
}

function checkAnswerFile({ params, items }: EndpointFacts, file: AnswerFileYaml, source: Source): void {
  for (const keyword of ["path", "name_path", "size_path"] as const) {
    // A file is read as it arrives, and only names lead to it.
    if (file[keyword] && !/^[A-Za-z_$][\w$-]*(\.[A-Za-z_$][\w$-]*)*$/.test(file[keyword])) {
      source.report(["file", keyword], "is names of fields, with dots between");
    }
  }
  const unknown = placeholders(file.name ?? "").filter((name) => !Object.hasOwn(params.properties, name));
  if (unknown.length > 0) {
    const names = Object.keys(params.properties);
    source.report(["file", "name"], `{${unknown[0]}} is not in params.${didYouMean(unknown[0]!, names)}`);
  }
  if (file.name && file.name_path) source.report(["file", "name_path"], "there is a name already");
  if (items !== null) source.report(["file"], "an answer with items is a list");
}

function hasFileWithin(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if ((value as ParamSchema).format === fileFormat) return true;
  return Object.values(value).some(hasFileWithin);
}
