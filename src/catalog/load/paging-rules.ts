import type { EndpointFrontMatter } from "#catalog/front-matter.js";
import type { Source } from "#catalog/load/source.js";
import type { Paging } from "#catalog/paging-kinds.js";
import type { ParamSchema } from "#catalog/schema.js";
import { didYouMean } from "#core/suggest.js";

export type PageYaml = NonNullable<EndpointFrontMatter["page"]>;
type Kind = Paging["kind"];
type LongForm = Extract<PageYaml, { kind: Kind }>;
type Key = Exclude<keyof LongForm, "kind" | "more" | "last">;

/** The keys of each kind, beside `more` and `last`; those in `needs` must be there. */
const keysOf: Record<Kind, { needs: Key[]; takes: Key[] }> = {
  link_header: { needs: [], takes: ["param"] },
  cursor: { needs: ["params"], takes: [] },
  next_url: { needs: ["url"], takes: ["param"] },
  last_item: { needs: ["param"], takes: ["id", "limit"] },
  offset: { needs: ["param"], takes: ["first", "limit", "total"] },
  page: { needs: ["param"], takes: ["first", "limit", "total", "pages"] },
};

const isLong = (page: PageYaml): page is LongForm => "kind" in page;

/** Params with dotted paths alone are the short form of `kind: cursor`. */
export function toPaging(page: PageYaml | undefined): Paging | null {
  if (page === undefined) return null;
  const { kind, ...says }: LongForm = isLong(page) ? page : { kind: "cursor", params: page };
  const {
    params = {},
    param = null,
    limit = null,
    total = null,
    pages = null,
    more = null,
    last = null,
  } = says;
  const path = says.url ?? says.id ?? "id";
  return {
    kind,
    params,
    param,
    path,
    first: says.first ?? (kind === "page" ? 1 : 0),
    limit,
    total,
    pages,
    more,
    last,
  };
}

/**
 * Reports what a `page` cannot mean.
 *
 * @param known schemas of the params that it may name
 * @param where who has to have them: `is not in params`
 */
export function checkPaging(
  page: PageYaml | undefined,
  known: Readonly<Record<string, ParamSchema>>,
  where: string,
  source: Source,
): void {
  if (page === undefined) return;
  if (isLong(page)) checkKeys(page, source);
  const prefix = isLong(page) ? ["page", "params"] : ["page"];
  const names: [path: string[], name: string][] = [
    ...Object.keys((isLong(page) ? page.params : page) ?? {}).map((name): [string[], string] => [
      [...prefix, name],
      name,
    ]),
    ...(["param", "limit"] as const).flatMap((key): [string[], string][] => {
      const name = isLong(page) ? page[key] : undefined;
      return name === undefined ? [] : [[["page", key], name]];
    }),
  ];
  for (const [path, name] of names) {
    if (!Object.hasOwn(known, name)) {
      const named = path.at(-1) === name ? "" : `${name} `;
      source.report(path, `${named}${where}.${didYouMean(name, Object.keys(known))}`);
    }
  }
}

function checkKeys(page: LongForm, source: Source): void {
  const { kind, more, last, ...says } = page;
  const { needs, takes } = keysOf[kind];
  for (const key of needs) if (says[key] === undefined) source.report(["page"], `kind ${kind} needs ${key}`);
  for (const key of Object.keys(says) as Key[]) {
    if (!needs.includes(key) && !takes.includes(key)) {
      source.report(
        ["page", key],
        `is not for kind ${kind}, which takes ${[...needs, ...takes, "more", "last"].join(", ")}`,
      );
    }
  }
  if (more !== undefined && last !== undefined)
    source.report(["page", "last"], "contradicts more: say one of them");
  if (kind === "page" && page.total !== undefined && page.limit === undefined) {
    source.report(["page", "total"], "needs limit: how many items a page has");
  }
}
