import type { EndpointFrontMatter, IntegrationYaml } from "#catalog/front-matter.js";
import type { LoadedEndpoint } from "#catalog/load/load-endpoint.js";
import { checkRateLimit, checkRefusals } from "#catalog/load/load-refusals.js";
import { checkPaging } from "#catalog/load/paging-rules.js";
import type { Source } from "#catalog/load/source.js";

/**
 * Reports rules about answers that can never apply: `refused` without a condition, `page` with params that no
 * endpoint has.
 */
export function checkAnswers(
  { yaml: { refused, refusals, rate_limit, page }, source }: { yaml: IntegrationYaml; source: Source },
  endpoints: readonly LoadedEndpoint[],
): void {
  if (refused && !refused.body && !refused.present) {
    source.report(["refused"], "says when: body for what the answer says, present for what it has");
  }
  if (refused?.absent && !refused.present) source.report(["refused", "absent"], "is for what present finds");
  const isGraphql = ({ endpoint }: LoadedEndpoint) => endpoint.isGraphql;
  checkRefusals(refusals, refused !== undefined || endpoints.some(isGraphql), source);
  for (const loaded of endpoints) {
    const { refusals: own } = loaded.source.value as EndpointFrontMatter;
    checkRefusals(own, refused !== undefined || isGraphql(loaded), loaded.source);
  }
  checkRateLimit(rate_limit, source);
  const known = Object.assign({}, ...endpoints.map(({ endpoint }) => endpoint.params.properties));
  checkPaging(page, known, "is a param of no endpoint", source);
  const isByLink = page?.kind === "link_header" || page?.kind === "next_url";
  if (isByLink && !("param" in page)) {
    source.report(["page"], `kind ${page.kind} needs param here: one that endpoints with pages take`);
  }
}
