import { createServer } from "node:http";
import {
  type MutableRedirectUri,
  type MutableResponse,
  type MutableToken,
  OAuth2Server,
} from "oauth2-mock-server";
import { closeServer, listen } from "#support/loopback.js";
import { newClient, providerSettings } from "#support/oauth-stand-in.js";

export interface OidcProvider {
  url: string;
  /** What the tokens, and the callback, name as `iss`. */
  issuer: string;
  /** Query parameters of the next callback, over those it would have; null leaves one out. */
  nextCallback(params: Record<string, string | null>): void;
  /** Changes the next token answer: fields over those it would have; undefined leaves one out. */
  nextTokenAnswer(change: { status?: number; fields?: Record<string, unknown> }): void;
  /** Claims of the id tokens from now on: who signs in. */
  nextIdentity(claims: Record<string, unknown>): void;
  /** The variables that point a Skillett here, in place of the provider and integration of that name. */
  settings(provider: string, integration: string): Record<string, string>;
  close(): Promise<void>;
}

/**
 * A provider of OpenID Connect with signed id tokens and `iss` in the callback, from the `oauth2-mock-server`
 * package. It takes any client and any redirect URI, and checks PKCE. `GET /json` with any token it may have
 * issued answers `{id, name}`. @see RFC 9207
 *
 * @param address what its URLs name in place of 127.0.0.1, where it listens
 */
export async function startOidc(address = "127.0.0.1"): Promise<OidcProvider> {
  const client = newClient();
  const callbacks: Record<string, string | null>[] = [];
  const answers: { status?: number; fields?: Record<string, unknown> }[] = [];
  const { issuer: tokenIssuer, service } = new OAuth2Server();
  await tokenIssuer.keys.generate("RS256");
  const front = createServer((request, response) => {
    if (request.url !== "/json") return void service.requestHandler(request, response);
    const known = /^Bearer ey\S+$/.test(request.headers.authorization ?? "");
    response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(known ? { id: 1, name: "johndoe" } : {}));
  });
  const url = (await listen(front)).replace("127.0.0.1", address);
  tokenIssuer.url = url;

  let identity: Record<string, unknown> = {};
  service.on("beforeTokenSigning", (token: MutableToken) => {
    Object.assign(token.payload, identity);
  });
  service.on("beforeAuthorizeRedirect", ({ url: callback }: MutableRedirectUri) => {
    for (const [name, value] of Object.entries({ iss: url, ...callbacks.shift() })) {
      if (value === null) callback.searchParams.delete(name);
      else callback.searchParams.set(name, value);
    }
  });
  service.on("beforeResponse", (response: MutableResponse) => {
    const { status = response.statusCode, fields = {} } = answers.shift() ?? {};
    response.statusCode = status;
    response.body = { ...(response.body || {}), ...fields };
  });

  return {
    url,
    issuer: url,
    nextCallback: (params) => void callbacks.push(params),
    nextTokenAnswer: (change) => void answers.push(change),
    nextIdentity: (claims) => {
      identity = claims;
    },
    settings: (provider, integration) => ({
      ...providerSettings(provider, client, {
        authorize: `${url}/authorize`,
        token: `${url}/token`,
        revoke: `${url}/revoke`,
      }),
      [`SKILLETT_${integration}_BASE_URL`]: url,
    }),
    close: () => closeServer(front),
  };
}
