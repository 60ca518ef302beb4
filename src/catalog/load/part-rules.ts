import type { EndpointFrontMatter, ParamFrontMatter } from "#catalog/front-matter.js";
import type { EndpointFacts, Part, Placement } from "#catalog/integration.js";
import type { Source } from "#catalog/load/source.js";
import { filenameIssue, mediaTypeIssue } from "#catalog/request/part.js";
import { lineIssue } from "#catalog/request/values.js";
import { placeholders } from "#catalog/template.js";

type Report = (keyword: string, message: string) => void;

const scalars = ["string", "integer", "number", "boolean"];

/** The rules of bodies that are parts, or bytes. */
export function checkParts(endpoint: EndpointFacts, matter: EndpointFrontMatter, source: Source): void {
  const { placements } = endpoint;
  if (endpoint.body === "raw") checkRaw(endpoint, matter, source);
  else if (matter.media_type !== undefined) source.report(["media_type"], "is for body: raw");
  const named = new Set(placeholders(matter.file?.name ?? ""));
  for (const [name, param] of Object.entries(matter.params ?? {})) {
    const report: Report = (keyword, message) => source.report(["params", name, keyword], message);
    const placement = placements[name]!;
    if (placement.part) {
      checkPart(endpoint, name, placement, report);
      for (const used of namesIn(placement.part)) {
        named.add(used);
        if (placements[used]?.in !== "part") report("filename", `{${used}} is no param with in: part`);
      }
    }
    checkKeywords(endpoint, placement, param, report);
  }
  for (const [name, { in: place }] of Object.entries(placements)) {
    if (place === "part" && !named.has(name)) {
      source.report(["params", name, "in"], "no filename, media_type or file names it");
    }
  }
}

function checkRaw(endpoint: EndpointFacts, matter: EndpointFrontMatter, source: Source): void {
  const params = Object.values(endpoint.placements).filter((placement) => placement.in === "body");
  if (params.length !== 1) source.report(["body"], "raw is the value of one param of the body");
  if (matter.media_type === undefined && !params[0]?.file) source.report(["body"], "raw needs media_type");
  if (Object.keys(endpoint.constants.body).length > 0) {
    source.report(["constants", "body"], "raw leaves no place for them");
  }
}

const namesIn = ({ filename, mediaType }: Part) =>
  [filename, mediaType].flatMap((it) => placeholders(it ?? ""));

function checkPart(
  { body, params }: EndpointFacts,
  name: string,
  placement: Placement,
  report: Report,
): void {
  const part = placement.part!;
  const { type } = params.properties[name]!;
  const types = [type ?? []].flat();
  const allowed = part.encoding === "base64" || body === "raw" ? ["string"] : [...scalars, "array"];
  if (part.encoding !== "json" && (types.length === 0 || types.some((it) => !allowed.includes(it)))) {
    report("type", `this part is ${allowed.join(", ")}; objects have a media_type of JSON`);
  }
  if (placement.array === "comma") report("array", "a list is as many parts: repeat or brackets");
  const nameIssue = lineIssue(placement.name);
  if (nameIssue !== null) report("as", nameIssue);
  const filled = (template: string) => template.replaceAll(/\{[^{}]*\}/g, "x");
  const isGiven = part.mediaType !== null && /^\{[^{}]*\}$/.test(part.mediaType);
  const typeIssue = !isGiven && part.mediaType && mediaTypeIssue(filled(part.mediaType));
  if (typeIssue) report("media_type", typeIssue);
  const fileIssue = part.filename && (lineIssue(part.filename) ?? filenameIssue(filled(part.filename)));
  if (fileIssue) report("filename", fileIssue);
}

function checkKeywords(
  { body }: EndpointFacts,
  { part }: Placement,
  { encoding, media_type: type, filename }: ParamFrontMatter,
  report: Report,
): void {
  const isPart = part !== null && body === "multipart";
  if (encoding !== undefined && part === null) report("encoding", "is for body: multipart and body: raw");
  if (type !== undefined && !isPart) report("media_type", "is for body: multipart");
  if (filename !== undefined && !isPart) report("filename", "is for body: multipart");
  if (encoding !== undefined && part?.encoding === "json") report("encoding", "JSON has none");
}
