import { printable } from "#connections/token-failure.js";

/** The answer of a provider, as a browser brought it to `/callback`: the parts that we use. @see RFC 6749 §4.1.2 */
export interface CallbackAnswer {
  state: string | undefined;
  /** The provider's error code. */
  error: string | undefined;
  /** The parameters of the protocol. One that stands there twice is refused by `problem`. */
  params: Record<string, string>;
  /** Why no code can be taken from it; undefined when one can. */
  problem: string | undefined;
}

/** Codes and states of real providers are far shorter. */
const maxLength = 4096;
const known = ["code", "state", "iss", "error", "error_description"];

export function readCallback(query: Record<string, unknown>): CallbackAnswer {
  const given = known.filter((name) => Object.hasOwn(query, name));
  const odd = given.find((name) => !isShortText(query[name]));
  const params = Object.fromEntries(
    given.filter((name) => isShortText(query[name])).map((name) => [name, query[name] as string]),
  );
  const { state, error, error_description: description } = params;
  const problem = odd
    ? `The service sent the browser back with a broken ${odd}`
    : error !== undefined
      ? `The service answered: ${printable(description ? `${error}: ${description}` : error)}`
      : params.code
        ? undefined
        : "The service sent the browser back without a code";
  return { state, error, params, problem };
}

/** A parameter given twice is a list. */
function isShortText(value: unknown): value is string {
  return typeof value === "string" && value.length <= maxLength;
}
