import type { BodyMatch } from "#catalog/body.js";

/** The classes in which services refuse for a reason that lies outside of the request. */
export const refusalClasses = ["dead", "scope", "not_shared", "admin_needed", "plan", "rate"] as const;

/**
 * `dead`: the credential is no good any more. `scope`: it lacks a scope. `not_shared`: the thing may exist, but not for
 * this account. `admin_needed`: an administrator has to allow it. `plan`: the account's plan lacks it. `rate`: too many
 * requests.
 */
export type RefusalClass = (typeof refusalClasses)[number];

/** How a service refuses with a status below 400. */
export interface RefusedMatch {
  /** A body that matches is a refusal. */
  body: BodyMatch | null;
  /**
   * A body that has a value at one of these dotted paths is a refusal as well: not null, false, empty text or an
   * empty list.
   */
  present: readonly string[];
  /**
   * An answer that has something at one of these paths, more than an object of nulls, is no refusal by `present`.
   */
  absent: readonly string[];
  /** Dotted paths to the service's own words, or its code; the first that leads somewhere. */
  message: readonly string[];
  /** Refusals after which the request may have been carried out nevertheless. */
  unknown: BodyMatch | null;
}

/** A way to refuse, of which the class is known. A refusal that meets all its conditions is of this class. */
export interface RefusalRule {
  class: RefusalClass;
  /** One of these; null: any. */
  status: readonly number[] | null;
  body: BodyMatch | null;
  /** Names in lower case, and their values; one that ends with `*` is the beginning of a value. */
  headers: Readonly<Record<string, readonly string[]>>;
  /** One of these, in lower case, stands in the beginning of the body; none: not looked for. */
  text: readonly string[];
  /** Headers: the scopes that the credential has, and those of which one is needed. They have none in common. */
  lacking: { granted: string; accepted: string } | null;
  /** Dotted path in the body to the scopes that are needed; null: those of the endpoint. */
  scopes: string | null;
  /** Seconds to wait where the answer does not say. */
  wait: number | null;
}

/** How a service counts the requests that it takes, beside the usual headers. */
export interface RateLimit {
  /** Headers with the number of requests that are left. */
  remaining: readonly string[];
  /** Where it says how long to wait, or when the count begins again; the first that is there. */
  retryAfter: readonly TimeSource[];
  /** The same, for when none are left. */
  reset: readonly TimeSource[];
}

export const timeForms = [
  "seconds",
  "milliseconds",
  "epoch_seconds",
  "epoch_ms",
  "http_date",
  "iso",
] as const;

/** Where a time stands in an answer: a header, or a dotted path in the body. */
export interface TimeSource {
  header: string | null;
  body: string | null;
  /** How it is written; null: told by what it looks like. */
  as: (typeof timeForms)[number] | null;
}
