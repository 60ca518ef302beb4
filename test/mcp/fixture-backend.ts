import { createHash } from "node:crypto";
import { errorBody, SkillettError } from "#core/errors.js";
import { toSkillettError } from "#http/errors.js";
import type { Backend } from "#mcp/backend.js";

const description = "How a release is made.";
const contents: Record<string, string> = {
  "SKILL.md": `---\nname: release\ndescription: ${description}\n---\nTag, build, publish.\n`,
  "references/CHECKS.md": "# Checks\n\nAll of them.\n",
  "scripts/tag.sh": "git tag\n",
};

const manifest = {
  name: "release",
  version: "1.0.0",
  frontmatter: { name: "release", description },
  files: Object.entries(contents).map(([path, content]) => ({
    path,
    size: Buffer.byteLength(content),
    digest: `sha256:${createHash("sha256").update(content).digest("hex")}`,
    executable: false,
  })),
};

/** Serves one skill with folders in it, and refuses everything else as not there. */
export function fixtureBackend(): Backend {
  const nothing = async () => {
    throw new SkillettError("not_found", { message: "Not in this fixture." });
  };
  const found = async <T>(value: T | undefined): Promise<T> => value ?? nothing();
  return {
    listIntegrations: nothing,
    getIntegration: nothing,
    getEndpoint: nothing,
    querySkill: nothing,
    discoverSkills: nothing,
    discoverConnectors: nothing,
    requestTask: nothing,
    executeEndpoint: nothing,
    getResult: nothing,
    listSkillManifests: async () => ({ skills: [manifest], next_cursor: null }),
    getSkillManifest: ({ params }) => found(params.skill === manifest.name ? manifest : undefined),
    getPublishedFile: async ({ params }) => {
      const content = params.name === manifest.name ? contents[params["*"]] : undefined;
      return { bytes: Buffer.from(await found(content)), headers: {} };
    },
    toErrorBody: (error) => errorBody(toSkillettError(error), "req_0", "http://localhost"),
  };
}
