/** The token of an `Authorization` header, if it is one. @see RFC 6750 §2.1 */
export function bearerToken(authorization: string | null | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
}

/** API keys begin with `sk_`; whatever else comes is something else. */
export function bearsApiKey(authorization: string | undefined): boolean {
  return /^Bearer +sk_/i.test(authorization ?? "");
}
