import { expect, test } from "vitest";
import { acme, endpointProblems, problemsIn } from "#support/catalog-fixtures.js";

const endpoint = (body: string, params: string, more = "") => `summary: Try
request: POST /try
${body}
params:
${params}
${more}effect: write
scopes: []
returns: It.
example:
  params: {}
  sends: { method: POST, url: /try }`;

const file = "type: string, format: file, description: A file";
const list = "type: array, items: { type: string, format: file }, description: Files";
const problems = (matter: string) => endpointProblems(matter).filter((line) => !/\bexample\b/.test(line));

test.each([
  [
    "body: json",
    `  one: { ${file} }`,
    "params.one.format: in a JSON body, a file needs encode: base64 or base64url",
  ],
  ["body: json", `  one: { ${list} }`, "params.one.format: a list of files is for a multipart body"],
  [
    "body: json",
    `  one: { ${file}, in: query }`,
    "params.one.format: a file is for a multipart or raw body, or",
  ],
  [
    "body: json",
    `  one: { ${file}, in: header }`,
    "params.one.format: a file is for a multipart or raw body, or",
  ],
  ["body: form", `  one: { ${file} }`, "params.one.format: a file is for a multipart or raw body, or"],
  ["body: raw", `  one: { ${list} }`, "params.one.type: this part is string"],
  ["body: raw", `  one: { ${file}, encoding: base64 }`, "params.one.encoding: a file is bytes already"],
  [
    "body: multipart",
    `  one: { ${file}, media_type: application/json }`,
    "params.one.format: a file is no JSON",
  ],
  [
    "body: multipart",
    `  one: { ${file}, default: file_1 }`,
    "params.one.default: a file is handed over with each call",
  ],
  [
    "body: multipart",
    "  one: { type: integer, format: file, description: A file }",
    "params.one.type: a file is a string",
  ],
  ["body: multipart", `  one: { ${file}, accept: [image] }`, "params.one.accept.0: must match pattern"],
  ["body: multipart", `  one: { ${file}, max_bytes: 0 }`, "params.one.max_bytes: must be >= 1"],
  [
    "body: json",
    "  one: { type: string, accept: [image/png], description: Text }",
    "params.one.accept: is for format: file",
  ],
  [
    "body: json",
    "  one: { type: string, max_bytes: 5, description: Text }",
    "params.one.max_bytes: is for format: file",
  ],
  [
    "body: json",
    `  one: { type: object, description: O, properties: { inner: { ${file} } } }`,
    "params.one.format: a file is a param of its own",
  ],
  [
    "body: rfc822_message",
    "  attachments: { type: string, description: A }",
    "params.attachments.type: attachments are an array",
  ],
  [
    "body: rfc822_message",
    `  attachments: { ${file} }`,
    "params.attachments.format: attachments are a list of files",
  ],
])("a place without room for files is a problem: %s,%s", (body, params, expected) => {
  const [first, ...others] = problems(endpoint(body, params));
  expect(first).toContain(expected);
  expect(others.length).toBeLessThan(2);
});

test.each([
  ["{ path: a.0.b, encoding: base64 }", "file.path: is names of fields, with dots between"],
  ["{ path: a, encoding: base64, size_path: a.b=c }", "file.size_path: is names of fields"],
  [
    "{ path: a, encoding: base64, name: '{ttle}' }",
    "file.name: {ttle} is not in params. Did you mean title?",
  ],
  ["{ path: a, encoding: text, name: x, name_path: b }", "file.name_path: there is a name already"],
  ["{ path: a }", "file.encoding: is required"],
  ["{ path: a, encoding: hex }", "file.encoding: must be one of base64, text"],
])("the file of an answer %s is a problem", (written, expected) => {
  const matter = endpoint("body: json", "  title: { type: string, description: T }", `file: ${written}\n`);
  expect(problems(matter)).toEqual([expect.stringContaining(expected)]);
});

test("the words of our routes are no names of integrations or endpoints", () => {
  const words = ["files", "request", "batch"];
  const copies = words.flatMap((word) => [
    ...Object.entries(acme)
      .filter(([path]) => path.startsWith("acme/"))
      .map(([path, content]) => [path.replace("acme/", `${word}/`), content]),
    [`acme/endpoints/items/${word}.md`, "---\nsummary: It\n---\nIt."],
  ]);
  const problems = problemsIn({ ...acme, ...Object.fromEntries(copies) });
  for (const word of words) expect(problems).toContain(`${word}: the slug is reserved`);
});
