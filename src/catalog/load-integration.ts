import type { Folder } from "#catalog/folder.js";
import type { IntegrationYaml, SkillFrontMatter } from "#catalog/front-matter.js";
import type { AuthMethod, Integration } from "#catalog/integration.js";
import { checkAuth, checkBaseUrl } from "#catalog/integration-rules.js";
import { type LoadedEndpoint, loadEndpoint } from "#catalog/load-endpoint.js";
import { skillFiles } from "#catalog/page.js";
import type { HttpMethod } from "#catalog/schema.js";
import { type Complaint, readMarkdown, readYaml } from "#catalog/source.js";
import type { Check } from "#core/schema-check.js";

/** Checks of the shapes in `front-matter.ts`. */
export interface Checks {
  integration: Check;
  endpoint: Check;
  skill: Check;
}

export interface LoadedIntegration {
  integration: Integration;
  endpoints: LoadedEndpoint[];
}

/** Reads an integration folder. Notes every complaint; null when there is no usable integration.yaml. */
export function loadIntegration(
  folder: Folder,
  baseUrl: string | undefined,
  checks: Checks,
  complaints: Complaint[],
): LoadedIntegration | null {
  const yaml = loadYaml(folder, checks.integration, complaints);
  const skill = loadSkill(folder, checks.skill, complaints);
  const endpoints = loadEndpoints(folder, checks.endpoint, complaints);
  if (!yaml) return null;
  return { integration: build(folder.slug, yaml, baseUrl, skill, endpoints), endpoints };
}

function loadYaml(folder: Folder, check: Check, complaints: Complaint[]): IntegrationYaml | null {
  const file = `${folder.slug}/integration.yaml`;
  const text = folder.read("integration.yaml");
  if (text === null) {
    complaints.push({ file, line: null, message: "is missing" });
    return null;
  }
  const source = readYaml(file, text, complaints);
  if (!source) return null;
  const faults = check(source.value);
  for (const { path, message } of faults) source.complain(path, message);
  if (faults.length > 0) return null;
  const yaml = source.value as IntegrationYaml;
  checkBaseUrl(yaml.base_url, (message) => source.complain(["base_url"], message));
  for (const [name, method] of Object.entries(yaml.auth)) checkAuth(name, method, source);
  return yaml;
}

function loadSkill(folder: Folder, check: Check, complaints: Complaint[]): string {
  const file = `${folder.slug}/SKILL.md`;
  const text = folder.read("SKILL.md");
  if (text === null) {
    complaints.push({ file, line: null, message: "is missing" });
    return "";
  }
  const markdown = readMarkdown(file, text, complaints);
  if (!markdown) return "";
  const faults = check(markdown.source.value);
  for (const { path, message } of faults) markdown.source.complain(path, message);
  const name = `skillett-${folder.slug}`;
  if (faults.length === 0 && (markdown.source.value as SkillFrontMatter).name !== name) {
    markdown.source.complain(["name"], `must be ${name}`);
  }
  return text;
}

function loadEndpoints(folder: Folder, check: Check, complaints: Complaint[]): LoadedEndpoint[] {
  const files = folder.endpointFiles(complaints);
  const loaded: LoadedEndpoint[] = [];
  const seen = new Map<string, string>();
  for (const path of files) {
    const result = loadEndpoint(`${folder.slug}/${path}`, folder.read(path) ?? "", check, complaints);
    if (!result) continue;
    const { name, file } = result.endpoint;
    const other = seen.get(name);
    if (other !== undefined) result.source.complain([], `the name ${name} is taken by ${other}`);
    seen.set(name, file);
    loaded.push(result);
  }
  if (files.length === 0) {
    complaints.push({ file: `${folder.slug}/endpoints`, line: null, message: "has no endpoint files" });
  }
  return loaded;
}

function build(
  slug: string,
  yaml: IntegrationYaml,
  baseUrl: string | undefined,
  skill: string,
  loaded: LoadedEndpoint[],
): Integration {
  const endpoints = loaded.map(({ endpoint }) => endpoint);
  const [method, path] = yaml.account.request.split(" ") as [HttpMethod, string];
  return {
    slug,
    name: yaml.name,
    description: yaml.description,
    category: yaml.category,
    baseUrl: (baseUrl ?? yaml.base_url).replace(/\/+$/, ""),
    headers: yaml.headers ?? {},
    auth: Object.fromEntries(Object.entries(yaml.auth).map(([name, auth]) => [name, authMethod(auth)])),
    account: { method, path, id: yaml.account.id, name: yaml.account.name },
    authFailed: yaml.auth_failed ?? null,
    suggestedSkills: yaml.suggested_skills ?? [],
    endpoints: new Map(endpoints.map((endpoint) => [endpoint.name, endpoint])),
    files: skillFiles(skill, endpoints),
  };
}

function authMethod({ fields, headers = {}, query = {} }: IntegrationYaml["auth"][string]): AuthMethod {
  return { fields, headers, query };
}
