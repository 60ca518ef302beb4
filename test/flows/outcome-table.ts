import type { Outcome } from "#core/errors.js";

/** What is known of calls, by what they do and how they fail. */

export type Kind = "harmless" | "idempotent" | "harmful";

/** Endpoints of the fixture `said`, and what sending them twice does: by their effect, then by their method. */
export const kinds: Record<string, { endpoint: string; kind: Kind }> = {
  "a GET that reads": { endpoint: "read", kind: "harmless" },
  "a POST that reads": { endpoint: "look_up", kind: "harmless" },
  "a GET that writes": { endpoint: "get_write", kind: "harmful" },
  "a POST": { endpoint: "post", kind: "harmful" },
  "a PATCH": { endpoint: "patch", kind: "harmful" },
  "a PUT": { endpoint: "put", kind: "idempotent" },
  "a DELETE": { endpoint: "delete", kind: "idempotent" },
};

/** What the same Idempotency-Key gets: the answer, another attempt, or a conflict that says this outcome. */
export type Way = "answer" | "attempt" | "unknown" | "done";

export interface Case {
  /** Word of `outcomeRoutes`. */
  word: string;
  params: Record<string, unknown>;
  error: string;
  /** It takes a second or more. */
  slow?: boolean;
  says: Record<Kind, { outcome: Outcome | undefined; sameKey: Way }> & { status?: number };
}

const reads = { outcome: undefined, sameKey: "attempt" } as const;
const all = (outcome: Outcome, sameKey: Way, status?: number): Case["says"] => ({
  harmless: reads,
  idempotent: { outcome, sameKey },
  harmful: { outcome, sameKey },
  ...(status ? { status } : {}),
});
const unreachable = "upstream_unreachable";

export const failures: Case[] = [
  ...["reset-always", "broken-http", "long-header"].map((word) => ({
    word,
    params: {},
    error: unreachable,
    says: all("unknown", "unknown"),
  })),
  ...["cut-off", "bad-gzip"].flatMap((word) => [
    { word, params: { status: 201 }, error: unreachable, says: all("done", "done", 201) },
    { word, params: { status: 404 }, error: unreachable, says: all("not_done", "attempt", 404) },
    { word, params: { status: 500 }, error: unreachable, says: all("unknown", "unknown", 500) },
  ]),
  { word: "silent", params: {}, error: "upstream_timeout", slow: true, says: all("unknown", "unknown") },
  { word: "interim", params: {}, error: "upstream_timeout", slow: true, says: all("unknown", "unknown") },
  {
    word: "half",
    params: { status: 201 },
    error: "upstream_timeout",
    slow: true,
    says: all("done", "done", 201),
  },
  {
    word: "drip",
    params: { status: 201 },
    error: "upstream_timeout",
    slow: true,
    says: all("done", "done", 201),
  },
];

interface Answered {
  word: string;
  params: Record<string, unknown>;
  /** Status in the audit log. */
  row: "completed" | "refused_upstream";
  /** Message of the refusal that the status does not tell. */
  refused?: string;
  says: Record<Kind, { sameKey: Way; hint?: RegExp }>;
}

const ok = "completed";
const no = "refused_upstream";
const lookFirst = /look at Said before you send it again/;
const each = (sameKey: Way, hint?: RegExp): Answered["says"] => {
  const it = { sameKey, ...(hint ? { hint } : {}) };
  return {
    harmless: { ...it, sameKey: sameKey === "answer" ? "attempt" : sameKey },
    idempotent: it,
    harmful: it,
  };
};
/** For services in trouble. */
const trouble: Answered["says"] = {
  harmless: { sameKey: "attempt" },
  idempotent: { sameKey: "attempt" },
  harmful: { sameKey: "unknown", hint: lookFirst },
};
const inDoubt: Answered["says"] = {
  harmless: { sameKey: "attempt" },
  idempotent: { sameKey: "unknown", hint: lookFirst },
  harmful: { sameKey: "unknown", hint: lookFirst },
};
const done: Answered["says"] = {
  harmless: { sameKey: "answer" },
  idempotent: { sameKey: "answer" },
  harmful: { sameKey: "answer" },
};
const tooMany = /takes no more requests for now/;
const later = { header: ["retry-after: 60"] };
const body = (value: object) => ({ body: JSON.stringify(value) });
const elsewhere = (status: number) => `Said answered ${status}, which sends elsewhere, and was not followed.`;

export const answers: Answered[] = [
  { word: "answer", params: { status: 201 }, row: ok, says: done },
  { word: "answer", params: { status: 204 }, row: ok, says: done },
  { word: "empty-gzip", params: { status: 200 }, row: ok, says: done },
  { word: "empty-gzip", params: { status: 204 }, row: ok, says: done },
  { word: "empty-gzip", params: { status: 304 }, row: ok, says: each("answer") },
  ...[400, 409, 422].map(
    (status) => ({ word: "answer", params: { status }, row: no, says: each("answer") }) as const,
  ),
  { word: "answer", params: { status: 404 }, row: no, says: each("answer", /^Nothing is there/) },
  ...[408, 425].map(
    (status) => ({ word: "answer", params: { status }, row: no, says: each("attempt") }) as const,
  ),
  { word: "answer", params: { status: 429 }, row: no, says: each("attempt", tooMany) },
  { word: "answer", params: { status: 403 }, row: no, says: each("answer") },
  { word: "answer", params: { status: 403, ...later }, row: no, says: each("attempt", tooMany) },
  { word: "answer", params: { status: 503, ...later }, row: ok, says: each("attempt") },
  ...[500, 502, 503, 504].map(
    (status) => ({ word: "answer", params: { status }, row: ok, says: trouble }) as const,
  ),
  { word: "answer", params: { status: 500, ...later }, row: ok, says: trouble },
  // Without an address, nobody follows them.
  ...[301, 302, 307, 308].map(
    (status) =>
      ({
        word: "answer",
        params: { status },
        row: no,
        refused: elsewhere(status),
        says: each("answer"),
      }) as const,
  ),
  { word: "answer", params: { status: 303 }, row: no, refused: elsewhere(303), says: inDoubt },
  {
    word: "answer",
    params: body({ ok: false, error: "no_such_thing" }),
    row: no,
    refused: "no_such_thing",
    says: each("answer", /make it first/),
  },
  {
    word: "answer",
    params: body({ data: null, errors: [{ message: "Not there" }] }),
    row: no,
    refused: "Not there",
    says: each("answer"),
  },
  { word: "answer", params: body({ ok: false, error: "fatal" }), row: no, refused: "fatal", says: inDoubt },
];
