import { createHash } from "node:crypto";
import { signIn } from "#support/browser.js";
import type { OauthStandIn } from "#support/oauth-stand-in.js";

export interface PlainClient {
  /** With PKCE, for the registered callback; `params` come on top, null leaves one out. */
  authorizeUrl(params?: Changes): string;
  /** Presses the button of that user. @returns the parameters of the callback */
  signIn(as: string, params?: Changes): Promise<Record<string, string>>;
  /** Redeems a code; `fields` come on top, null leaves one out. */
  redeem(code: string | undefined, fields?: Changes): Promise<JsonAnswer>;
  refresh(refreshToken: string, fields?: Changes): Promise<JsonAnswer>;
  /** Any other grant. */
  ask(fields: Record<string, string>): Promise<JsonAnswer>;
}

type Changes = Record<string, string | null>;

export interface JsonAnswer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  body: any;
}

export const callback = "http://127.0.0.1:9/callback";
const verifier = "a-verifier-that-is-as-long-as-it-has-to-be-0123456789";
const challenge = createHash("sha256").update(verifier).digest("base64url");

/** An OAuth client by hand, for tests of the stand-ins: nothing in it forgives or repairs. */
export function createPlainClient(standIn: OauthStandIn, provider: string, basic = false): PlainClient {
  const settings = standIn.settings();
  const { id, secret } = standIn.client;
  standIn.registerRedirect(callback);

  function authorizeUrl(params: Changes = {}): string {
    const url = new URL(settings[`SKILLETT_${provider}_AUTHORIZE_URL`]!);
    const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
    const usual = { response_type: "code", client_id: id, redirect_uri: callback, state: "s1", ...pkce };
    url.search = changed(usual, params).toString();
    return url.href;
  }

  async function ask(usual: Record<string, string>, fields: Changes = {}): Promise<JsonAnswer> {
    const proof: Record<string, string> = basic ? {} : { client_id: id, client_secret: secret };
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
    const response = await fetch(settings[`SKILLETT_${provider}_TOKEN_URL`]!, {
      method: "POST",
      headers: { accept: "application/json", ...(basic && { authorization }) },
      body: changed({ ...usual, ...proof }, fields),
    });
    return { status: response.status, body: await response.json() };
  }

  return {
    authorizeUrl,
    ask,
    async signIn(as, params) {
      const page = await signIn(authorizeUrl(params), { as, stopAt: new URL(callback).origin });
      if (page.status !== 0) throw new Error(`No callback, but ${page.status}: ${page.html}`);
      return Object.fromEntries(new URL(page.url).searchParams);
    },
    redeem(code = "", fields = {}) {
      const usual = { redirect_uri: callback, code_verifier: verifier };
      return ask({ grant_type: "authorization_code", code, ...usual }, fields);
    },
    refresh: (refresh_token, fields = {}) => ask({ grant_type: "refresh_token", refresh_token }, fields),
  };
}

function changed(usual: Record<string, string>, changes: Changes): URLSearchParams {
  const entries = Object.entries({ ...usual, ...changes });
  return new URLSearchParams(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}
