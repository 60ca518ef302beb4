import { expect, test } from "vitest";
import { type Answer, type Answers, type HostOptions, runAgainst } from "#support/cli.js";

const step = (resealed: number, remaining: number, more: object = {}): Answer => ({
  json: { rotation: "dk_2", resealed, remaining, ...more },
});

function rotate(answers: Answers, options: HostOptions = {}) {
  return runAgainst(answers, ["admin", "rotate-keys"], options);
}

function inTurn(...steps: Answer[]): Answers {
  return () => steps.shift()!;
}

test("skillett admin rotate-keys asks until nothing remains", async () => {
  const result = await rotate(inTurn(step(200, 150), step(150, 1), step(1, 0)));
  expect(result).toMatchObject({
    code: 0,
    stdout: '{"status":"rotated","rotation":"dk_2","resealed":351}\n',
    stderr: "",
  });
  const bodies = result.sent.map(({ body }) => JSON.parse(body));
  expect(bodies).toEqual([{}, { rotation: "dk_2" }, { rotation: "dk_2" }]);
});

test("a terminal sees how far a rotation is", async () => {
  const { stderr } = await rotate(inTurn(step(200, 1), step(1, 0)), { terminal: true });
  expect(stderr).toContain("\r\x1b[K200 secrets sealed anew, 1 to go");
  expect(stderr.endsWith("\r\x1b[K")).toBe(true);
});

test("secrets that do not open are reported", async () => {
  const result = await rotate(inTurn(step(3, 0, { broken: 2 })));
  expect(result).toMatchObject({ code: 0 });
  expect(result.stderr).toContain("! Secrets that could not be opened, and stay as they are: 2.");
});

test("Ctrl-C stops a rotation between two steps and says how to resume", async () => {
  const controller = new AbortController();
  const answers: Answers = () => {
    controller.abort();
    return step(200, 100);
  };
  const result = await rotate(answers, { signal: controller.signal });
  expect(result).toMatchObject({ code: 130, stdout: "" });
  expect(result.sent).toHaveLength(1);
  expect(result.stderr).toContain("200 secrets are sealed anew. Running it again resumes.");
  expect(result.stderr).toContain("Next:\n  skillett admin rotate-keys\n");
});

test("a server that gets no further is not asked for ever", async () => {
  const result = await rotate(() => step(0, 5));
  expect(result).toMatchObject({ code: 2, stdout: "" });
  expect(result.sent).toHaveLength(2);
});

test.each([
  [403, "forbidden", 1],
  [409, "conflict", 1],
  [500, "internal", 2],
])("a refusal with %i %s ends a rotation with exit code %i", async (status, error, code) => {
  const json = { error, message: "m", retryable: false, request_id: "r" };
  expect(await rotate(inTurn(step(1, 1), { status, json }))).toMatchObject({ code });
});
