import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { decodeText } from "#cli/terminal/text-input.js";
import { runAgainst } from "#support/cli.js";

/** Text is read as UTF-8; other bytes are refused with the name of the encoding that they seem to be. */

const bom = Buffer.from([0xef, 0xbb, 0xbf]);
const json = '{"repo":"acme/app","title":"Grüße 😀"}';
const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(json, "utf16le")]);
const latin1 = Buffer.from('{"title":\n"Grüße"}', "latin1");

test.each([
  ["UTF-16 with a mark", utf16, "UTF-16 (little-endian, with a byte order mark)"],
  ["UTF-16 of the other order", Buffer.from(utf16).swap16(), "UTF-16 (big-endian, with a byte order mark)"],
  ["UTF-16 without a mark", Buffer.from(json, "utf16le"), "UTF-16 (little-endian)"],
  ["UTF-16 without a mark, of the other order", Buffer.from(json, "utf16le").swap16(), "UTF-16 (big-endian)"],
  ["Latin-1", latin1, "is not UTF-8 (line 2)"],
  ["half a character", Buffer.from(json).subarray(0, -4), "is not UTF-8 (line 1)"],
])("text in %s is refused, with the way to UTF-8", (_, bytes, words) => {
  expect(() => decodeText(bytes, "--params")).toThrow(words);
  expect(() => decodeText(bytes, "--params")).toThrow(/-t UTF-8/);
});

test.each([
  ["plain", Buffer.from(json), json],
  ["with a byte order mark", Buffer.concat([bom, Buffer.from(json)]), json],
  ["nothing", Buffer.alloc(0), ""],
  ["one byte", Buffer.from("x"), "x"],
])("UTF-8 text is taken as it is: %s", (_, bytes, text) => expect(decodeText(bytes, "x")).toBe(text));

describe("skillett run", () => {
  const directory = mkdtempSync(join(tmpdir(), "skillett-text-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const file = (name: string, content: string | Buffer) => writeFileSync(join(directory, name), content);
  file("u16.json", utf16);
  file("bom.json", Buffer.concat([bom, Buffer.from(json)]));
  file("notes.md", "# Notes\n\nhéllo, world\n");
  file("latin1.md", latin1);

  const properties = {
    repo: { type: "string" },
    title: { type: "string" },
    log: { type: "string" },
    picture: { type: "string", contentEncoding: "base64" },
    "log-file": { type: "string" },
    count: { type: "integer" },
    labels: { type: "array", items: { type: "string" } },
    ids: { type: "array", items: { type: "integer" } },
    states: { type: "array", items: { type: "string", enum: ["open", "closed"] } },
    recurrence: { type: "array", items: { type: "string", contentMediaType: "text/plain" } },
    who: { type: "array", items: { type: "object" } },
    any: {},
    inner: { type: "object", properties: { text: { type: "string" } } },
  };
  const page = {
    integration: "acme",
    endpoint: "post",
    summary: "s",
    effect: "write",
    params: { type: "object", properties, required: [] },
    example: {},
  };
  /** The params that were sent, or the words of the refusal. */
  async function run(args: string[], stdin?: string | Buffer) {
    const options = { directory, ...(stdin === undefined ? {} : { stdin }) } as Parameters<
      typeof runAgainst
    >[2];
    const result = await runAgainst(
      ({ method }) => (method === "GET" ? { json: page } : { text: '{"status":200,"data":{}}' }),
      ["run", "acme", "post", ...args],
      options,
    );
    const sent = result.received.find(({ method }) => method === "POST");
    if (sent) return JSON.parse(sent.body).params;
    expect(result.code).toBe(64);
    return result.stderr;
  }

  test.each([
    [["--params", "@bom.json"], JSON.parse(json)],
    [["--title-file", "notes.md"], { title: "# Notes\n\nhéllo, world\n" }],
    [["--inner.text-file", "notes.md"], { inner: { text: "# Notes\n\nhéllo, world\n" } }],
    [["--title-file=notes.md", "--repo", "a/b"], { title: "# Notes\n\nhéllo, world\n", repo: "a/b" }],
    [["--log-file", "notes.md"], { "log-file": "notes.md" }],
    [["--log-file-file", "notes.md"], { "log-file": "# Notes\n\nhéllo, world\n" }],
    [["--picture-file", "latin1.md"], { picture: latin1.toString("base64") }],
    [["--picture-file", "-"], { picture: utf16.toString("base64") }, utf16],
    [["--title", "@octocat thanks"], { title: "@octocat thanks" }],
    [["--title", "@octocat"], { title: "@octocat" }],
    [["--params", '{"title":"@notes.md"}'], { title: "@notes.md" }],
  ])("skillett run with %j sends %j", async (args, params, stdin?) =>
    expect(await run(args, stdin)).toEqual(params),
  );

  test.each([
    [["--params", "@u16.json"], "UTF-16"],
    [["--title-file", "latin1.md"], "is not UTF-8"],
    [["--picture-file", "gone.png"], "gone.png cannot be read: ENOENT"],
    [["--title-file", "gone.md"], "gone.md cannot be read: ENOENT"],
    [["--count-file", "notes.md"], "Unknown flag --count-file"],
    [["--title", "@notes.md"], "--title-file notes.md"],
    [["--title=@notes.md"], "--title-file notes.md"],
    [["--labels", "@notes.md"], '"@notes.md"'],
    [["--title", "x", "--title-file", "notes.md"], "exclude each other"],
    [["--title-file", "-", "--params", "-"], "stdin can be read once"],
    [["--labels", "good first issue, maybe"], `'["good first issue, maybe"]'`],
    [["--labels", "a b,c"], "where an item ends"],
    [["--who", "[{ id: primary }]"], '{"id": "primary"}'],
    [["--inner", "{ text: hello }"], '{"id": "primary"}'],
    [["--any", "{ text: hello }"], '{"id": "primary"}'],
    [["--params", "{title: string}"], '{"id": "primary"}'],
  ] as [string[], string][])("skillett run with %j is refused, and nothing is sent", async (args, words) => {
    expect(await run(args, "{}")).toContain(words);
  });

  const rule = "RRULE:FREQ=WEEKLY;BYDAY=MO,WE";
  const dates = "EXDATE;TZID=Europe/Berlin:20260210T100000,20260217T100000";
  test.each([
    [["--recurrence", rule], { recurrence: [rule] }],
    [["--recurrence", rule, "--recurrence", dates], { recurrence: [rule, dates] }],
    [["--recurrence", JSON.stringify([rule, dates])], { recurrence: [rule, dates] }],
    [["--labels", "bug,p1"], { labels: ["bug", "p1"] }],
    [["--labels", "good first issue"], { labels: ["good first issue"] }],
    [["--labels", "good first issue", "--labels", "bug"], { labels: ["good first issue", "bug"] }],
    [["--ids", "1, 2"], { ids: [1, 2] }],
    [["--states", "open, closed"], { states: ["open", "closed"] }],
    [["--labels="], { labels: [] }],
  ])("skillett run with %j sends the list %j", async (args, params) =>
    expect(await run(args)).toEqual(params),
  );

  test("stdin is a file like any other", async () => {
    expect(await run(["--title-file", "-"], "héllo\n")).toEqual({ title: "héllo\n" });
    expect(await run(["--title-file", "-"], latin1)).toContain("is not UTF-8");
    expect(await run(["--params", "-"], utf16)).toContain("UTF-16");
  });
});
