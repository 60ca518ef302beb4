import { type McpServer, ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import type { Backend } from "#mcp/backend.js";
import { orProtocolError } from "#mcp/refusal.js";

const task = { name: "task", description: "What to do with it; references that fit come along" };

/** The caller's skills as prompts, for clients that have only those. */
export function addPrompts(mcp: McpServer, backend: Backend): void {
  const { server } = mcp;
  server.registerCapabilities({ prompts: { listChanged: false } });
  server.setRequestHandler("prompts/list", ({ params }) =>
    orProtocolError(backend, async () => {
      const cursor = params?.cursor;
      const page = await backend.listSkillManifests({ query: cursor === undefined ? {} : { cursor } });
      const prompts = page.skills.map(({ name, frontmatter }) => ({
        name,
        description: String(frontmatter.description),
        arguments: [task],
      }));
      return page.next_cursor === null ? { prompts } : { prompts, nextCursor: page.next_cursor };
    }),
  );
  server.setRequestHandler("prompts/get", ({ params: { name, arguments: given = {} } }) =>
    orProtocolError(backend, async () => {
      const unknown = Object.keys(given).find((it) => it !== task.name);
      if (unknown !== undefined)
        throw new ProtocolError(
          ProtocolErrorCode.InvalidParams,
          `${unknown} is unknown: a prompt takes task.`,
        );
      return toPrompt(backend, name, given.task);
    }),
  );
}

async function toPrompt(backend: Backend, skill: string, query: string | undefined) {
  const found = await backend.querySkill({
    params: { skill },
    body: query === undefined ? {} : { query },
  });
  const { instructions, references, available_references: all, next_cursor: cursor } = found;
  const listed = all.filter((name) => !references.some(({ filename }) => filename === name));
  const parts = [
    instructions,
    ...(cursor
      ? [`They go on: read the rest by skill_query with skillId ${skill} and cursor ${cursor}`]
      : []),
    ...references.map(({ filename, content }) => `# ${filename}\n\n${content}`),
    ...(listed.length > 0
      ? [`More references, by skill_query with referenceFile: ${listed.join(", ")}`]
      : []),
    ...(query === undefined ? [] : [`Task: ${query}`]),
  ];
  return {
    description: found.skill.description,
    messages: [{ role: "user" as const, content: { type: "text" as const, text: parts.join("\n\n") } }],
  };
}
