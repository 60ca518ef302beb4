import { RegistrationRejectedError, registerClient } from "@modelcontextprotocol/client";
import type { ClientAuth } from "#core/client-auth.js";
import type { RequestSignal } from "#core/request-signal.js";
import { because, NoSignIn, type Registering } from "#mcp-servers/sign-in/find-sign-in.js";
import { createMetadataFetch, quotable, withinTime } from "#mcp-servers/sign-in/metadata-fetch.js";
import type { Upstream } from "#upstream/send.js";

/** SECRET. A client of ours at one authorization server. */
export interface RegisteredClient {
  id: string;
  /** Empty for a public client. */
  secret: string;
  clientAuth: ClientAuth;
}

/** Our words about ourselves, for one way in which a client proves itself. */
export interface ClientSelf {
  /** The address of our document. */
  documentUrl: string;
  metadata(authMethod: string): { client_name: string; redirect_uris: string[] };
}

/** @throws NoSignIn where only a person can register a client */
export type RegisterClient = (
  at: Registering & { service: string },
  self: ClientSelf,
  signal: RequestSignal,
) => Promise<RegisteredClient>;

/** The ways to prove oneself that we have, the best first. @see RFC 7591 §2 */
const ways = {
  client_secret_basic: "basic",
  client_secret_post: "body",
  none: "none",
} as const satisfies Record<string, ClientAuth>;
type Way = keyof typeof ways;
const isWay = (method: string): method is Way => Object.hasOwn(ways, method);

export function createRegisterClient(upstream: Upstream): RegisterClient {
  return async (at, self, signal) => {
    const { takesDocuments, authMethods } = at;
    if (takesDocuments && isPublicAddress(self.documentUrl) && authMethods.includes("none")) {
      return { id: self.documentUrl, secret: "", clientAuth: "none" };
    }
    return withinTime(signal, (limited) => register(upstream, at, self, limited));
  };
}

/** The server has to be able to read it. */
const isPublicAddress = (url: string) => new URL(url).protocol === "https:";

/** @see RFC 7591 §3 */
async function register(
  upstream: Upstream,
  { issuer, url, authMethods, service }: Registering & { service: string },
  self: ClientSelf,
  signal: RequestSignal,
): Promise<RegisteredClient> {
  const way = (Object.keys(ways) as Way[]).find((it) => authMethods.includes(it));
  if (url === null || way === undefined) {
    throw new NoSignIn(`${quotable(issuer)} takes only clients that a person has registered there`);
  }
  const answer = await registerClient(issuer, {
    // Only the address of registering is read from it.
    metadata: { registration_endpoint: url } as never,
    clientMetadata: self.metadata(way),
    fetchFn: createMetadataFetch(upstream, service, signal),
  }).catch((error) => {
    throw new NoSignIn(`${quotable(issuer)} did not register a client of ours${reasonOf(error)}`, {
      cause: error,
    });
  });
  const { client_id: id, client_secret: secret = "", token_endpoint_auth_method: given = way } = answer;
  // A server that gives no secret has made a public client, whatever it calls that.
  const method = secret === "" ? "none" : given;
  if (!isWay(method) || (method !== "none" && secret === "")) {
    throw new NoSignIn(
      `${quotable(issuer)} wants a client to prove itself by ${quotable(given)}, which is not known here`,
    );
  }
  return { id, secret: method === "none" ? "" : secret, clientAuth: ways[method] };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof RegistrationRejectedError)) return because(error);
  return ` (HTTP ${error.status})`;
}
