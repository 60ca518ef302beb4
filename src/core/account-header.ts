/**
 * Names the account that a call was sent with, on the answer of `POST /v1/{integration}/{endpoint}`. Account names are
 * whatever services call them; in a header only visible ASCII arrives everywhere, so all else, and `%`, is written
 * as the percent-encoded bytes of its UTF-8.
 *
 * @see RFC 9110 §5.5, RFC 3986 §2.1
 */
export const accountHeader = "skillett-account";

export function encodeAccount(account: string): string {
  return account.toWellFormed().replace(/[^\x21-\x24\x26-\x7e]/gu, encodeURIComponent);
}

/** The name as the service has it; undefined where the header is missing or not of ours. */
export function accountOf(headers: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const value = headers?.[accountHeader];
  if (typeof value !== "string") return undefined;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
