import { backToClient, createAuthorizationCodes } from "#support/authorization-codes.js";
import { createIssuedTokens, type IssuedTokens } from "#support/issued-tokens.js";
import type { McpStandIn } from "#support/mcp-stand-in.js";
import { bearerToken, newClient } from "#support/oauth-stand-in.js";
import {
  type Answer,
  errorPage,
  type FrontControls,
  type FrontRequest,
  redirect,
  startFront,
} from "#support/service-front.js";
import { basicClient } from "#support/token-endpoint.js";

/** An authorization server for an MCP server, as strict as the RFCs: PKCE, resource, redirect URIs to the letter. */
export interface McpAuthorization extends FrontControls {
  issuer: string;
  tokens: IssuedTokens;
  /** Members of its metadata, over those that it has; undefined leaves one out. */
  metadata: Record<string, unknown>;
  /** Members of the metadata of the MCP server, likewise. */
  resourceMetadata: Record<string, unknown>;
  /** How it words its challenge. */
  challenge: () => string;
  /** What clients said of themselves when they registered. */
  registered: Record<string, unknown>[];
  /** Fields of the answer to a registration, over those that it has; undefined leaves one out. */
  registration: Record<string, unknown>;
  /** Query parameters of callbacks, over those that they have; undefined leaves one out. */
  callback: Record<string, string | undefined>;
  /** Reads the document of a client. */
  readDocument: (url: string) => Promise<Record<string, unknown>>;
}

const paths = {
  authorize: "/authorize",
  decide: "/decide",
  token: "/token",
  register: "/register",
  revoke: "/revoke",
};

/** @param server answers only those who have a token from there, from now on */
export async function startMcpAuthorization(server: McpStandIn): Promise<McpAuthorization> {
  const client = { id: "", secret: "", way: "none" };
  const codes = createAuthorizationCodes(client);
  const tokens = createIssuedTokens({ accessPrefix: "at-", refreshPrefix: "rt-", refreshing: "rotated" });
  const resource = server.url;

  async function authorize({ url }: FrontRequest): Promise<Answer> {
    const { searchParams } = url;
    const id = searchParams.get("client_id") ?? "";
    if (id.startsWith("https:")) {
      const document = await standIn.readDocument(id);
      if (document.client_id !== id) return errorPage(400, "The document is of another client");
      Object.assign(client, { id, secret: "", way: document.token_endpoint_auth_method });
      for (const uri of document.redirect_uris as string[]) codes.registerRedirect(uri);
    }
    if (searchParams.get("resource") !== resource) return errorPage(400, "invalid_target");
    if (!searchParams.get("code_challenge")) return errorPage(400, "PKCE is required");
    const begun = codes.begin(searchParams, (searchParams.get("scope") ?? "").split(" ").filter(Boolean));
    if (typeof begun === "string") return errorPage(400, begun);
    const field = `<input type="hidden" name="authorization" value="${begun.id}"/>`;
    const form = (text: string, value: string) =>
      `<form action="${paths.decide}">${field}<button name="as" value="${value}">${text}</button></form>`;
    return { status: 200, body: form("octocat", "octocat") + form("Cancel", "") };
  }

  function decide({ fields }: FrontRequest): Answer {
    const begun = codes.pending(fields.authorization ?? "");
    if (!begun) return errorPage(400, "This page is out of date.");
    const answer = fields.as ? { code: codes.issue(begun, fields.as) } : { error: "access_denied" };
    return redirect(backToClient(begun, { ...answer, iss: standIn.issuer, ...standIn.callback }));
  }

  function isClient(request: FrontRequest): boolean {
    const basic = basicClient(request);
    const { client_id = "", client_secret = "" } = request.fields;
    const given = basic ?? { id: client_id, secret: client_secret };
    const way = basic ? "client_secret_basic" : client_secret ? "client_secret_post" : "none";
    return given.id === client.id && given.secret === client.secret && way === client.way;
  }

  function token(request: FrontRequest): Answer {
    const refuse = (error: string) => ({ status: 400, body: { error } });
    if (!isClient(request)) return { status: 401, body: { error: "invalid_client" } };
    if (request.fields.resource !== resource) return refuse("invalid_target");
    if (request.fields.grant_type === "refresh_token") {
      const next = tokens.refresh(request.fields.refresh_token ?? "");
      return next ? tokenAnswer(next) : refuse("invalid_grant");
    }
    const redeemed = codes.redeem(request.fields);
    return typeof redeemed === "string" ? refuse("invalid_grant") : tokenAnswer(tokens.issue(redeemed.grant));
  }

  function register({ body }: FrontRequest): Answer {
    const asked = JSON.parse(body.toString());
    standIn.registered.push(asked);
    const { id, secret } = newClient();
    const given = {
      ...asked,
      client_id: id,
      ...(asked.token_endpoint_auth_method === "none"
        ? {}
        : { client_secret: secret, client_secret_expires_at: 0 }),
      ...standIn.registration,
    };
    Object.assign(client, { id, secret: given.client_secret ?? "", way: given.token_endpoint_auth_method });
    for (const uri of asked.redirect_uris) codes.registerRedirect(uri);
    return { status: 201, body: given };
  }

  function revoke(request: FrontRequest): Answer {
    if (!isClient(request)) return { status: 401, body: { error: "invalid_client" } };
    tokens.revokeGrant(request.fields.token ?? "");
    return { status: 200 };
  }

  const front = await startFront({
    tokenPath: paths.token,
    answer: async (request) => {
      const { pathname } = request.url;
      if (pathname === "/.well-known/oauth-authorization-server") return { status: 200, body: metadata() };
      if (pathname === paths.authorize) return authorize(request);
      if (pathname === paths.decide) return decide(request);
      if (pathname === paths.token) return token(request);
      if (pathname === paths.register) return register(request);
      if (pathname === paths.revoke) return revoke(request);
      return { status: 404, body: {} };
    },
  });
  const metadata = () => ({
    issuer: standIn.issuer,
    authorization_endpoint: front.url + paths.authorize,
    token_endpoint: front.url + paths.token,
    registration_endpoint: front.url + paths.register,
    revocation_endpoint: front.url + paths.revoke,
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
    authorization_response_iss_parameter_supported: true,
    ...standIn.metadata,
  });
  const { origin, pathname } = new URL(resource);
  const standIn: McpAuthorization = {
    ...front,
    issuer: front.url,
    tokens,
    metadata: {},
    resourceMetadata: {},
    challenge: () => `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource${pathname}"`,
    registered: [],
    registration: {},
    callback: {},
    readDocument: async () => ({}),
  };
  server.intercept = (request, response) => {
    const send = (status: number, body: unknown, headers = {}) => {
      response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(JSON.stringify(body));
      return true;
    };
    if (request.url === `/.well-known/oauth-protected-resource${pathname}`) {
      const usual = { resource, authorization_servers: [standIn.issuer], scopes_supported: ["tickets"] };
      return send(200, { ...usual, ...standIn.resourceMetadata });
    }
    if (request.url?.startsWith("/.well-known/")) return send(404, {});
    const grant = tokens.grantOf(bearerToken(request.headers.authorization) ?? "");
    if (grant) return false;
    return send(401, { error: "invalid_token" }, { "www-authenticate": standIn.challenge() });
  };
  return standIn;
}

const tokenAnswer = ({ access, refresh, grant }: ReturnType<IssuedTokens["issue"]>): Answer => ({
  status: 200,
  body: {
    access_token: access,
    token_type: "Bearer",
    expires_in: 3600,
    refresh_token: refresh,
    scope: grant.scopes?.join(" "),
  },
});
