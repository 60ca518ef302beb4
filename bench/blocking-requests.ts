import { createHash, randomFillSync } from "node:crypto";
import { writeZip } from "#skills/archive/zip.js";
import { rawZip } from "#support/raw-zip.js";

/** The bodies of the requests of the bench: each is the worst of its kind that we know of. */

const mebibyte = 1024 * 1024;

/** As many fields as there are bytes for, each with a name of its own. */
export const manyFields = (bytes: number) =>
  Array.from({ length: Math.floor(bytes / 7) }, (_, at) => at.toString(36).padStart(5, "f")).join("=&");

export const whiteSpace = (bytes: number) => `{"client_id":${" ".repeat(bytes)}x}`;
export const emptyLists = (bytes: number) => `[${"[],".repeat(bytes / 3)}[]]`;
export const manyNames = (bytes: number) =>
  `{"params":{${Array.from({ length: bytes / 16 }, (_, at) => `"n${at.toString(36).padStart(9, "0")}":1`).join(",")}}}`;
/** Within the bounds; besides `repo` nothing in it is a param of the endpoint. */
export const wrongNames = (count: number) =>
  JSON.stringify({
    params: {
      repo: "acme/webapp",
      ...Object.fromEntries(Array.from({ length: count }, (_, at) => [`x${at}`, at])),
    },
  });
export const longText = (bytes: number) =>
  JSON.stringify({ params: { repo: "acme/webapp", title: "t", body: "x\n".repeat(bytes / 2 / 1.5) } });

/** @param lengths of the texts in its arguments, in characters */
export const toolCall = (lengths: number[]) =>
  JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "tools/call",
    params: { name: "integration_run", arguments: { params: lengths.map((length) => "x".repeat(length)) } },
  });

const skillMd = (name: string, body: string) =>
  `---\nname: ${name}\ndescription: Of the bench.\n---\n${body}`;
const file = (path: string, text: string) => ({ path, bytes: Buffer.from(text), executable: false });

export const hugeSkill = (body: string) =>
  writeZip([
    { directory: "huge", files: [file("SKILL.md", skillMd("huge", body.slice(0, 10 * mebibyte - 100)))] },
  ]);

export const manyFiles = (count: number, text: string) =>
  writeZip([
    {
      directory: "many",
      files: [
        file("SKILL.md", skillMd("many", `# ${text}`)),
        ...Array.from({ length: count - 1 }, (_, at) =>
          file(`data/${at}.txt`, `${text} ${at}\n`.repeat(100)),
        ),
      ],
    },
  ]);

/** Two of these have no line in common. */
export const textOfLines = (bytes: number, seed: string) =>
  writeZip([
    {
      directory: "lines",
      files: [
        file("SKILL.md", skillMd("lines", seed)),
        file(
          "text.md",
          Array.from({ length: bytes / 12 }, (_, at) => `${seed}${at.toString(36).padStart(9, "0")}`).join(
            "\n",
          ),
        ),
      ],
    },
  ]);

export const manySkills = (count: number, bytes: number) =>
  writeZip(
    Array.from({ length: count }, (_, at) => ({
      directory: `skill-${at}`,
      files: [file("SKILL.md", skillMd(`skill-${at}`, randomWords(bytes, at)))],
    })),
  );

function randomWords(bytes: number, seed: number): string {
  let [text, state] = ["", seed + 1];
  while (text.length < bytes) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    text += `${(state % 40_000).toString(36)}xy `;
  }
  return text;
}

/** An index of archives, each of which unpacks to a hundred times its size, and the archives at its addresses. */
export function greedySource(archives: number): Map<string, Buffer> {
  const pages = new Map<string, Buffer>();
  const skills = Array.from({ length: archives }, (_, at) => {
    const name = `greedy-${at}`;
    const content = sparse(10 * mebibyte - 1);
    const zip = rawZip(
      { name: `${name}/SKILL.md`, content: skillMd(name, "Greedy.") },
      ...Array.from({ length: 9 }, (_, part) => ({ name: `${name}/${part}.bin`, content })),
    );
    const url = `/${name}.zip`;
    pages.set(url, zip);
    const digest = `sha256:${createHash("sha256").update(zip).digest("hex")}`;
    return { name, type: "archive", description: "Greedy.", url, digest };
  });
  pages.set("/.well-known/agent-skills/index.json", Buffer.from(JSON.stringify({ skills })));
  return pages;
}

/** Zeros, and a little that is not: packs to about an eightieth, and archives may pack to a hundredth. */
function sparse(bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  for (let at = 0; at + 8 < bytes; at += 1024) randomFillSync(content, at, 8);
  return content;
}

/** An answer of a service: a list of small objects. */
export const longAnswer = (bytes: number) =>
  Buffer.from(
    `[${Array.from({ length: bytes / 40 }, (_, at) => `{"id":${1e9 + at},"name":"n${at}","ok":[]}`).join(",")}]`,
  );
