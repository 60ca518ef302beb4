import type { EndpointFrontMatter } from "#catalog/front-matter.js";
import { sent } from "#catalog/load/check-example.js";
import { buildEndpoint } from "#catalog/load/load-endpoint.js";
import { createPlanner } from "#catalog/request/plan.js";
import type { Effect, HttpMethod } from "#catalog/schema.js";
import type { ScopeNeed } from "#catalog/scope-need.js";
import type { Request } from "#importer/write/front-matter.js";
import type { ImportedFile } from "#importer/write/main-files.js";
import { writeYaml } from "#importer/write/yaml.js";

/** An operation of a description as an endpoint. */
export interface ImportedEndpoint extends Request {
  name: string;
  /** Folder of its file. */
  resource: string;
  summary: string;
  method: HttpMethod;
  effect: Effect;
  target: string | null;
  scopes: ScopeNeed[];
  returns: string;
  page: object | null;
  items: string | null;
  /** Markdown. */
  advice: string;
  /** Params of its example. */
  example: Record<string, unknown>;
}

/** The text of an endpoint's file, and what it says. @see docs/integrations.md */
export function writeEndpointFile(
  file: string,
  endpoint: ImportedEndpoint,
): Pick<ImportedFile, "text" | "known"> {
  const { params: given, target, page, items, advice, ...facts } = endpoint;
  const matter = {
    summary: facts.summary,
    request: `${facts.method} ${facts.path}`,
    ...(Object.keys(given).length > 0 ? { params: given } : {}),
    ...(facts.body ? { body: facts.body } : {}),
    ...(facts.media_type ? { media_type: facts.media_type } : {}),
    ...(facts.body_root ? { body_root: facts.body_root } : {}),
    ...(facts.constants ? { constants: facts.constants } : {}),
    effect: facts.effect,
    ...(target === null ? {} : { target }),
    scopes: facts.scopes,
    returns: facts.returns,
    ...(items === null ? {} : { items }),
    ...(page === null ? {} : { page }),
  } as EndpointFrontMatter;
  const example = { params: facts.example, sends: requestOf(file, matter, facts.example) };
  // As it is read from the text: without what is undefined, and with nothing that is in two places at once.
  const value = JSON.parse(JSON.stringify({ ...matter, example }));
  return { text: `---\n${writeYaml(value)}---\n${advice}\n`, known: { value, body: advice.trim() } };
}

/** Examples say what stands behind the base URL. */
const nowhere = { baseUrl: "", baseUrls: {} };

/** The request that the params of the example make. */
function requestOf(file: string, matter: EndpointFrontMatter, params: Record<string, unknown>): object {
  const facts = buildEndpoint(file, matter);
  const plan = createPlanner({ ...nowhere, headers: {} }, facts, () => [])(params);
  return sent(nowhere, facts, plan);
}
