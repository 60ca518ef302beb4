import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { checkPack, gitLimits, packOf } from "#skills/git/pack.js";

const blob = 3;
const deltaOfOffset = 6;

/** The head of an object: its type, and how long it says it is. */
function head(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size % 16)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest % 128);
  }
  return Buffer.from(bytes);
}

function packed(count: number, ...objects: Buffer[]): Buffer {
  const start = Buffer.alloc(12);
  start.write("PACK");
  start.writeUInt32BE(2, 4);
  start.writeUInt32BE(count, 8);
  return Buffer.concat([start, ...objects, Buffer.alloc(20)]);
}

const object = (type: number, data: Buffer, size = data.length, between = Buffer.alloc(0)) =>
  Buffer.concat([head(type, size), between, deflateSync(data)]);

function varint(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1]! |= 0x80;
    bytes.push(rest % 128);
  }
  return bytes;
}

const line = (text: Buffer | string) => {
  const bytes = Buffer.from(text as string);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, "0")), bytes]);
};

test("a sound pack is accepted", () => {
  expect(() =>
    checkPack(packed(2, object(blob, Buffer.from("a")), object(blob, Buffer.alloc(0)))),
  ).not.toThrow();
});

test.each([
  ["says it has too many objects", packed(gitLimits.objects + 1)],
  ["has an object that says it is too large", packed(1, head(blob, gitLimits.objectBytes + 1))],
  ["has an object that is larger than it says", packed(1, object(blob, Buffer.alloc(1_000_000), 10))],
  ["has an object that is smaller than it says", packed(1, object(blob, Buffer.alloc(10), 1000))],
  ["ends too early", packed(2, object(blob, Buffer.from("a"))).subarray(0, -20)],
  ["is no deflate", packed(1, head(blob, 5), Buffer.from("hello"))],
  [
    "has a delta that makes too much",
    packed(
      1,
      object(deltaOfOffset, Buffer.from([...varint(5), ...varint(2 ** 40)]), undefined, Buffer.from([1])),
    ),
  ],
  [
    "unpacks to too much in all",
    packed(5, ...Array(5).fill(object(blob, Buffer.alloc(gitLimits.objectBytes)))),
  ],
])("a pack that %s is refused", (_, pack) => {
  expect(() => checkPack(pack)).toThrow(/the repository cannot be read/);
});

test("the pack is taken out of the server's answer, and an error in it is reported", () => {
  const answer = Buffer.concat([
    ...[
      line("NAK\n"),
      line("\x02Counting objects\n"),
      line("\x01PACK1234"),
      line("\x01more"),
      Buffer.from("0000"),
    ],
  ]);
  expect(packOf(answer).toString()).toBe("PACK1234more");
  expect(() => packOf(line("\x03access denied\x1b[31m\n"))).toThrow("it says: access denied [31m");
  expect(() => packOf(line("ERR not our ref"))).toThrow("it says: not our ref");
  for (const odd of ["", "0000", "zzzz", "0001", "0002x", "<html>"])
    expect(() => packOf(Buffer.from(odd))).toThrow(/cannot be read/);
});
