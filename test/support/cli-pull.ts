import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCli } from "#cli/cli.js";
import { type Answers, createTestHost, type HostOptions, startServer } from "#support/cli.js";

/** For tests of what writes skills: a project, and a server that has some. */

type File = { file_path: string; content: string; encoding?: "base64"; executable?: boolean };

export interface Shelf {
  /** Files by slug, for everybody. */
  files: Record<string, File[]>;
  /** Slugs that are assigned. */
  assigned: string[];
}

export const skillMd = (name: string, body = "Do it.") =>
  `---\nname: ${name}\ndescription: What it is for.\nmetadata:\n  version: "1.2.0"\n---\n${body}\n`;

export const file = (file_path: string, content: string): File => ({ file_path, content });

/** One integration, and two skills that are assigned. */
export const createShelf = (): Shelf => ({
  files: {
    github: [
      file("SKILL.md", skillMd("skillett-github")),
      file("endpoints/issues/create_issue.md", "POST\n"),
    ],
    notes: [file("SKILL.md", skillMd("notes")), file("references/LONG.md", "Long.\n")],
    triage: [file("SKILL.md", skillMd("triage"))],
  },
  assigned: ["notes", "triage"],
});

const notFound = {
  status: 404,
  json: { error: "not_found", message: "Skill not found.", retryable: false, request_id: "r" },
};

const serving =
  (shelf: Shelf): Answers =>
  ({ url }) => {
    if (url === "/v1/agent/skills")
      return { json: { agent_id: "a", skills: shelf.assigned.map((slug) => ({ slug, version: "3.0.0" })) } };
    const slug = /^\/v1\/([^/]+)\/download$/.exec(url)?.[1] ?? "";
    const files = shelf.files[slug];
    return files ? { json: { slug, files } } : notFound;
  };

export async function createProject(shelf: Shelf) {
  const root = mkdtempSync(join(tmpdir(), "skillett-project-"));
  const server = await startServer(serving(shelf));
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  return {
    root,
    url: server.url,
    received: server.received,
    write,
    read: (path: string) => readFileSync(join(root, path), "utf8"),
    lock: () => JSON.parse(readFileSync(join(root, ".skillett/lock.json"), "utf8")).folders,
    async run(args: string[], options: HostOptions = {}) {
      const env = { SKILLETT_URL: server.url, SKILLETT_API_KEY: "sk_1", ...options.env };
      const { host, output } = createTestHost({ directory: root, ...options, env });
      const code = await runCli(args, host);
      return { code, ...output, json: output.stdout === "" ? undefined : JSON.parse(output.stdout) };
    },
    async close() {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
