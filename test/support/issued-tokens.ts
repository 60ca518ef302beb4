import { randomBytes } from "node:crypto";

/** What a person has allowed a client. */
export interface Grant {
  user: string;
  clientId: string;
  /** Null where the service has no scopes. */
  scopes: string[] | null;
}

export interface Tokens {
  access: string;
  refresh: string | undefined;
  grant: Grant;
}

export interface TokenRules {
  accessPrefix: string;
  /** Undefined: no refresh tokens. */
  refreshPrefix?: string;
  /**
   * `kept`: a refresh token works again and again. `rotated`: each works once. `family`: as `rotated`, and one
   * that comes back ends all tokens of its grant. @see RFC 9700 §4.14.2
   */
  refreshing?: "kept" | "rotated" | "family";
  /** How often a used refresh token may come back for the very same new tokens. */
  graceUses?: number;
  /** A refresh ends the access token before it. */
  endsOld?: boolean;
}

interface RefreshToken {
  tokens: Tokens;
  next: Tokens | undefined;
  graceLeft: number;
}

export interface IssuedTokens {
  issue(grant: Grant, options?: { refreshable?: boolean }): Tokens;
  /** Remembers a token of another making. */
  add(access: string, grant: Grant): void;
  /** What an access token allows; undefined when it is unknown, expired or revoked. */
  grantOf(access: string): Grant | undefined;
  /** New tokens; undefined when the refresh token is no good. */
  refresh(refresh: string): Tokens | undefined;
  expire(access: string): void;
  expireAll(): void;
  revokeRefreshTokens(): void;
  /** Ends this access or refresh token alone. @returns false when it is unknown */
  revoke(token: string): boolean;
  /** Access and refresh tokens that still work. */
  live(): string[];
  /** Ends every token of the same person and client. @returns false when the token is unknown */
  revokeGrant(token: string): boolean;
}

/** The tokens a service has handed out. They last until somebody ends them: no clock is involved. */
export function createIssuedTokens(rules: TokenRules): IssuedTokens {
  const access = new Map<string, Grant>();
  const refreshable = new Map<string, RefreshToken>();

  function issue(grant: Grant, { refreshable: wanted = true } = {}): Tokens {
    const tokens: Tokens = {
      access: newToken(rules.accessPrefix),
      refresh: rules.refreshPrefix && wanted ? newToken(rules.refreshPrefix) : undefined,
      grant,
    };
    access.set(tokens.access, grant);
    if (tokens.refresh)
      refreshable.set(tokens.refresh, { tokens, next: undefined, graceLeft: rules.graceUses ?? 0 });
    return tokens;
  }

  function refresh(token: string): Tokens | undefined {
    const known = refreshable.get(token);
    if (!known) return undefined;
    if (known.next) return comesBack(known, known.next);
    if (rules.endsOld) access.delete(known.tokens.access);
    if (rules.refreshing === "kept") return issue(known.tokens.grant, { refreshable: false });
    known.next = issue(known.tokens.grant);
    return known.next;
  }

  function comesBack(known: RefreshToken, next: Tokens): Tokens | undefined {
    if (known.graceLeft > 0) {
      known.graceLeft -= 1;
      return next;
    }
    if (rules.refreshing === "family") endGrant(known.tokens.grant);
    return undefined;
  }

  function endGrant({ user, clientId }: Grant): void {
    const same = (grant: Grant) => grant.user === user && grant.clientId === clientId;
    for (const [token, grant] of access) if (same(grant)) access.delete(token);
    for (const [token, { tokens }] of refreshable) if (same(tokens.grant)) refreshable.delete(token);
  }

  return {
    issue,
    add: (token, grant) => void access.set(token, grant),
    grantOf: (token) => access.get(token),
    refresh,
    expire: (token) => void access.delete(token),
    expireAll: () => access.clear(),
    revokeRefreshTokens: () => refreshable.clear(),
    revoke: (token) => access.delete(token) || refreshable.delete(token),
    live: () => [
      ...access.keys(),
      ...[...refreshable].filter(([, { next }]) => !next).map(([token]) => token),
    ],
    revokeGrant(token) {
      const grant = access.get(token) ?? refreshable.get(token)?.tokens.grant;
      if (grant) endGrant(grant);
      return grant !== undefined;
    },
  };
}

export function newToken(prefix: string): string {
  return `${prefix}${randomBytes(18).toString("hex")}`;
}
