import { basename } from "node:path/posix";
import { stringify } from "yaml";
import { type FileProblem, type Known, readMarkdown, readYaml } from "#catalog/load/source.js";
import { type Draft, type DraftFile, providerFile, type Refined } from "#integrations/load-folder.js";

/** A generated folder with the words of a person in it. */
export interface RefinedFolder {
  draft: Draft;
  refined: Refined;
  /** Files of the overlay that fit nothing: what they refine is gone. */
  unused: string[];
  problems: FileProblem[];
}

type Matter = Record<string, unknown>;

/**
 * Puts an overlay over a generated folder: a file of it that is there has its front matter key by key (params by name;
 * null removes) and its body, unless that is empty. A file that is whole by itself is added.
 *
 * @param formerly names that an endpoint had before, by its name
 */
export function refine(
  slug: string,
  generated: Draft,
  overlay: ReadonlyMap<string, string>,
  formerly: ReadonlyMap<string, readonly string[]>,
): RefinedFolder {
  const draft = new Map(generated);
  const refined = new Map<string, "person" | "generated">();
  const problems: FileProblem[] = [];
  const unused: string[] = [];
  const paths = pathsByName(generated, formerly);
  for (const [path, text] of overlay) {
    if (path === providerFile) {
      const message =
        "says how people sign in at the server, as the server itself tells: it cannot be refined";
      problems.push({ file: `${slug}/${path}`, line: null, message });
      continue;
    }
    if (!path.startsWith("endpoints/")) {
      const merged = mergeMain(slug, path, generated.get(path), text, problems);
      if (merged) draft.set(path, merged);
      continue;
    }
    const file = readMarkdown(`${slug}/${path}`, text, problems);
    if (!file) continue;
    const own = asMatter(file.source.value);
    const place = paths.get(basename(path, ".md"));
    if (place !== undefined) {
      draft.set(place, mergeEndpoint(slug, place, generated.get(place)!, { text, own, body: file.body }));
      refined.set(place, "example" in own ? "person" : "generated");
    } else if ("request" in own || "steps" in own) {
      draft.set(path, { text });
      refined.set(path, "person");
    } else unused.push(path);
  }
  return { draft, refined, unused, problems };
}

function pathsByName(
  generated: Draft,
  formerly: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, string> {
  const paths = [...generated.keys()].filter((path) => path.startsWith("endpoints/"));
  const byName = new Map(paths.map((path) => [basename(path, ".md"), path]));
  const before = [...formerly].flatMap(([name, names]) =>
    names.flatMap((it) => (byName.has(name) ? [[it, byName.get(name)!] as const] : [])),
  );
  return new Map([...before, ...byName]);
}

/** The lines of problems are those of the overlay, which somebody wrote. */
function mergeEndpoint(
  slug: string,
  path: string,
  generated: DraftFile,
  { text, own, body }: { text: string; own: Matter; body: string },
): DraftFile {
  const known = generated.known ?? knownOf(slug, path, generated.text);
  const { params, ...base } = asMatter(known.value);
  const { params: ownParams, ...ownBase } = own;
  const merged = mergeKeys(base, ownBase);
  const all = mergeParams(asMatter(params), asMatter(ownParams));
  const value = Object.keys(all).length > 0 ? { ...merged, params: all } : merged;
  return { text, known: { value, body: body === "" ? known.body : body } };
}

function knownOf(slug: string, path: string, text: string): Known {
  const read = readMarkdown(`${slug}/${path}`, text, []);
  return { value: read?.source.value, body: read?.body ?? "" };
}

/** Each param has the keys of both. */
function mergeParams(base: Matter, own: Matter): Matter {
  const merged = Object.entries(own).map(([name, param]) => {
    const isBoth = isMatter(param) && isMatter(base[name]);
    return [name, isBoth ? mergeKeys(base[name] as Matter, param) : param];
  });
  return withoutNull({ ...base, ...Object.fromEntries(merged) });
}

const mergeKeys = (base: Matter, own: Matter): Matter => withoutNull({ ...base, ...own });

function withoutNull(matter: Matter): Matter {
  return Object.fromEntries(Object.entries(matter).filter(([, value]) => value !== null));
}

/** Null where the overlay cannot be read, which has been reported. */
function mergeMain(
  slug: string,
  path: string,
  generated: DraftFile | undefined,
  text: string,
  problems: FileProblem[],
): DraftFile | null {
  const file = `${slug}/${path}`;
  if (!generated) return { text };
  if (path === "SKILL.md") {
    const read = readMarkdown(file, text, problems);
    if (!read) return null;
    const base = knownOf(slug, path, generated.text);
    const matter = mergeKeys(asMatter(base.value), asMatter(read.source.value));
    return {
      text: `---\n${stringify(matter, { lineWidth: 0 })}---\n${read.body === "" ? base.body : read.body}\n`,
    };
  }
  if (path !== "integration.yaml" && path !== "search.yaml") return null;
  const source = readYaml(file, text, problems);
  if (!source) return null;
  const base = generated.known?.value ?? readYaml(file, generated.text, [])?.value;
  return { text, known: { value: mergeKeys(asMatter(base), asMatter(source.value)), body: "" } };
}

const isMatter = (value: unknown): value is Matter =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const asMatter = (value: unknown): Matter => (isMatter(value) ? value : {});
