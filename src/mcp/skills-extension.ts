import type { McpServer } from "@modelcontextprotocol/server";
import { type SkillSource, SkillsExtension } from "@modelcontextprotocol/server/ext/skills";
import type { Backend } from "#mcp/backend.js";
import { orProtocolError } from "#mcp/refusal.js";
import { childrenOf, type Manifest, mimeType, placeOf, toSkill, uriOf } from "#mcp/skill-uri.js";

/**
 * Serves the caller's skills as the Skills extension has them: `skill://{name}/{path}`.
 *
 * @see SEP-2640
 */
export function addSkills(mcp: McpServer, backend: Backend): void {
  // It would warn of skills that it leaves out; those are served by the tools alone.
  const extension = new SkillsExtension({ source: createSource(backend), onWarning: () => {} });
  extension.attach(mcp);
}

function createSource(backend: Backend): SkillSource {
  const find = (skill: string) => orUndefined(backend, backend.getSkillManifest({ params: { skill } }));
  return {
    list: ({ cursor }) => orProtocolError(backend, () => listSkills(backend, cursor)),
    get: (uri) =>
      orProtocolError(backend, async () => {
        const place = placeOf(uri);
        const manifest = place?.path === "SKILL.md" ? await find(place.name) : undefined;
        return manifest && toSkill(manifest);
      }),
    read: (uri) => orProtocolError(backend, () => readFile(backend, uri)),
    readDirectory: (uri) =>
      orProtocolError(backend, async () => {
        const place = placeOf(uri);
        const manifest = place && (await find(place.name));
        return manifest && childrenOf(manifest, place.path);
      }),
    listResources: () => orProtocolError(backend, () => listResources(backend)),
  };
}

async function listSkills(backend: Backend, cursor: string | undefined) {
  const page = await backend.listSkillManifests({ query: cursor === undefined ? {} : { cursor } });
  const skills = page.skills.map(toSkill);
  return page.next_cursor === null ? { skills } : { skills, nextCursor: page.next_cursor };
}

/**
 * A small set by nature, for which the protocol has no pages here: with more skills, clients use the list of skills,
 * which has pages.
 */
async function listResources(backend: Backend) {
  const { skills } = await backend.listSkillManifests({});
  return skills.map((skill: Manifest) => ({
    uri: uriOf(skill.name, "SKILL.md"),
    name: skill.name,
    description: String(skill.frontmatter.description),
    mimeType: "text/markdown",
  }));
}

async function readFile(backend: Backend, uri: string) {
  const place = placeOf(uri);
  if (!place || place.path === "") return undefined;
  const input = { params: { name: place.name, "*": place.path } };
  const file = await orUndefined(backend, backend.getPublishedFile(input));
  if (!file) return undefined;
  const { bytes } = file;
  const type = { mimeType: mimeType(place.path) };
  const text = losslessText(bytes);
  return text === undefined ? { bytes, ...type } : { text, ...type };
}

/** Text only where it gives the same bytes back: digests are made of them. */
function losslessText(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

async function orUndefined<T>(backend: Backend, work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (backend.toErrorBody(error).error === "not_found") return undefined;
    throw error;
  }
}
