import { stringify } from "yaml";
import type { EndpointFrontMatter } from "#catalog/front-matter.js";
import { exampleFiles, sent } from "#catalog/load/check-example.js";
import { buildEndpoint } from "#catalog/load/load-endpoint.js";
import { createPlanner } from "#catalog/request/plan.js";
import type { Effect, HttpMethod } from "#catalog/schema.js";
import type { ScopeNeed } from "#catalog/scope-need.js";
import type { ExampleParams } from "#importer/write/example-params.js";
import type { Request } from "#importer/write/front-matter.js";

/** An operation of a description as an endpoint. */
export interface ImportedEndpoint extends Request {
  name: string;
  /** Folder of its file. */
  resource: string;
  summary: string;
  method: HttpMethod;
  /** The name of its base URL, when it is not that of the integration. */
  base: string | null;
  effect: Effect;
  irreversible: boolean;
  target: string | null;
  scopes: ScopeNeed[];
  returns: string;
  page: object | null;
  items: string | null;
  deprecated: boolean;
  /** Markdown. */
  advice: string;
  example: ExampleParams;
}

/** The text of an endpoint's file. @see docs/integrations.md */
export function writeEndpointFile(file: string, endpoint: ImportedEndpoint): string {
  const { params: given, target, page, items, advice, ...facts } = endpoint;
  const matter = {
    summary: facts.summary,
    request: `${facts.method} ${facts.path}`,
    ...(facts.base === null ? {} : { base: facts.base }),
    ...(Object.keys(given).length > 0 ? { params: given } : {}),
    ...(facts.body ? { body: facts.body } : {}),
    ...(facts.media_type ? { media_type: facts.media_type } : {}),
    ...(facts.body_root ? { body_root: facts.body_root } : {}),
    ...(facts.constants ? { constants: facts.constants } : {}),
    effect: facts.effect,
    ...(facts.irreversible ? { irreversible: true } : {}),
    ...(target === null ? {} : { target }),
    scopes: facts.scopes,
    returns: facts.returns,
    ...(items === null ? {} : { items }),
    ...(page === null ? {} : { page }),
  } as EndpointFrontMatter;
  const { params, files } = facts.example;
  const shown = { params, ...(Object.keys(files).length > 0 ? { files } : {}) };
  const example = { ...shown, sends: requestOf(file, { ...matter, example: shown } as EndpointFrontMatter) };
  const text = stringify({ ...matter, example }, { lineWidth: 0, aliasDuplicateObjects: false });
  return `---\n${text}---\n${advice}\n`;
}

/** Examples say what stands behind the base URL. */
const nowhere = { baseUrl: "", baseUrls: {} };

/** The request that the params of the example make. */
function requestOf(file: string, matter: EndpointFrontMatter): object {
  const endpoint = { ...buildEndpoint(file, matter), base: null };
  const { facts, bytesOf } = exampleFiles(endpoint);
  const plan = createPlanner({ ...nowhere, headers: {} }, endpoint, () => [])(endpoint.example.params, facts);
  return sent(nowhere, endpoint, plan, bytesOf);
}
