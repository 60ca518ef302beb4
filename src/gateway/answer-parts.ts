import type { NextPage } from "#catalog/answer/paging.js";
import { eachMember, findMember, replaceSpan } from "#core/json-text.js";
import type { Hint } from "#gateway/beside.js";

/** An answer as its envelope has it. */
export interface AnswerParts {
  /** The envelope. */
  text: string;
  status: number;
  /** JSON. */
  data: string;
  /** The service refused, or failed; in its words where it has any. */
  refusal: string | undefined;
  /** It is larger than is held, and only its beginning is there. */
  isTooLarge: boolean;
  /** The data is a view of what the service answered. */
  isView: boolean;
  /** Beside the data, what there is to say. */
  hint: Hint | undefined;
  next: NextPage | undefined;
  /** Seconds. */
  retryAfter: number | undefined;
}

/** @param text envelope without white space between tokens */
export function readParts(text: string): AnswerParts {
  const members = new Map<string, string>();
  eachMember(text, { from: 0, to: text.length }, (name, { from, to }) =>
    members.set(name, text.slice(from, to)),
  );
  const parsed = (name: string) => JSON.parse(members.get(name) ?? "{}");
  const status = Number(members.get("status"));
  const { next, retry_after: retryAfter } = parsed("page");
  const { message: refused } = parsed("refused");
  return {
    text,
    status,
    data: members.get("data")!,
    refusal: refused ?? (status >= 400 ? `the service answered ${status}.` : undefined),
    isTooLarge: members.has("cut"),
    isView: members.has("view"),
    hint: members.has("hint") ? parsed("hint") : undefined,
    next,
    retryAfter,
  };
}

/** The envelope with this hint, in place of one that is there. */
export function withHint(envelope: string, hint: object): string {
  const place = findMember(envelope, "hint");
  if (place) return replaceSpan(envelope, place, JSON.stringify(hint));
  return `${envelope.slice(0, -1)},"hint":${JSON.stringify(hint)}}`;
}

/** The envelope with a remark behind the hint that is there. */
export function withRemark(envelope: string, remark: string | undefined): string {
  if (remark === undefined) return envelope;
  const place = findMember(envelope, "hint");
  const hint = place && (JSON.parse(envelope.slice(place.from, place.to)) as Hint);
  return withHint(envelope, { ...hint, message: [hint?.message, remark].filter(Boolean).join(" ") });
}
