import { generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { decodeProtectedHeader, type JWTPayload, jwtVerify } from "jose";
import { bearerToken } from "#support/oauth-stand-in.js";
import { type Answer, type FrontControls, type FrontRequest, startFront } from "#support/service-front.js";

export interface ServiceAccount {
  issuer: string;
  /** PKCS #8 in PEM. */
  privateKey: string;
  keyId: string;
}

export interface Notary extends FrontControls {
  /** A service account whose key is known here. */
  newAccount(algorithm: "RS256" | "ES256"): ServiceAccount;
  /** Forgets the key: what it signs from now on is refused. */
  withdraw(account: ServiceAccount): void;
  /** Ends all access tokens. */
  expireAll(): void;
  /** The claims of each assertion that was taken, oldest first. */
  claims: JWTPayload[];
}

interface State {
  /** By their id. */
  keys: Map<string, { issuer: string; key: KeyObject; algorithm: string }>;
  /** Subject, or else issuer, by access token. */
  tokens: Map<string, string>;
  /** Ids of assertions, each of which counts once. */
  seen: Set<string>;
  claims: JWTPayload[];
}

/**
 * A service of our own for service accounts: `/token` takes assertions that a known key has signed (RFC 7523), for
 * an hour at most and once each, and `GET /json` answers whose token it is.
 */
export async function startNotary(clock: () => number = Date.now): Promise<Notary> {
  const state: State = { keys: new Map(), tokens: new Map(), seen: new Set(), claims: [] };
  let audience = "";
  const front = await startFront({
    tokenPath: "/token",
    answer: (request) =>
      request.url.pathname === "/token"
        ? answerToken(state, request, audience, clock())
        : answerCall(state, request),
  });
  audience = `${front.url}/token`;
  return {
    ...front,
    claims: state.claims,
    newAccount(algorithm) {
      const { publicKey, privateKey } =
        algorithm === "RS256"
          ? generateKeyPairSync("rsa", { modulusLength: 2048 })
          : generateKeyPairSync("ec", { namedCurve: "P-256" });
      const account = { issuer: `robot-${randomUUID()}@notary.test`, keyId: randomUUID() };
      state.keys.set(account.keyId, { issuer: account.issuer, key: publicKey, algorithm });
      return { ...account, privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
    },
    withdraw: ({ keyId }) => void state.keys.delete(keyId),
    expireAll: () => state.tokens.clear(),
  };
}

async function answerToken(
  state: State,
  { fields }: FrontRequest,
  audience: string,
  now: number,
): Promise<Answer> {
  const refuse = (error: string): Answer => ({ status: 400, body: { error } });
  if (fields.grant_type !== "urn:ietf:params:oauth:grant-type:jwt-bearer")
    return refuse("unsupported_grant_type");
  if ("client_id" in fields || "client_secret" in fields) return refuse("invalid_request");
  const claims = await verified(state, fields.assertion ?? "", audience, now);
  if (!claims) return refuse("invalid_grant");
  state.claims.push(claims);
  const token = `notary_${randomUUID()}`;
  state.tokens.set(token, claims.sub ?? claims.iss!);
  const scope = fields.scope ?? claims.scope;
  return { status: 200, body: { access_token: token, token_type: "Bearer", expires_in: 3600, scope } };
}

async function verified(
  state: State,
  assertion: string,
  audience: string,
  now: number,
): Promise<JWTPayload | undefined> {
  try {
    const { kid = "" } = decodeProtectedHeader(assertion);
    const { issuer, key, algorithm } = state.keys.get(kid)!;
    const { payload } = await jwtVerify(assertion, key, {
      issuer,
      audience,
      algorithms: [algorithm],
      currentDate: new Date(now),
      maxTokenAge: 3600,
      requiredClaims: ["iat", "exp", "jti"],
    });
    if (payload.exp! - payload.iat! > 3600 || state.seen.has(payload.jti!)) return undefined;
    state.seen.add(payload.jti!);
    return payload;
  } catch {
    return undefined;
  }
}

function answerCall({ tokens }: State, { headers }: FrontRequest): Answer {
  const account = tokens.get(bearerToken(headers.authorization) ?? "");
  if (account !== undefined) return { status: 200, body: { id: account, name: account } };
  return { status: 401, headers: { "www-authenticate": 'Bearer error="invalid_token"' }, body: {} };
}
