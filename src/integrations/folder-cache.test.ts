import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Integration } from "#catalog/integration.js";
import { loadCatalog, readCatalog } from "#catalog/load/load.js";
import { createFolderCache } from "#integrations/folder-cache.js";

let root: string;
let data: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "skillett-folders-"));
  data = path.join(root, "data");
  mkdirSync(data);
  mkdirSync(path.join(root, "none"));
  for (const slug of ["sandbox", "gmail", "providers"])
    cpSync(path.join("integrations", slug), path.join(root, "own", slug), { recursive: true });
});
afterEach(() => {
  chmodSync(data, 0o700);
  rmSync(root, { recursive: true });
});

const own = (...names: string[]) => path.join(root, "own", ...names);
const cacheDirectory = () => path.join(data, "catalog-cache");
const kept = (slug: string) => path.join(cacheDirectory(), `${slug}.cache`);

/** Reads the folders as a start of this program does: the slugs of those that were parsed. */
async function start({ program = "1", dirs = [path.join(root, "none"), path.join(root, "own")] } = {}) {
  const parsed: string[] = [];
  const cache = createFolderCache({ directory: cacheDirectory(), program });
  const files = readCatalog(dirs, (place, read) =>
    cache.readFolder(place, () => {
      parsed.push(place.slug);
      return read();
    }),
  );
  await cache.save();
  return { parsed, ...files };
}

const change = (file: string, from: string, to: string) =>
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));

/** All of an integration, also what is read late. */
function whole({ endpoints, ...rest }: Integration) {
  const names = Object.keys(
    [...readCatalog(["integrations"]).integrations.get("gmail")!.endpoints.values()][0]!,
  );
  const read = [...endpoints.values()].map((it) =>
    Object.fromEntries(names.map((name) => [name, it[name as keyof typeof it]])),
  );
  return { ...rest, endpoints: read };
}

it("a second start parses nothing, and has the same", async () => {
  const first = await start();
  const second = await start();
  expect([first.parsed, second.parsed, second.problems]).toEqual([["gmail", "sandbox"], [], []]);
  const plain = readCatalog([path.join(root, "none"), path.join(root, "own")]);
  for (const { integrations } of [first, second]) {
    expect([...integrations.keys()]).toEqual([...plain.integrations.keys()]);
    for (const [slug, it] of integrations)
      expect(whole(it)).toStrictEqual(whole(plain.integrations.get(slug)!));
  }
  const catalog = loadCatalog({ dirs: [], baseUrls: {} }, second);
  const endpoint = catalog.endpoint("gmail", "get_message");
  expect(catalog.plan(endpoint, endpoint.example.params).url).toContain("/messages/");
});

it.each<[string, () => void, string[]]>([
  [
    "an endpoint's text",
    () => change(own("gmail/endpoints/messages/send_email.md"), "summary: ", "summary: Now "),
    ["gmail"],
  ],
  [
    "a name of a file",
    () => cpSync(own("gmail/SKILL.md"), own("gmail/endpoints/messages/other.txt")),
    ["gmail"],
  ],
  ["its hints for search", () => writeFileSync(own("gmail/search.yaml"), "words: [mail]\n"), ["gmail"]],
  ["its SKILL.md", () => change(own("gmail/SKILL.md"), "# ", "# The "), ["gmail"]],
  ["a provider", () => change(own("providers/google.yaml"), "name: ", "name: The "), ["gmail", "sandbox"]],
  ["a file that nobody reads", () => writeFileSync(own("gmail/.notes"), "x"), []],
])("a change of %s has its folder parsed anew, and no other", async (_, make, parsed) => {
  await start();
  make();
  expect((await start()).parsed).toEqual(parsed);
});

it("a change that leaves size and time as they were is seen", async () => {
  await start();
  const file = own("gmail/endpoints/messages/send_email.md");
  const { atime, mtime } = statSync(file);
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    text.replace(/^summary: (.)/m, (_, letter) => `summary: ${letter === "X" ? "Y" : "X"}`),
  );
  utimesSync(file, atime, mtime);
  const { parsed, integrations } = await start();
  expect([parsed, integrations.get("gmail")!.endpoints.get("send_email")!.summary[0]]).toEqual([
    ["gmail"],
    "X",
  ]);
});

it("another build of the program, and another place among the folders, trust nothing that is kept", async () => {
  await start();
  expect((await start({ program: "2" })).parsed).toEqual(["gmail", "sandbox"]);
  // Of the first directory the examples are not checked.
  expect((await start({ program: "2", dirs: [path.join(root, "own")] })).parsed).toEqual([
    "gmail",
    "sandbox",
  ]);
});

it.each<[string, () => void]>([
  ["is cut off", () => truncateSync(kept("gmail"), 5_000)],
  ["lacks its last byte", () => truncateSync(kept("gmail"), statSync(kept("gmail")).size - 1)],
  ["is empty", () => truncateSync(kept("gmail"), 0)],
  ["has other text", () => change(kept("gmail"), '\n{"', "\n{")],
  [
    "is a folder",
    () => {
      rmSync(kept("gmail"));
      mkdirSync(kept("gmail"));
    },
  ],
  ["is gone", () => rmSync(kept("gmail"))],
])("a kept folder that %s is parsed anew", async (_, spoil) => {
  await start();
  spoil();
  const { parsed, problems, integrations } = await start();
  expect([parsed, problems]).toEqual([["gmail"], []]);
  expect(integrations.get("gmail")!.endpoints.get("send_email")!.params.required).toContain("to");
});

it("kept folders are for the server alone, and are gone with the folders themselves", async () => {
  await start();
  expect(statSync(cacheDirectory()).mode & 0o777).toBe(0o700);
  expect(readdirSync(cacheDirectory()).sort()).toEqual(["gmail.cache", "sandbox.cache"]);
  for (const slug of ["gmail", "sandbox"]) expect(statSync(kept(slug)).mode & 0o777).toBe(0o600);
  rmSync(own("gmail"), { recursive: true });
  await start();
  expect(readdirSync(cacheDirectory())).toEqual(["sandbox.cache"]);
});

it("a folder with a problem is not kept, and its problem is told at each start", async () => {
  change(own("gmail/endpoints/messages/send_email.md"), "effect: write", "effect: wrote");
  const first = await start();
  expect(first.problems).toHaveLength(1);
  expect((await start()).problems).toEqual(first.problems);
  expect(existsSync(kept("gmail"))).toBe(false);
});

it("a start goes on where nothing can be kept", async () => {
  rmSync(data, { recursive: true });
  expect((await start()).parsed).toEqual(["gmail", "sandbox"]);
  expect(existsSync(data)).toBe(false);
  mkdirSync(data);
  writeFileSync(cacheDirectory(), "a file");
  expect((await start()).problems).toEqual([]);
});
