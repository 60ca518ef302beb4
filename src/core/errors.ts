import { beginningOf, isLongerThan } from "#core/characters.js";
import { storageFailure } from "#core/storage-failure.js";

/**
 * The one table of errors. Every refusal of ours is a row here; an answer of an upstream service is not.
 *
 * @see docs/errors.md, which a test keeps in step with this table
 */

export interface ErrorKind {
  /** HTTP status of the answer. */
  status: number;
  /** Public sentence; `{name}` is filled from the error's facts. */
  message: string;
  /** Path on the dashboard where a person can fix it. */
  actionPath?: string;
  /** Exit code of the CLI: 1 refused, 2 network, timeout or server error. */
  exit: 1 | 2;
  /** May the same request succeed later without anybody changing anything? */
  retryable: boolean;
}

const integrations = "/dashboard/integrations";
const apiKeys = "/dashboard/api-keys";

export const errorTable = {
  bad_request: { status: 400, message: "The request is not valid.", exit: 1, retryable: false },
  unauthorized: {
    status: 401,
    message: "Missing or invalid authorization.",
    actionPath: apiKeys,
    exit: 1,
    retryable: false,
  },
  api_key_invalid: {
    status: 401,
    message: "Invalid API key.",
    actionPath: apiKeys,
    exit: 1,
    retryable: false,
  },
  api_key_revoked: {
    status: 401,
    message: "This API key has been revoked.",
    actionPath: apiKeys,
    exit: 1,
    retryable: false,
  },
  api_key_expired: {
    status: 401,
    message: "This API key has expired.",
    actionPath: apiKeys,
    exit: 1,
    retryable: false,
  },
  token_expired: {
    status: 401,
    message: "Token expired and refresh failed. Please reconnect.",
    actionPath: integrations,
    exit: 1,
    retryable: false,
  },
  forbidden: { status: 403, message: "You may not do this.", exit: 1, retryable: false },
  integration_not_connected: {
    status: 403,
    message: "The user needs to connect their {slug} account first.",
    actionPath: integrations,
    exit: 1,
    retryable: false,
  },
  scope_not_allowed: {
    status: 403,
    message: "API key does not have access to the {slug} integration.",
    actionPath: apiKeys,
    exit: 1,
    retryable: false,
  },
  plan_limit_reached: {
    status: 403,
    message: "Plan limit reached: maximum {limit} {resource}. Upgrade your plan for more.",
    actionPath: "/dashboard/settings",
    exit: 1,
    retryable: false,
  },
  not_found: { status: 404, message: "{resource} not found.", exit: 1, retryable: false },
  conflict: {
    status: 409,
    message: "The request conflicts with the current state.",
    exit: 1,
    retryable: false,
  },
  validation_failed: { status: 422, message: "The request is not valid.", exit: 1, retryable: false },
  payload_too_large: {
    status: 413,
    message: "The request body is over {limit} bytes.",
    exit: 1,
    retryable: false,
  },
  rate_limit_reached: {
    status: 429,
    message: "Rate limit reached ({limit} calls per minute).",
    actionPath: "/dashboard/settings",
    exit: 1,
    retryable: true,
  },
  daily_limit_reached: {
    status: 429,
    message: "Daily API call limit reached ({limit}). Resets at midnight UTC.",
    actionPath: "/dashboard/settings",
    exit: 1,
    retryable: true,
  },
  authorization_pending: {
    status: 400,
    message: "Nobody has let the device in yet. Ask again after `interval` seconds.",
    exit: 1,
    retryable: true,
  },
  slow_down: {
    status: 400,
    message: "Asked too soon: wait 5 seconds longer between two polls from now on.",
    exit: 1,
    retryable: true,
  },
  access_denied: { status: 400, message: "The device was turned away.", exit: 1, retryable: false },
  expired_token: {
    status: 400,
    message: "The device code has expired. Begin again.",
    exit: 1,
    retryable: false,
  },
  already_used: {
    status: 400,
    message: "The device code has been used: its key was given out once.",
    exit: 1,
    retryable: false,
  },
  invalid_request: { status: 400, message: "The request is not valid.", exit: 1, retryable: false },
  invalid_grant: { status: 400, message: "The device code is not valid.", exit: 1, retryable: false },
  invalid_scope: { status: 400, message: "A scope is not valid.", exit: 1, retryable: false },
  unsupported_grant_type: {
    status: 400,
    message: "The grant type must be urn:ietf:params:oauth:grant-type:device_code.",
    exit: 1,
    retryable: false,
  },
  internal: { status: 500, message: "Something went wrong on our side.", exit: 2, retryable: true },
  unavailable: {
    status: 503,
    message: "This server cannot serve calls now: its database does not answer.",
    exit: 2,
    retryable: true,
  },
  server_unreachable: {
    status: 503,
    message: "The Skillett server could not be reached.",
    exit: 2,
    retryable: true,
  },
  upstream_unreachable: { status: 502, message: "{service} could not be reached.", exit: 2, retryable: true },
  upstream_timeout: { status: 504, message: "{service} did not answer in time.", exit: 2, retryable: true },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorTable;
export const errorCodes = Object.keys(errorTable) as ErrorCode[];

/** Something wrong with an input: its place (`params.title`), and a message about it. */
export interface Issue {
  at: string;
  message: string;
}

/** Whether the service did what a call asked for, as far as we know, when the call ended in an error. */
export type Outcome = "done" | "not_done" | "unknown";

export interface ErrorDetails {
  /** Replaces the table's sentence. */
  message?: string;
  /** Values for the `{placeholders}` of the table's sentence. */
  facts?: Record<string, string | number>;
  issues?: Issue[];
  /** Commands that, run in this order, put it right. */
  next?: string[];
  /** Seconds until the same request may succeed; sent as `Retry-After`. */
  retryAfterSeconds?: number;
  retryable?: boolean;
  /** Of a call that was to change something at a service. */
  outcome?: Outcome | undefined;
  /** Further fields of the answer that a standard wants there, such as `error_description`. */
  extra?: Readonly<Record<string, string>>;
  /** For the operator's log only: never sent to a caller. */
  cause?: unknown;
}

/** A refusal of ours. Throw it anywhere; the border turns it into the answer. */
export class SkillettError extends Error {
  readonly code: ErrorCode;
  readonly issues: Issue[] | undefined;
  readonly next: string[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly retryable: boolean;
  readonly outcome: Outcome | undefined;
  readonly extra: Readonly<Record<string, string>> | undefined;

  constructor(code: ErrorCode, details: ErrorDetails = {}) {
    super(details.message ?? fill(errorTable[code].message, details.facts ?? {}), { cause: details.cause });
    this.name = "SkillettError";
    this.code = code;
    this.issues = details.issues;
    this.next = details.next;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.retryable = details.retryable ?? errorTable[code].retryable;
    this.outcome = details.outcome;
    this.extra = details.extra;
  }

  get kind(): ErrorKind {
    return errorTable[this.code];
  }
}

/** Nobody reads more, and a value of a megabyte can have hundreds of thousands. */
export const maxIssues = 50;
/** Characters of a place: names in it are the sender's, and a name can have a megabyte. */
const maxPlace = 200;

/**
 * The sentence of a `bad_request`: the first problem, and how many more there are. Long input does not make the
 * answer long: places are cut, and only the first problems are listed.
 */
export function badRequest(issues: Issue[], details: Omit<ErrorDetails, "issues"> = {}): SkillettError {
  const reported = issues.slice(0, maxIssues).map(({ at, message }) => ({ at: shortPlace(at), message }));
  const [first] = reported;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  const message = first ? `${first.at}: ${first.message}${more}` : undefined;
  return new SkillettError("bad_request", { ...(message ? { message } : {}), ...details, issues: reported });
}

const shortPlace = (at: string) => (isLongerThan(at, maxPlace) ? `${beginningOf(at, maxPlace)}…` : at);

/** The refusal when the database can keep nothing; undefined when the error is about something else. */
export function unavailable(cause: unknown): SkillettError | undefined {
  const failure = storageFailure(cause);
  if (failure === undefined) return undefined;
  const message = `This server cannot serve calls now: its database cannot be used, since ${failure}.`;
  return new SkillettError("unavailable", { message, cause });
}

/** Body of an error under `/v1`, `/auth` and `/api-keys`. */
export interface ErrorBody {
  error: ErrorCode;
  message: string;
  action_url?: string;
  next?: string[];
  issues?: Issue[];
  retryable: boolean;
  outcome?: Outcome;
  request_id: string;
}

export function errorBody(error: SkillettError, requestId: string, publicUrl: string): ErrorBody {
  const { actionPath } = error.kind;
  return {
    ...error.extra,
    error: error.code,
    message: error.message,
    ...(actionPath ? { action_url: publicUrl + actionPath } : {}),
    ...(error.next ? { next: error.next } : {}),
    ...(error.issues ? { issues: error.issues } : {}),
    retryable: error.retryable,
    ...(error.outcome ? { outcome: error.outcome } : {}),
    request_id: requestId,
  };
}

/** Body of an error under `/api`: the same facts with the sentence first, as that API has it. */
export interface ApiErrorBody extends Omit<ErrorBody, "error" | "message"> {
  error: string;
  code: ErrorCode;
}

export function apiErrorBody(error: SkillettError, requestId: string, publicUrl: string): ApiErrorBody {
  const { error: code, message, ...rest } = errorBody(error, requestId, publicUrl);
  return { error: message, code, ...rest };
}

function fill(sentence: string, facts: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole));
}
