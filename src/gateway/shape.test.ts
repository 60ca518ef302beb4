import { expect, test } from "vitest";
import { toView } from "#catalog/load/load-view.js";
import {
  beginningOf,
  defaultMaxChars,
  readOn,
  readShape,
  type Shape,
  shapeAnswer,
  shapeWithoutView,
  withCut,
} from "#gateway/shape.js";

const shape = (fields?: string, max_chars?: number) => readShape({ fields, max_chars })!;
const shaped = (envelope: string, ...wanted: Parameters<typeof shape>) =>
  shapeAnswer(envelope, shape(...wanted), 1).envelope;

test("a question that asks for no shape has none", () => {
  expect(readShape({})).toBeUndefined();
});

test.each(["", " ", ",", "a,", ",a", "a,,b", "a..b", ".a", "a.", "a. .b"])(
  "the fields %j are refused for an empty name",
  (fields) => {
    expect(() => readShape({ fields })).toThrow("query.fields: has an empty name");
  },
);

test.each([
  [
    "json",
    '{"status":200,"data":{"id":12345678901234567890,"b":2}}',
    '{"status":200,"data":{"id":12345678901234567890}}',
  ],
  ["of any status", '{"status":404,"data":{"id":1,"b":2}}', '{"status":404,"data":{"id":1}}'],
  ["laid out", '{"status":200,"data":{\n  "id": 1.0,\n  "b": " "\n}}', '{"status":200,"data":{"id":1.0}}'],
  ["text", '{"status":200,"data":"{\\"id\\": 1}"}', '{"status":200,"data":"{\\"id\\": 1}"}'],
  ["nothing", '{"status":204,"data":null}', '{"status":204,"data":null}'],
  [
    "binary",
    '{"status":200,"encoding":"base64","content_type":"a/b","data":"AAAA"}',
    '{"status":200,"encoding":"base64","content_type":"a/b","data":"AAAA"}',
  ],
  [
    "with a hint",
    '{"status":403,"data":{"id":1,"b":2},"hint":{"message":"x"}}',
    '{"status":403,"data":{"id":1},"hint":{"message":"x"}}',
  ],
])("the fields of an answer are picked as its kind allows: %s", (_, envelope, expected) => {
  expect(shaped(envelope, "id")).toBe(expected);
});

test("the fields are picked before the size is counted", () => {
  const envelope = JSON.stringify({ status: 200, data: { id: 1, long: "x".repeat(5_000) } });
  const { pages, totalChars } = shapeAnswer(envelope, shape("id", 1_000), 1);
  expect({ pages, totalChars }).toEqual({ pages: 1, totalChars: '{"id":1}'.length });
});

const withView: Shape = { view: toView({ x: "id" }), fields: undefined, maxChars: undefined };

test.each([
  ['{"status":200,"data":{"id":1.0}}', '{"status":200,"data":{"x":1.0},"view":"readable"}'],
  [
    '{"status":200,"data":{ "id": 1 },"page":{"next":{"p":2}}}',
    '{"status":200,"data":{"x":1},"page":{"next":{"p":2}},"view":"readable"}',
  ],
])("the view of %s is %s", (envelope, expected) => {
  expect(shapeAnswer(envelope, withView, 1).envelope).toBe(expected);
});

test.each([
  ["an error", '{"status":404,"data":{"id":1}}'],
  ["a refusal", '{"status":200,"refused":{"message":"no"},"data":{"id":1}}'],
  ["text", '{"status":200,"data":"{\\"id\\":1}"}'],
  ["bytes", '{"status":200,"encoding":"base64","content_type":"a/b","data":"AAAA"}'],
  ["nothing", '{"status":204,"data":null}'],
  ["an answer without its fields", '{"status":200,"data":{"name":1}}'],
])("an answer that is %s has no view", (_, envelope) => {
  expect(shapeAnswer(envelope, withView, 1)).toMatchObject({ envelope, pages: 1 });
});

test("an answer in pages has all of its view beside the first, to be kept", () => {
  const data = Array.from({ length: 100 }, (_, id) => ({ id, more: "x".repeat(100) }));
  const shaped = shapeAnswer(JSON.stringify({ status: 200, data }), { ...withView, maxChars: 500 }, 1);
  expect(shaped.pages).toBe(2);
  const viewed = { status: 200, data: data.map(({ id }) => ({ x: id })), view: "readable" };
  expect(JSON.parse(shaped.viewed!)).toEqual(viewed);
});

test("an answer whose view could not be made is given raw, and says so", () => {
  const wanted = { ...withView, fields: new Map([["x", new Map()]]) };
  const { envelope } = shapeWithoutView('{"status":200,"data":{"id":1}}', wanted);
  expect(JSON.parse(envelope)).toEqual({
    status: 200,
    data: { id: 1 },
    hint: { message: "The readable view of this answer could not be made: it is as it came." },
  });
  expect(shapeWithoutView('{"status":200,"data":{"id":1}}', shape("id")).envelope).not.toContain("hint");
});

test("a page after the last one is refused with the count of pages", () => {
  const envelope = JSON.stringify({ status: 200, data: Array.from({ length: 100 }, () => "x".repeat(30)) });
  const wanted = shape(undefined, 2_000);
  expect(shapeAnswer(envelope, wanted, 2).pages).toBe(2);
  expect(() => shapeAnswer(envelope, wanted, 3)).toThrow("query.page: There are 2 pages");
  expect(() => shapeAnswer('{"status":200,"data":1}', wanted, 2)).toThrow("There is 1 page");
});

test.each([
  [{ max_chars: defaultMaxChars }, "Items 1 to 2 of 3. Read on in this result with page=2, or ask"],
  [{ max_chars: 1_000 }, "page=2 and max_chars=1000, or ask"],
  [{ max_chars: 1_000, fields: "a" }, "page=2 and max_chars=1000 and the same fields, or ask"],
])("a page says how to read on with %j, and the last one that it is the last", (wanted, words) => {
  const page = { envelope: "", pages: 2, totalChars: 9, part: "Items 1 to 2 of 3" };
  expect(readOn(page, readShape(wanted)!, 1)).toContain(words);
  expect(readOn(page, readShape(wanted)!, 2)).toBe("Items 1 to 2 of 3: the last page.");
});

test("the beginning of data that is too large is text, whatever was asked for", () => {
  const envelope = JSON.stringify({ status: 200, data: `[${"1,".repeat(5_000)}` });
  const { data, cut } = JSON.parse(beginningOf(envelope, shape("id", 1_000)));
  expect(data).toBe(`[${"1,".repeat(5_000)}`.slice(0, 1_000));
  expect(cut).toMatchObject({ result: null, page: 1, pages: 1, total_chars: null, expires_at: null });
  expect(cut.message).toContain("larger than 8 MB");
  expect(JSON.parse(beginningOf(envelope, shape("id"))).data).toHaveLength(10_001);
});

test("a cut stands last in an answer", () => {
  const cut = { result: null, page: 1, pages: 1, total_chars: 1, expires_at: null, message: "m" };
  expect(JSON.parse(withCut('{"status":200,"data":1}', cut))).toEqual({ status: 200, data: 1, cut });
});
