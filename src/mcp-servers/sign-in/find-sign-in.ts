import {
  type AuthorizationServerMetadata,
  checkResourceAllowed,
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  IssuerMismatchError,
  type OAuthProtectedResourceMetadata,
} from "@modelcontextprotocol/client";
import { SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { Challenge } from "#mcp-servers/sign-in/challenge.js";
import { createMetadataFetch, quotable, withinTime } from "#mcp-servers/sign-in/metadata-fetch.js";
import type { Upstream } from "#upstream/send.js";

/** How people sign in at an MCP server, as it and its authorization server say. */
export interface ServerSignIn {
  issuer: string;
  authorizeUrl: string;
  tokenUrl: string;
  /** Null where tokens cannot be revoked. */
  revokeUrl: string | null;
  /** The address that tokens are for. @see RFC 8707 */
  resource: string;
  scopes: string[];
  /** `iss` comes with every callback. @see RFC 9207 */
  sendsIssuer: boolean;
}

/** How that authorization server takes clients which it does not know. */
export interface Registering {
  issuer: string;
  /** Null where it registers none by itself. @see RFC 7591 */
  url: string | null;
  /** It reads the document of a client. @see draft-ietf-oauth-client-id-metadata-document */
  takesDocuments: boolean;
  /** How clients prove themselves at its token endpoint. @see RFC 8414 §2 */
  authMethods: string[];
}

export interface FoundSignIn {
  signIn: ServerSignIn;
  registering: Registering;
}

/** A server at which nobody can sign in through us. The message is a sentence for whoever added the server. */
export class NoSignIn extends Error {
  override readonly name = "NoSignIn";
}

export interface SignInServer {
  url: string;
  /** How a person knows it. */
  service: string;
  challenge: Challenge | null;
}

/** @throws NoSignIn */
export type FindSignIn = (server: SignInServer, signal: RequestSignal) => Promise<FoundSignIn>;

/**
 * Asks a server where its tokens come from, and that authorization server how people sign in there.
 *
 * @see RFC 9728 §3, RFC 8414 §3, MCP 2025-11-25, Authorization
 */
export function createFindSignIn(upstream: Upstream): FindSignIn {
  return async ({ url, service, challenge }, client) => {
    const { resource, scopes, metadata } = await withinTime(client, async (signal) => {
      const fetchFn = createMetadataFetch(upstream, service, signal);
      const { issuer, ...said } = await askServer(url, challenge, fetchFn);
      return { ...said, metadata: await askIssuer(issuer, fetchFn) };
    });
    const signIn = toSignIn(metadata, resource, scopesOf(scopes, metadata));
    const registering = toRegistering(metadata);
    checkAddresses(upstream, signIn, registering);
    return { signIn, registering };
  };
}

type Fetch = ReturnType<typeof createMetadataFetch>;

async function askServer(url: string, challenge: Challenge | null, fetchFn: Fetch) {
  const metadata = await resourceMetadata(url, challenge, fetchFn);
  const { resource, scopes_supported: supported = [] } = metadata;
  if (!checkResourceAllowed({ requestedResource: url, configuredResource: resource })) {
    throw new NoSignIn(`It says that its tokens are for ${quotable(resource)}, which is not its address`);
  }
  const [issuer] = metadata.authorization_servers ?? [];
  if (issuer === undefined) throw new NoSignIn("It does not say where its tokens come from");
  const scopes = challenge?.scope?.split(" ") ?? supported;
  return { resource, issuer, scopes: scopes.filter(isScope) };
}

/** @see RFC 6749 §3.3 */
const isScope = (text: string) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(text);

async function resourceMetadata(
  url: string,
  challenge: Challenge | null,
  fetchFn: Fetch,
): Promise<OAuthProtectedResourceMetadata> {
  const { metadataUrl } = challenge ?? {};
  try {
    return await discoverOAuthProtectedResourceMetadata(
      url,
      metadataUrl ? { resourceMetadataUrl: metadataUrl } : {},
      fetchFn,
    );
  } catch (error) {
    throw new NoSignIn(`It does not say where its tokens come from (RFC 9728)${because(error)}`, {
      cause: error,
    });
  }
}

async function askIssuer(issuer: string, fetchFn: Fetch): Promise<AuthorizationServerMetadata> {
  const refuse = (what: string, cause?: unknown) =>
    new NoSignIn(`${quotable(issuer)}, where its tokens come from, ${what}`, { cause });
  const metadata = await discoverAuthorizationServerMetadata(issuer, { fetchFn }).catch((error) => {
    throw refuse(`does not say how (RFC 8414)${because(error)}`, error);
  });
  if (!metadata) throw refuse("does not say how (RFC 8414)");
  if (!metadata.response_types_supported.includes("code")) throw refuse("has no sign-in by a code");
  // A client that goes on without it takes codes that somebody has slipped in.
  if (!metadata.code_challenge_methods_supported?.includes("S256")) {
    throw refuse("does not say that it takes PKCE with S256");
  }
  return metadata;
}

/** Why a document was not read, where a person can do something about it; else nothing, for it is not as the RFCs say. */
export function because(error: unknown): string {
  if (error instanceof IssuerMismatchError) return ": it calls itself otherwise";
  return error instanceof SkillettError ? `: ${error.message.replace(/\.$/, "")}` : "";
}

/** With the scope that a refresh token takes, where the server has one. @see OpenID Connect Core 1.0 §11 */
function scopesOf(
  scopes: string[],
  { scopes_supported: supported = [] }: AuthorizationServerMetadata,
): string[] {
  const offline = supported.includes("offline_access") ? ["offline_access"] : [];
  const all = [...new Set([...scopes, ...offline])];
  // More than an address can hold: then the server gives those that it thinks fit.
  return all.join(" ").length > maxLength ? [] : all;
}

function toSignIn(metadata: AuthorizationServerMetadata, resource: string, scopes: string[]): ServerSignIn {
  const { issuer, authorization_endpoint: authorizeUrl, token_endpoint: tokenUrl } = metadata;
  const { revocation_endpoint: revokeUrl } = metadata as { revocation_endpoint?: unknown };
  const { authorization_response_iss_parameter_supported: sendsIssuer } = metadata as Record<string, unknown>;
  return {
    issuer,
    authorizeUrl,
    tokenUrl,
    revokeUrl: typeof revokeUrl === "string" ? revokeUrl : null,
    resource,
    scopes,
    sendsIssuer: sendsIssuer === true,
  };
}

function toRegistering(metadata: AuthorizationServerMetadata): Registering {
  const { issuer, registration_endpoint: url } = metadata;
  const { client_id_metadata_document_supported: takesDocuments } = metadata as Record<string, unknown>;
  const { token_endpoint_auth_methods_supported: authMethods = ["client_secret_basic"] } = metadata;
  return { issuer, url: url ?? null, takesDocuments: takesDocuments === true, authMethods };
}

/**
 * People are sent to these addresses, and codes and tokens go there.
 *
 * @throws NoSignIn
 */
function checkAddresses(
  upstream: Upstream,
  { issuer, authorizeUrl, tokenUrl, revokeUrl, resource }: ServerSignIn,
  { url: registrationUrl }: Registering,
): void {
  const urls = [issuer, authorizeUrl, tokenUrl, revokeUrl, registrationUrl].filter((url) => url !== null);
  for (const url of [resource, ...urls]) {
    if (!isPlain(url))
      throw new NoSignIn(`Its sign-in has the address ${quotable(url)}, which cannot be sent`);
  }
  for (const url of urls) {
    try {
      upstream.check("tenant-integration", new URL(url));
    } catch (error) {
      const { message } = error as Error;
      throw new NoSignIn(`Its sign-in leads to ${quotable(url)}, which is not reached: ${message}`);
    }
  }
}

const maxLength = 2_000;

/** In files of ours braces stand for settings. */
const isPlain = (url: string) => url.length <= maxLength && /^[\x21-\x7e]+$/.test(url) && !/[{}#]/.test(url);
