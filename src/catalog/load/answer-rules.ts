import type { BodyMatch } from "#catalog/body.js";
import type { IntegrationYaml } from "#catalog/front-matter.js";
import type { Endpoint } from "#catalog/integration.js";
import { checkPaging } from "#catalog/load/paging-rules.js";
import type { Source } from "#catalog/load/source.js";

type ShortMatch = NonNullable<NonNullable<IntegrationYaml["refused"]>["body"]>;

/** A single value is a list of one. */
export function toMatch(match: ShortMatch): BodyMatch {
  return Object.fromEntries(Object.entries(match).map(([path, values]) => [path, [values].flat()]));
}

/**
 * Reports rules about answers that can never apply: `refused` without a condition, `page` with params that no
 * endpoint has.
 */
export function checkAnswers(
  { yaml: { refused, page }, source }: { yaml: IntegrationYaml; source: Source },
  endpoints: readonly Endpoint[],
): void {
  if (refused && !refused.body && !refused.present) {
    source.report(["refused"], "says when: body for what the answer says, present for what it has");
  }
  if (refused?.absent && !refused.present) source.report(["refused", "absent"], "is for what present finds");
  const known = Object.assign({}, ...endpoints.map(({ params }) => params.properties));
  checkPaging(page, known, "is a param of no endpoint", source);
  const isByLink = page?.kind === "link_header" || page?.kind === "next_url";
  if (isByLink && !("param" in page)) {
    source.report(["page"], `kind ${page.kind} needs param here: one that endpoints with pages take`);
  }
}
