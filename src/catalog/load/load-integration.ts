import type { IntegrationYaml, SearchYaml, SkillFrontMatter } from "#catalog/front-matter.js";
import type { AccountProbe, AuthMethod, Integration, SearchHints } from "#catalog/integration.js";
import { checkAnswers } from "#catalog/load/answer-rules.js";
import { checkBesideAuth } from "#catalog/load/constant-rules.js";
import type { Folder } from "#catalog/load/folder.js";
import { checkInside } from "#catalog/load/inside-rules.js";
import { type KnownProviders, loadAuth } from "#catalog/load/load-auth.js";
import { callableOf, isComposite, loadComposite } from "#catalog/load/load-composite.js";
import { type EndpointFile, type LoadedEndpoint, loadEndpoint } from "#catalog/load/load-endpoint.js";
import { toRateLimit, toRefusals, toRefused } from "#catalog/load/load-refusals.js";
import { isTool, loadTool } from "#catalog/load/load-tool.js";
import { checkNames } from "#catalog/load/name-rules.js";
import { toPaging } from "#catalog/load/paging-rules.js";
import { checkCalls, checkProtocol } from "#catalog/load/protocol-rules.js";
import { checkBase, checkSettings, toSettings } from "#catalog/load/setting-rules.js";
import { type FileProblem, readMarkdown, readYaml, type Source } from "#catalog/load/source.js";
import { withoutSlash } from "#catalog/load/url-rules.js";
import type { HttpMethod } from "#catalog/schema.js";
import type { Check } from "#core/schema-check.js";

/** Checks of the shapes in `front-matter.ts`. */
export interface Checks {
  integration: Check;
  endpoint: Check;
  composite: Check;
  tool: Check;
  skill: Check;
  search: Check;
}

export interface LoadedIntegration {
  integration: Integration;
  endpoints: LoadedEndpoint[];
}

/** Reads an integration folder. Notes every problem; null when there is no usable integration.yaml. */
export function loadIntegration(
  folder: Folder,
  providers: KnownProviders,
  checks: Checks,
  problems: FileProblem[],
): LoadedIntegration | null {
  const main = loadMain(folder, providers, checks.integration, problems);
  const skill = loadSkill(folder, checks.skill, problems);
  const endpoints = loadEndpoints(folder, checks, problems, main?.yaml.protocol !== "mcp");
  const search = loadSearch(folder, checks.search, problems);
  if (!main) return null;
  for (const { endpoint, source } of endpoints) {
    checkBesideAuth(endpoint, main.auth, source);
    checkBase(endpoint, main.yaml, source);
    checkCalls(main.yaml.protocol, { endpoint, source });
  }
  checkAnswers(main, endpoints);
  return { integration: build(folder.slug, main, providers, skill, search, endpoints), endpoints };
}

interface Main {
  source: Source;
  yaml: IntegrationYaml;
  auth: Record<string, AuthMethod>;
}

function loadMain(
  folder: Folder,
  providers: KnownProviders,
  check: Check,
  problems: FileProblem[],
): Main | null {
  const file = `${folder.slug}/integration.yaml`;
  const text = folder.read("integration.yaml");
  if (text === null) {
    problems.push({ file, line: null, message: "is missing" });
    return null;
  }
  const source = readYaml(file, text, problems, { known: folder.known?.("integration.yaml") });
  if (!source) return null;
  const issues = check(source.value);
  for (const { path, message } of issues) source.report(path, message);
  if (issues.length > 0) return null;
  const yaml = source.value as IntegrationYaml;
  checkSettings(yaml, providers, source);
  checkInside(yaml, source);
  checkProtocol(yaml, source);
  const auth = loadAuth(yaml.auth, providers, source);
  return auth && { source, yaml, auth };
}

function loadSkill(folder: Folder, check: Check, problems: FileProblem[]): string {
  const file = `${folder.slug}/SKILL.md`;
  const text = folder.read("SKILL.md");
  if (text === null) {
    problems.push({ file, line: null, message: "is missing" });
    return "";
  }
  const markdown = readMarkdown(file, text, problems);
  if (!markdown) return "";
  const issues = check(markdown.source.value);
  for (const { path, message } of issues) markdown.source.report(path, message);
  const name = `skillett-${folder.slug}`;
  if (issues.length === 0 && (markdown.source.value as SkillFrontMatter).name !== name) {
    markdown.source.report(["name"], `must be ${name}`);
  }
  return text;
}

/** Reads `search.yaml`, which a folder need not have. */
function loadSearch(folder: Folder, check: Check, problems: FileProblem[]): SearchHints {
  const nothing = { onlyWhenNamed: false, words: [], shapes: [], lacks: [] };
  const text = folder.read("search.yaml");
  if (text === null) return nothing;
  const known = folder.known?.("search.yaml");
  const source = readYaml(`${folder.slug}/search.yaml`, text, problems, { known });
  if (!source) return nothing;
  const issues = check(source.value);
  for (const { path, message } of issues) source.report(path, message);
  if (issues.length > 0) return nothing;
  const { only_when_named: onlyWhenNamed = false, ...hints } = source.value as SearchYaml;
  return { ...nothing, ...hints, onlyWhenNamed };
}

/** @param needsSome an MCP server may have no tools, or show none without a credential */
function loadEndpoints(
  folder: Folder,
  checks: Checks,
  problems: FileProblem[],
  needsSome: boolean,
): LoadedEndpoint[] {
  const paths = folder.endpointFiles(problems);
  const files = paths.flatMap(
    (path) =>
      readMarkdown(`${folder.slug}/${path}`, folder.read(path) ?? "", problems, folder.known?.(path)) ?? [],
  );
  if (paths.length === 0 && needsSome) {
    problems.push({ file: `${folder.slug}/endpoints`, line: null, message: "has no endpoint files" });
  }
  const read = (file: EndpointFile) =>
    (isTool(file) ? loadTool(file, checks.tool) : loadEndpoint(file, checks.endpoint)) ?? [];
  const loaded = files.filter((it) => !isComposite(it)).flatMap(read);
  const callable = callableOf(loaded, files);
  const compose = (file: EndpointFile) => loadComposite(file, checks.composite, callable) ?? [];
  const all = [...loaded, ...files.filter(isComposite).flatMap(compose)].sort(byFile);
  checkNames(all);
  return all;
}

const byFile = ({ endpoint: a }: LoadedEndpoint, { endpoint: b }: LoadedEndpoint) =>
  a.file < b.file ? -1 : 1;

function build(
  slug: string,
  { yaml, auth }: Main,
  providers: KnownProviders,
  skill: string,
  search: SearchHints,
  loaded: LoadedEndpoint[],
): Integration {
  const endpoints = loaded.map(({ endpoint }) => endpoint);
  return {
    slug,
    isBrought: false,
    name: yaml.name,
    description: yaml.description,
    category: yaml.category,
    baseUrl: baseUrlOf(yaml),
    protocol: yaml.protocol ?? "http",
    baseUrls: Object.fromEntries(
      Object.entries(yaml.base_urls ?? {}).map(([name, url]) => [name, withoutSlash(url)]),
    ),
    settings: toSettings(yaml, providers),
    discover: yaml.discover ? { list: null, name: null, ...yaml.discover } : null,
    headers: yaml.headers ?? {},
    auth,
    account: yaml.account ? accountProbe(yaml.account) : null,
    refusals: toRefusals(yaml.refusals),
    refused: yaml.refused ? toRefused(yaml.refused) : null,
    rateLimit: toRateLimit(yaml.rate_limit),
    repeatGuard: yaml.idempotency ?? null,
    page: toPaging(yaml.page),
    items: yaml.items ?? null,
    search,
    checkedOn: yaml.checked_on ?? null,
    suggestedSkills: yaml.suggested_skills ?? [],
    endpoints: new Map(endpoints.map((endpoint) => [endpoint.name, endpoint])),
    skill,
  };
}

/** Paths are appended to it; the URL of an MCP server is taken to the letter. */
const baseUrlOf = ({ base_url: url, protocol }: IntegrationYaml) =>
  protocol === "mcp" ? url : withoutSlash(url);

function accountProbe({ request, id, name }: NonNullable<IntegrationYaml["account"]>): AccountProbe {
  const [method, path] = request.split(" ") as [HttpMethod, string];
  return { method, path, id, name };
}
