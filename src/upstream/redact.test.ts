import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { createRedactor } from "#upstream/redact.js";

const odd = 'ghp_a/b+c"d~&é';
const ordinary = "xoxb-0123.aBcD_~";
const redactor = createRedactor([odd, ordinary, "second-secret"]);
const { buffer, stream } = redactor;

const streamed = (chunks: Buffer[]) => text(Readable.from(chunks).pipe(stream()));
const bytesOf = (value: string) => [...Buffer.from(value)];
const hexOf = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
const percent = (value: string) => bytesOf(value).map((byte) => `%${hexOf(byte, 2)}`);
const units = (value: string) =>
  Array.from({ length: value.length }, (_, at) => hexOf(value.charCodeAt(at), 4));
const entities = (value: string, radix: 10 | 16) =>
  [...value].map((one) => `&#${radix === 16 ? "x" : ""}${one.codePointAt(0)!.toString(radix)}`);
const byName = { "&": "amp", '"': "quot", "/": "sol", "+": "plus", _: "lowbar", ".": "period" };
const named = (value: string) =>
  value.replace(/[&"/+_.]/g, (one) => `&${byName[one as keyof typeof byName]};`);

/** The ways a service may write a secret back. */
function spellings(secret: string): [string, string][] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const hex = Buffer.from(secret).toString("hex");
  return [
    ["as it is", secret],
    ["in upper case", secret.toUpperCase().replace("É", "é")],
    ["in JSON", inJson],
    ["in JSON with slashes escaped", inJson.replaceAll("/", "\\/")],
    [
      "in JSON with every character escaped",
      units(secret)
        .map((unit) => `\\u${unit}`)
        .join(""),
    ],
    [
      "in JSON with upper-case digits",
      units(secret)
        .map((unit) => `\\u${unit.toUpperCase()}`)
        .join(""),
    ],
    ["in JSON within JSON", JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    [
      "in JSON within JSON, escaped",
      units(secret)
        .map((unit) => `\\\\u${unit}`)
        .join(""),
    ],
    [
      "in JavaScript",
      units(secret)
        .map((unit) => `\\x${unit.slice(2)}`)
        .join(""),
    ],
    ["in a URL", encodeURIComponent(secret)],
    [
      "in a URL with lower-case digits",
      encodeURIComponent(secret).replace(/%../g, (one) => one.toLowerCase()),
    ],
    ["in a URL with everything encoded", percent(secret).join("").toUpperCase()],
    ["in a URL with everything encoded, in lower case", percent(secret).join("")],
    [
      "in a URL with one character encoded",
      percent(secret)[2] ? secret.slice(0, 2) + percent(secret)[2] + secret.slice(3) : "",
    ],
    ["in a URL within a URL", encodeURIComponent(percent(secret).join(""))],
    ["in JSON in a URL", encodeURIComponent(inJson)],
    ["in HTML by names", named(secret)],
    ["in HTML by numbers", `${entities(secret, 10).join(";")};`],
    ["in HTML by hexadecimal numbers", `${entities(secret, 16).join(";")};`],
    ["in HTML by numbers without semicolons", entities(secret, 10).join("")],
    ["in HTML in JSON", named(secret).replaceAll("&", "\\u0026")],
    ["in HTML in HTML", entities(secret, 16).join("").replaceAll("&", "&amp;")],
    ["in hexadecimal digits", hex],
    ["in upper-case hexadecimal digits", hex.toUpperCase()],
  ];
}

describe.each([odd, ordinary])("the secret %s", (secret) => {
  const written = spellings(secret);

  test.each(written)("a secret written %s is masked", (_, spelling) => {
    const around = (inner: string) => `before ${inner} between ${inner}|${inner} after`;
    expect(buffer(Buffer.from(around(spelling))).toString()).toBe(around("[credential]"));
    expect(redactor.text(`<https://x.test/?k=${spelling}>; rel="next"`)).toBe(
      '<https://x.test/?k=[credential]>; rel="next"',
    );
  });

  test.each(written)("a secret written %s is masked wherever a stream is cut", async (_, spelling) => {
    const bytes = Buffer.from(`äöü ${spelling} and second-secret.`);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(await streamed([bytes.subarray(0, cut), bytes.subarray(cut)])).toBe(
        "äöü [credential] and [credential].",
      );
    }
  });

  test.each(written)("a secret written %s is masked in short chunks", async (_, spelling) => {
    const filler = "so goes life \\\\ & on % and on, ".repeat(200);
    const bytes = Buffer.from(`${filler}${spelling}${filler}${spelling}`);
    const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) =>
      bytes.subarray(at * 7, at * 7 + 7),
    );
    expect(await streamed(chunks)).toBe(`${filler}[credential]${filler}[credential]`);
  });
});

describe("secrets in Base64", () => {
  const token = "ghp_0123456789abcdefghijABCDEFGHIJ~~~???";
  const mask = createRedactor([token]);
  const encodings = ["base64", "base64url"] as const;
  const surroundings = ["", "u", "ue", "use", "user", "user:", "Bearer "];

  test.each(encodings.flatMap((encoding) => surroundings.map((before) => [encoding, before] as const)))(
    "a secret in %s after %j leaves nothing but what surrounds it",
    (encoding, before) => {
      // Any neighbours, at every place in a group of three bytes.
      for (const after of ["", "x", "xy", "xyz"]) {
        const encoded = Buffer.from(before + token + after).toString(encoding);
        const wrapped = encoded.replace(/.{20}/g, "$&\\n");
        const lines = wrapped.replaceAll("\\n", "\r\n");
        const escaped = [encodeURIComponent(encoded), encoded.replaceAll("/", "\\/"), wrapped, lines];
        for (const written of [encoded, ...escaped]) {
          const [left = "", right = "", ...more] = mask.text(written).split("[credential]");
          expect(more).toEqual([]);
          // Two characters at each end hold some bits of the secret; then there may be padding and a line break.
          expect(left.length).toBeLessThanOrEqual(Math.ceil((before.length * 8) / 6));
          expect(decodeURIComponent(right).length).toBeLessThanOrEqual(Math.ceil((after.length * 8) / 6) + 5);
        }
      }
    },
  );
});

describe("text that is no secret", () => {
  test("bytes that are no secret stay as they are", async () => {
    const bytes = Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7) % 256));
    expect(buffer(bytes).equals(bytes)).toBe(true);
    const chunks: Buffer[] = [];
    for await (const chunk of Readable.from([bytes, bytes]).pipe(stream())) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(Buffer.concat([bytes, bytes]))).toBe(true);
  });

  test("line breaks and escapes around a secret stay as they are", () => {
    const around = (inner: string) => `%0A\\n\n${inner}\n${inner}\r\n${inner}\\n&amp;${inner}%41`;
    expect(redactor.text(around(odd))).toBe(around("[credential]"));
  });

  test("broken escapes stay as they are", () => {
    const broken = "\\ \\u12 \\uzzzz \\x1 \\ud800 %4 %zz & &; &#; &#x; &#99999999; &unknown; &amp \\";
    expect(redactor.text(broken)).toBe(broken);
  });

  test("a short secret is masked as it is and behind escapes, and nowhere else", () => {
    const mask = createRedactor(["abc/12"]);
    expect(mask.text("abc/12 abc\\/12 abc%2F12")).toBe("[credential] [credential] [credential]");
    const others = `ABC/12 ${Buffer.from("abc/12").toString("hex")} ${Buffer.from("abc/12").toString("base64")}`;
    expect(mask.text(others)).toBe(others);
    expect(createRedactor(["abcde"]).text("abcde")).toBe("abcde");
  });

  test("a text that is almost a secret stays in a stream that comes byte by byte", async () => {
    const bytes = Buffer.from(`${odd}x${odd.slice(0, -1)}y${odd}`);
    expect(await streamed([...bytes].map((byte) => Buffer.from([byte])))).toBe(
      `[credential]x${odd.slice(0, -1)}y[credential]`,
    );
  });
});
