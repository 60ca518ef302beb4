/** The token of an `Authorization` header, if it is one. @see RFC 6750 §2.1 */
export function bearerToken(authorization: string | null | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
}

/** API keys begin with `sk_`; any other credential is something else. */
export function bearsApiKey(authorization: string | undefined): boolean {
  return /^Bearer +sk_/i.test(authorization ?? "");
}

/** A JWT in its compact form: three parts with dots between. @see RFC 7515 §7.1 */
export function bearsJwt(authorization: string | undefined): boolean {
  return /^Bearer +[\w-]*\.[\w-]+\.[\w-]* *$/i.test(authorization ?? "");
}
