import type { EndpointFrontMatter } from "#catalog/front-matter.js";
import { exampleFiles, sent } from "#catalog/load/check-example.js";
import { checkEndpoint } from "#catalog/load/endpoint-rules.js";
import { buildEndpoint } from "#catalog/load/load-endpoint.js";
import { createPlanner } from "#catalog/request/plan.js";
import type { Effect, HttpMethod } from "#catalog/schema.js";
import type { ScopeNeed } from "#catalog/scope-need.js";
import { SkillettError } from "#core/errors.js";
import { Unsupported } from "#importer/unsupported.js";
import type { ExampleParams } from "#importer/write/example-params.js";
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
  /** The name of its base URL, when it is not that of the integration. */
  base: string | null;
  /** The query of one that is sent to GraphQL. */
  graphql?: string;
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

/** The text of an endpoint's file, and what it says. @see docs/integrations.md */
export function writeEndpointFile(
  file: string,
  endpoint: ImportedEndpoint,
): Pick<ImportedFile, "text" | "known"> {
  const { params: given, target, page, items, advice, ...facts } = endpoint;
  const matter = {
    summary: facts.summary,
    request: `${facts.method} ${facts.path}`,
    ...(facts.base === null ? {} : { base: facts.base }),
    ...(Object.keys(given).length > 0 ? { params: given } : {}),
    ...(facts.graphql ? { graphql: facts.graphql } : {}),
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
    ...(facts.deprecated ? { deprecated: {} } : {}),
  } as EndpointFrontMatter;
  const { params, files } = facts.example;
  const shown = { params, ...(Object.keys(files).length > 0 ? { files } : {}) };
  const sends = requestOf(file, { ...matter, example: { ...shown, sends: {} } } as EndpointFrontMatter);
  // As it is read from the text: without what is undefined, and with nothing that is in two places at once.
  const value = JSON.parse(JSON.stringify({ ...matter, example: { ...shown, sends } }));
  return { text: `---\n${writeYaml(value)}---\n${advice}\n`, known: { value, body: advice.trim() } };
}

/** Examples say what stands behind the base URL. */
const nowhere = { baseUrl: "", baseUrls: {} };

/**
 * The request that the params of the example make.
 *
 * @throws Unsupported for an endpoint that no server would load
 */
function requestOf(file: string, matter: EndpointFrontMatter): object {
  const endpoint = { ...buildEndpoint(file, matter), base: null };
  const problems: string[] = [];
  checkEndpoint(endpoint, matter, { file, value: matter, report: (_, message) => problems.push(message) });
  if (problems.length > 0) throw new Unsupported(problems[0]);
  const { facts, bytesOf } = exampleFiles(endpoint);
  try {
    const planner = createPlanner({ ...nowhere, headers: {} }, endpoint, () => []);
    return sent(nowhere, endpoint, planner(endpoint.example.params, facts), bytesOf);
  } catch (error) {
    if (!(error instanceof SkillettError)) throw error;
    throw new Unsupported("no example of a call is known");
  }
}
