import { badRequest } from "#core/errors.js";

const maxSlug = 40;

/**
 * A slug by the title of a description, which nobody has parsed yet: `Acme Shop API 2.1` is `acme-shop`.
 *
 * @throws SkillettError `bad_request` where there is no title, or none to make a slug of
 */
export function slugOf(text: string): string {
  const title = titleIn(text) ?? "";
  const parts = title
    .normalize("NFKD")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "" && !noise.has(word) && !/^v?\d+$/.test(word));
  const slug = parts
    .join("-")
    .slice(0, maxSlug)
    .replace(/^[\d-]+|-+$/g, "");
  if (slug !== "") return slug;
  throw badRequest([
    { at: "query.slug", message: "is missing, and the description has no title to take it from" },
  ]);
}

/** Words of titles that say nothing of the service. */
const noise = new Set(
  "the a an of for and api apis rest http public web service openapi swagger spec specification reference v".split(
    " ",
  ),
);

/** The first title of `info`, as JSON or as YAML; of a discovery document the name. */
function titleIn(text: string): string | undefined {
  const info = /["']?info["']?\s*:/.exec(text)?.index ?? 0;
  const rest = text.slice(info, info + 100_000);
  const [, json] = /"(?:title|canonicalName)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(rest) ?? [];
  const [, yaml] = /^[ \t]*title:[ \t]*["']?([^\r\n"']+)/m.exec(rest) ?? [];
  return json ?? yaml;
}
