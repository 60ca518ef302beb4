import * as openid from "openid-client";
import type { Caller } from "#core/caller.js";
import type { Engine } from "#store/engine/database.js";
import { type Reply, type Skillett, type SkillettOptions, startSkillett } from "#support/skillett.js";
import type { Visitor } from "#support/visitor.js";
import { claimInstance, type Person } from "#support/world.js";

/** Remote programs that want in, and the person who decides: a client that knows nothing of us but the RFCs. */
export interface OAuthStage {
  skillett: Skillett;
  resource: string;
  /** Ada, who owns the tenant and the instance. */
  owner: Person;
  wait(seconds: number): void;
  /** ISO 8601. */
  inSeconds(seconds: number): string;
  /** Registers a client. */
  register(metadata?: Partial<openid.ClientMetadata>): Promise<openid.Configuration>;
  /** One that is known already, such as by a document. */
  know(clientId: string): Promise<openid.Configuration>;
  /** A request as the client would send a browser with. */
  begin(client: openid.Configuration, params?: Record<string, string | null>): Promise<Begun>;
  /** Lets a client in and gets its tokens. */
  letIn(client: openid.Configuration, params?: Record<string, string>, choice?: object): Promise<Tokens>;
  /** As `/mcp` does it. */
  use(token: string): Promise<Caller>;
}

export type Tokens = openid.TokenEndpointResponse & { refresh_token: string };

export interface Begun {
  /** Path and query. */
  authorize: string;
  verifier: string;
  state: string;
  /** Opens it in a browser; answers with the id of the request, or with what else came. */
  open(browser?: Visitor): Promise<{ uid: string; reply: Reply }>;
  see(uid: string, browser?: Visitor): Promise<Reply>;
  decide(uid: string, how: "approve" | "deny", choice?: object, browser?: Visitor): Promise<Reply>;
  /** Opens, decides, and goes back: the address of the program that it leads to. */
  decideAll(how: "approve" | "deny", choice?: object): Promise<URL>;
  /** Trades the code in. */
  redeem(callback: URL, verifier?: string): Promise<Tokens>;
}

export const redirectUri = "http://127.0.0.1/callback";
/** Native programs take whatever port is free. */
export const usedRedirectUri = "http://127.0.0.1:49152/callback";

export async function startOAuthStage(engine: Engine, options: SkillettOptions = {}): Promise<OAuthStage> {
  let now = Date.now();
  const skillett = await startSkillett(engine, { clock: () => now, ...options });
  const owner = await claimInstance(skillett);
  return {
    ...createRemoteClients(skillett, owner),
    skillett,
    owner,
    wait: (seconds) => {
      now += seconds * 1000;
    },
    inSeconds: (seconds) => new Date(now + seconds * 1000).toISOString(),
    use: (token) => skillett.app.authenticateMcp(`Bearer ${token}`, "127.0.0.1"),
  };
}

type RemoteClients = Pick<OAuthStage, "resource" | "register" | "know" | "begin" | "letIn">;

export function createRemoteClients({ url }: Pick<Skillett, "url">, owner: Visitor): RemoteClients {
  const issuer = new URL(`${url}/oauth`);
  const resource = `${url}/mcp`;
  const insecure = { execute: [openid.allowInsecureRequests] };

  const begin: OAuthStage["begin"] = async (client, params = {}) => {
    const verifier = openid.randomPKCECodeVerifier();
    const state = openid.randomState();
    const all = {
      redirect_uri: usedRedirectUri,
      scope: "github:read",
      resource,
      state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      ...params,
    };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
    const { pathname, search } = openid.buildAuthorizationUrl(client, new URLSearchParams(given));
    return begun(owner, client, { authorize: pathname + search, verifier, state });
  };

  return {
    resource,
    begin,
    register: (metadata = {}) =>
      openid.dynamicClientRegistration(
        issuer,
        {
          client_name: "Test client",
          redirect_uris: [redirectUri],
          token_endpoint_auth_method: "none",
          ...metadata,
        },
        metadata.token_endpoint_auth_method === "client_secret_post" ? undefined : openid.None(),
        { algorithm: "oauth2", ...insecure },
      ),
    know: (clientId) =>
      openid.discovery(issuer, clientId, undefined, openid.None(), { algorithm: "oauth2", ...insecure }),
    async letIn(client, params = {}, choice = {}) {
      const request = await begin(client, params);
      return request.redeem(await request.decideAll("approve", choice));
    },
  };
}

function begun(
  owner: Visitor,
  client: openid.Configuration,
  request: Pick<Begun, "authorize" | "verifier" | "state">,
): Begun {
  const open: Begun["open"] = async (browser = owner) => {
    const reply = await browser.call("GET", request.authorize, undefined, { accept: "text/html" });
    const location = reply.headers.get("location") ?? "http://none";
    return { uid: new URL(location).searchParams.get("uid") ?? "", reply };
  };
  const decide: Begun["decide"] = (uid, how, choice = {}, browser = owner) =>
    browser.call("POST", `/api/authorizations/${uid}/${how}`, how === "approve" ? choice : undefined);
  return {
    ...request,
    open,
    decide,
    see: (uid, browser = owner) => browser.call("GET", `/api/authorizations/${uid}`),
    async decideAll(how, choice) {
      const { uid, reply } = await open();
      if (uid === "")
        throw new Error(`no request began: ${reply.status} ${reply.headers.get("location")} ${reply.text}`);
      const { json, text } = await decide(uid, how, choice);
      if (!json?.redirectTo) throw new Error(`not decided: ${text}`);
      const back = await owner.call("GET", pathOf(json.redirectTo), undefined, { accept: "text/html" });
      const location = back.headers.get("location");
      if (location === null) throw new Error(`leads nowhere: ${back.status} ${back.text}`);
      return new URL(location);
    },
    redeem: async (callback, verifier = request.verifier) =>
      (await openid.authorizationCodeGrant(client, callback, {
        pkceCodeVerifier: verifier,
        expectedState: request.state,
      })) as Tokens,
  };
}

export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
