import { stringify } from "yaml";
import type { EndpointFrontMatter } from "#catalog/front-matter.js";
import { sent } from "#catalog/load/check-example.js";
import { buildEndpoint } from "#catalog/load/load-endpoint.js";
import { createPlanner } from "#catalog/request/plan.js";
import type { Effect, HttpMethod } from "#catalog/schema.js";
import type { ScopeNeed } from "#catalog/scope-need.js";
import type { Request } from "#importer/write/front-matter.js";

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

/** The text of an endpoint's file. @see docs/integrations.md */
export function writeEndpointFile(file: string, endpoint: ImportedEndpoint): string {
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
  const text = stringify({ ...matter, example }, { lineWidth: 0, aliasDuplicateObjects: false });
  return `---\n${text}---\n${advice}\n`;
}

/** Examples say what stands behind the base URL. */
const nowhere = { baseUrl: "", baseUrls: {} };

/** The request that the params of the example make. */
function requestOf(file: string, matter: EndpointFrontMatter, params: Record<string, unknown>): object {
  const facts = buildEndpoint(file, matter);
  const plan = createPlanner({ ...nowhere, headers: {} }, facts, () => [])(params);
  return sent(nowhere, facts, plan);
}
