import type { ErrorBody } from "#core/errors.js";

/** The server refused. `body` is its answer, `text` the same byte for byte. */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly text: string;

  constructor(status: number, body: ErrorBody, text: string) {
    super(body.message);
    this.name = "ApiError";
    this.status = status;
    this.body = body;
    this.text = text;
  }
}

/** No answer, half an answer, or the answer of something that is not a Skillett server. */
export class NetworkError extends Error {
  /** System error code, such as ECONNREFUSED. */
  readonly code: string | undefined;

  constructor(message: string, options: { code?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "NetworkError";
    this.code = options.code;
  }
}

/** Whether the request may have come to a server: a connection that never came about carried nothing. */
export function mayHaveArrived({ code }: NetworkError): boolean {
  return !["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"].includes(code ?? "");
}

/** Names the server and what went wrong on the way to it. */
export function networkError(url: string, cause: unknown): NetworkError {
  if (cause instanceof NetworkError) return cause;
  const { origin } = new URL(url);
  const code = codeOf(cause);
  const sentence = code ? sentences[code] : undefined;
  if (sentence) return new NetworkError(sentence(origin), { code, cause });
  const reason = code ?? (cause instanceof Error ? cause.message : String(cause));
  return new NetworkError(`${origin} could not be reached: ${reason}.`, { code, cause });
}

export function notSkillett(url: string, status: number): NetworkError {
  const { origin } = new URL(url);
  return new NetworkError(`${origin} answered ${status}, but not as a Skillett server does. Check the URL.`);
}

const sentences: Record<string, (origin: string) => string> = {
  ECONNREFUSED: (origin) => `No server answers at ${origin} (connection refused).`,
  ECONNRESET: (origin) => `${origin} broke off the connection.`,
  EPIPE: (origin) => `${origin} broke off the connection.`,
  ENOTFOUND: (origin) => `${origin} could not be found: the host name is unknown.`,
  EAI_AGAIN: (origin) => `${origin} could not be found: the name server does not answer.`,
  ETIMEDOUT: (origin) => `${origin} did not answer in time.`,
};

/** fetch hides the system's code in `cause`. */
function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  if ("code" in cause && typeof cause.code === "string") return cause.code;
  return codeOf(cause.cause);
}
