import { expect, test } from "vitest";
import { RequestSignal } from "#core/request-signal.js";
import { type Budget, wholeBudget } from "#skills/archive/limits.js";
import { readArchive } from "#skills/archive/read-archive.js";
import { readRemoteSkills } from "#skills/listings/remote-index.js";
import { rawZip } from "#support/raw-zip.js";

const index = "https://skills.example/.well-known/agent-skills/index.json";

/** A server of so many archives, each with so many files beside its SKILL.md. */
function serverOf(archives: number, files: number): Map<string, Buffer> {
  const names = Array.from({ length: archives }, (_, at) => `skill-${at}`);
  const skills = names.map((name) => ({ name, type: "archive", url: `/${name}.zip` }));
  const pages = new Map<string, Buffer>([[index, Buffer.from(JSON.stringify({ skills }))]]);
  for (const name of names) {
    const entries = Array.from({ length: files }, (_, at) => ({ name: `${name}/${at}.txt`, content: "x" }));
    const main = {
      name: `${name}/SKILL.md`,
      content: `---\nname: ${name}\ndescription: One of many.\n---\n`,
    };
    pages.set(`https://skills.example/${name}.zip`, rawZip(main, ...entries));
  }
  return pages;
}

async function read(pages: Map<string, Buffer>) {
  const budgets: Budget[] = [];
  const unpack = (archive: Buffer, budget: Budget) => {
    budgets.push({ ...budget });
    return readArchive(archive, budget);
  };
  const get = async ({ url }: { url: string }) => {
    const body = pages.get(url);
    return { status: body ? 200 : 404, body: body ?? Buffer.alloc(0) };
  };
  const source = { url: "https://skills.example", token: null };
  const seen: string[] = [];
  const folders = readRemoteSkills(get, source, { unpack, signal: new RequestSignal() });
  const failure = await (async () => {
    for await (const { folder } of folders) if (folder) seen.push(folder.name);
  })().catch((error) => error);
  return { seen, budgets, failure };
}

test("archives of one source share one budget, and are read one after the other", async () => {
  const { seen, budgets, failure } = await read(serverOf(2, 999));
  expect(failure).toBeUndefined();
  expect(seen).toEqual(["skill-0", "skill-1"]);
  expect(budgets[0]).toEqual(wholeBudget);
  expect(budgets[1]!.files).toBe(wholeBudget.files - 1000);
  expect(budgets[1]!.bytes).toBeLessThan(wholeBudget.bytes - 999);
});

test("the files of all archives together are bounded, also where each archive alone fits", async () => {
  const { seen, budgets, failure } = await read(serverOf(6, 3999));
  expect(seen).toEqual(["skill-0", "skill-1", "skill-2", "skill-3", "skill-4"]);
  expect(budgets.at(-1)!.files).toBe(0);
  expect(failure).toMatchObject({
    code: "bad_request",
    message: expect.stringContaining("with those before it"),
  });
});
