import { describe, expect, test } from "vitest";
import type { RequestPlan } from "#catalog/integration.js";
import { endpointPage } from "#catalog/page.js";
import { endpointProblems, paramIssues, tryEndpoint } from "#support/catalog-fixtures.js";

const rest = (sends: string, params = "{}") => `effect: write
scopes: []
returns: It.
example:
  params: ${params}
  sends: { method: POST, url: /try, ${sends} }
`;

const multipart = (params: string, more = "") => `summary: Try
request: POST /try
body: multipart
${more}params:
${params}
`;

const upload = multipart(`  title: { type: string, description: Title }
  tags: { type: array, items: { type: string }, description: Tags }
  meta: { type: object, media_type: application/json, description: Anything }
  file: { type: string, encoding: base64, filename: "{file_name}", media_type: "{file_type}", as: 'the "file"', description: File }
  file_name: { type: string, in: part, description: Name of the file }
  file_type: { type: string, in: part, description: Media type of the file }
`);

/** The parts of a request, as `FormData` of the platform reads them. */
async function read({ headers, body }: Pick<RequestPlan, "headers" | "body">) {
  const form = await new Response(Buffer.from(body as Buffer), { headers }).formData();
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === "string"
        ? [name, value]
        : [name, value.name, value.type, Buffer.from(await value.arrayBuffer()).toString("base64")],
    ),
  );
}

describe("a multipart body", () => {
  const { plan, endpoint } = tryEndpoint(upload + rest("parts: []"));
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0x00]).toString("base64");

  test("params are parts, which a service can read", async () => {
    const params = {
      title: "Grüße\r\n--x",
      tags: ["a", "b"],
      file: png,
      file_name: 'ü "1".png',
      file_type: "image/png",
    };
    const request = plan({ ...params, meta: { a: [1] } });
    expect(request.headers["content-type"]).toMatch(/^multipart\/form-data; boundary=skillett-[0-9a-f]{40}$/);
    expect(await read(request)).toEqual([
      ["title", "Grüße\r\n--x"],
      ["tags", "a"],
      ["tags", "b"],
      ["meta", '{"a":[1]}'],
      ['the "file"', 'ü "1".png', "image/png", png],
    ]);
    expect(String(request.body)).toContain(
      '\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":[1]}\r\n',
    );
  });

  test("a file name or a media type that is not given is left out", async () => {
    expect(await read(plan({ file: "aGk=" }))).toEqual([['the "file"', "hi"]]);
    expect(await read(plan({}))).toEqual([]);
  });

  test("the same params are the same bytes, and others have another boundary", () => {
    const params = { title: "a", file: png };
    expect(plan(params)).toEqual(plan(params));
    const type = (title: string) => plan({ title }).headers["content-type"];
    expect(type("a")).not.toBe(type("b"));
  });

  test("a text cannot end its part, even with the boundary of another request", async () => {
    const [, boundary] = /boundary=(.*)/.exec(plan({ title: "a" }).headers["content-type"]!)!;
    const title = `a\r\n--${boundary}\r\nContent-Disposition: form-data; name="meta"\r\n\r\n{}\r\n--${boundary}--`;
    expect(await read(plan({ title }))).toEqual([["title", title]]);
  });

  test("constants are parts before those of params", async () => {
    const { plan: withConstants } = tryEndpoint(
      multipart(
        "  ids: { type: array, items: { type: integer }, array: brackets, description: Ids }",
        "constants: { body: { kind: [a, b], draft: true } }\n",
      ) + rest("parts: []"),
    );
    expect(await read(withConstants({ ids: [1, 2] }))).toEqual([
      ["kind", "a"],
      ["kind", "b"],
      ["draft", "true"],
      ["ids[]", "1"],
      ["ids[]", "2"],
    ]);
  });

  test("ten megabytes of Base64 are sent as the bytes they are", () => {
    const bytes = Buffer.alloc(7_500_000, "skillett");
    const { body } = plan({ file: bytes.toString("base64") });
    expect((body as Buffer).includes(bytes)).toBe(true);
  });

  test.each<[object, string]>([
    [
      { file_name: "a\r\nX-Evil: 1" },
      "params.file_name must not have line breaks or other control characters",
    ],
    [{ file_name: "../../etc/passwd" }, "params.file_name must be the name of a file, without / or \\"],
    [{ file_name: "a\\" }, "params.file_name must be the name of a file, without / or \\"],
    [{ file_name: "\ud800" }, "params.file_name has half a character in it (a lone surrogate)"],
    [
      { file_type: "text/plain\r\nX-Evil: 1" },
      "params.file_type must not have line breaks or other control characters",
    ],
    [{ file_type: "text" }, "params.file_type must be a media type, such as text/plain"],
    [{ file_type: 'text/html; name="x"' }, "params.file_type must be a media type, such as text/plain"],
    [{ file: "a b" }, "params.file must be Base64, without line breaks"],
    [{ file: "aGk=aGk=" }, "params.file must be Base64, without line breaks"],
    [{ file: "a" }, "params.file must be Base64, without line breaks"],
    [{ file: "aGk\n" }, "params.file must be Base64, without line breaks"],
    [{ file: "äöü" }, "params.file must be Base64, without line breaks"],
    [{ title: "\ud800" }, "params.title has half a character in it (a lone surrogate)"],
    [{ meta: { a: 2 ** 60 } }, "params.meta.a is too large to be exact"],
  ])("the params %j are refused", (params, expected) => {
    expect(paramIssues(plan, { file: "aGk=", ...params })).toEqual([expected]);
  });

  test("Base64 may be of either alphabet, and may lack its padding", () => {
    for (const file of ["+/+/", "-_-_", "aGk", "aGk=", ""]) expect(() => plan({ file })).not.toThrow();
  });

  test("the page says that it is multipart, and which params are bytes", () => {
    expect(endpointPage(endpoint)).toContain("`POST /try`, multipart/form-data");
    expect(endpointPage(endpoint)).toContain("File. Bytes in base64");
  });

  test("the example has the parts as a service reads them", () => {
    const given = `{ title: A, meta: { b: 1 }, file: ${png}, file_name: a.png, file_type: image/png }`;
    const sends = (title: string) => `parts: [
    { name: title, text: ${title} },
    { name: meta, media_type: application/json, text: '{"b":1}' },
    { name: the %22file%22, filename: a.png, media_type: image/png, base64: ${png} }]`;
    expect(endpointProblems(upload + rest(sends("A"), given))).toEqual([]);
    const [problem, ...others] = endpointProblems(upload + rest(sends("B"), given));
    expect(problem).toContain('example.sends.parts: the params make it [{"name":"title","text":"A"}');
    expect(others).toEqual([]);
  });
});

describe("a raw body", () => {
  const raw = (param: string, type = "text/csv; charset=utf-8", more = "") => `summary: Try
request: POST /try
body: raw
media_type: ${type}
${more}params:
  content: { ${param}, description: All of it }
  note: { type: string, in: query, description: Note }
`;

  test("a text is sent as it is", () => {
    const { plan, endpoint } = tryEndpoint(raw("type: string") + rest("raw: { media_type: a/b, text: a }"));
    expect(plan({ content: "a,b\r\nü", note: "n" })).toMatchObject({
      url: "https://api.acme.test/v1/try?note=n",
      headers: { "content-type": "text/csv; charset=utf-8" },
      body: "a,b\r\nü",
    });
    expect(plan({}).body).toBeNull();
    expect(endpointPage(endpoint)).toContain("`POST /try`, text/csv; charset=utf-8");
  });

  test("Base64 is sent as its bytes, with a media type that a param may give", () => {
    const kind = "  kind: { type: string, in: part, description: Kind }\n";
    const { plan } = tryEndpoint(
      raw("type: string, encoding: base64", "image/{kind}") +
        kind +
        rest("raw: { media_type: a/b, text: a }"),
    );
    const request = plan({ content: "/wA=", kind: "png" });
    expect(request.headers["content-type"]).toBe("image/png");
    expect(request.body).toEqual(Buffer.from([0xff, 0]));
    expect(plan({ content: "/wA=" }).headers["content-type"]).toBe("application/octet-stream");
    expect(paramIssues(plan, { content: "/wA=", kind: "png\r\nx: y" })).toEqual([
      "params.kind must not have line breaks or other control characters",
    ]);
    expect(paramIssues(plan, { content: "/w A=", kind: "a b" })).toEqual([
      "params.kind must be a media type, such as text/plain",
      "params.content must be Base64, without line breaks",
    ]);
  });

  test("the example has the media type and the text, or the bytes", () => {
    const text = rest("raw: { media_type: text/csv; charset=utf-8, text: a }", "{ content: a }");
    expect(endpointProblems(raw("type: string") + text)).toEqual([]);
    const bytes = rest("raw: { media_type: image/png, base64: /wA= }", "{ content: /wA= }");
    expect(endpointProblems(raw("type: string, encoding: base64", "image/png") + bytes)).toEqual([]);
    expect(endpointProblems(raw("type: string, encoding: base64", "image/gif") + bytes)).toEqual([
      expect.stringContaining(
        'example.sends.raw: the params make it {"media_type":"image/gif","base64":"/wA="}',
      ),
    ]);
  });

  test.each<[string, string, string[]]>([
    [
      "another param",
      raw("type: string").replace("in: query, ", ""),
      ["body: raw is the value of one param"],
    ],
    ["no media type", raw("type: string").replace(/media_type.*\n/, ""), ["body: raw needs media_type"]],
    ["a wrong media type", raw("type: string", "text"), ["params.content.media_type: must be a media type"]],
    ["an object", raw("type: object"), ["params.content.type: this part is string"]],
    [
      "constants",
      raw("type: string", "a/b", "constants: { body: { a: 1 } }\n"),
      ["constants.body: raw leaves no place"],
    ],
    ["a wrapped body", raw("type: string", "a/b", "body_under: a\n"), ["body_under: is for JSON"]],
    ["a file name", raw("type: string, filename: a"), ["params.content.filename: is for body: multipart"]],
  ])("a raw body with %s is a problem of the file", (_, matter, expected) => {
    const problems = endpointProblems(matter + rest("raw: { media_type: a/b, text: a }"));
    expect(problems.filter((line) => !line.includes(": example"))).toEqual(
      expected.map((text) => expect.stringContaining(text)),
    );
  });
});

describe("parts that cannot be", () => {
  const one = (param: string, more = "") =>
    multipart(`  one: { ${param}, description: One }`, more) + rest("parts: []");

  test.each<[string, string[]]>([
    [one("type: object"), ["params.one.type: this part is string, integer, number, boolean, array"]],
    [one("type: integer, encoding: base64"), ["params.one.type: this part is string"]],
    [one("type: string, encoding: hex"), ["params.one.encoding: must be one of text, base64"]],
    [
      one("type: object, media_type: application/json, encoding: text"),
      ["params.one.encoding: JSON has none"],
    ],
    [one("type: string, media_type: text"), ["params.one.media_type: must be a media type"]],
    [one("type: string, filename: a/b"), ["params.one.filename: must be the name of a file"]],
    [one('type: string, filename: "a\\r\\nb"'), ["params.one.filename: must not have line breaks"]],
    [one('type: string, as: "a\\r\\nb"'), ["params.one.as: must not have line breaks"]],
    [one('type: string, filename: "{two}"'), ["params.one.filename: {two} is no param with in: part"]],
    [one('type: string, filename: "{one}"'), ["params.one.filename: {one} is no param with in: part"]],
    [one("type: string, in: part"), ["params.one.in: no filename, media_type or file names it"]],
    [
      one("type: array, items: { type: string }, array: comma"),
      ["params.one.array: a list is as many parts"],
    ],
    [one("type: string", "media_type: a/b\n"), ["media_type: is for body: raw"]],
    [
      one("type: string, encoding: base64").replace("multipart", "json"),
      ["params.one.encoding: is for body: multipart"],
    ],
    [
      one("type: string, media_type: a/b").replace("multipart", "form"),
      ["params.one.media_type: is for body: multipart"],
    ],
    [one("type: string", "constants: { body: { a: { b: 1 } } }\n"), ["constants.body.a: must be text"]],
    [one("type: string", 'constants: { body: { "a\\tb": c } }\n'), ["must not have line breaks"]],
    [
      one("type: string", "constants: { body: { one: a } }\n"),
      ["params.one: goes to the same place as constants"],
    ],
  ])("a part is a problem of the file: %s", (matter, expected) => {
    const problems = endpointProblems(matter).filter((line) => !line.includes(": example"));
    expect(problems).toEqual(expected.map((text) => expect.stringContaining(text)));
  });
});
