import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openings, sentence, verbs } from "#web/components/field-errors.js";

/** Every message of the server about a field becomes a sentence beside it. */

test.each([
  ["must be shorter", "This must be shorter."],
  ["is unknown. Did you mean x?", "This is unknown. Did you mean x?"],
  ["has line breaks", "This has line breaks."],
  ["there is no integration read.", "There is no integration read."],
  [
    "there is no effect wirte: it is read, write. Did you mean write?",
    "There is no effect wirte: it is read, write. Did you mean write?",
  ],
  ["github has no endpoint creat_issue.", "github has no endpoint creat_issue."],
  ["x y is no scope: write github", "x y is no scope: write github."],
  ["You have it already", "You have it already."],
])("the message %j is shown as %j", (message, read) => expect(sentence(message)).toBe(read));

/** Complaints as they stand in the server's sources: they begin in lower case, and say what is wrong. */
function complaints(): string[] {
  const src = fileURLToPath(new URL("../../../src", import.meta.url));
  const floors = ["core", "contract", "identity", "connections", "skills", "gateway", "api", "http"];
  const files = floors.flatMap((floor) =>
    readdirSync(path.join(src, floor), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .map((file) => path.join(src, floor, file)),
  );
  return files.flatMap((file) =>
    [
      ...readFileSync(file, "utf8").matchAll(
        /\bmessage(?:: |: \w+ \?\? | = )(["`])([a-z][^"`\n]* [^"`\n]*)\1/g,
      ),
    ].map(([, , text]) => text!),
  );
}

test("every issue of the server begins in a way that is made a sentence", () => {
  const all = complaints();
  expect(all.length).toBeGreaterThan(20);
  // Of a skill's parts, which are named as they are written.
  const parts = ["name:", "description", "body", "references", "allowed-tools"];
  const known = new Set([...verbs, ...openings, ...parts]);
  expect(all.filter((message) => !known.has(message.split(" ", 1)[0]!))).toEqual([]);
});
