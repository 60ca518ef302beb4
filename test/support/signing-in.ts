import { type Page, type SignIn, signIn } from "#support/browser.js";
import type { OauthStandIn } from "#support/oauth-stand-in.js";
import type { Skillett } from "#support/skillett.js";

/** How a sign-in went, from the link to the page behind the callback. */
export interface SignedIn {
  /** Of the connection where there is one now, else of the attempt. */
  id: string;
  /** The link to sign in at. */
  asked: URL;
  page: Page;
  /** What `GET /v1/connect/:id` says afterwards. */
  told: { status: string; account?: string; message?: string };
}

export interface SigningIn extends Pick<SignIn, "as" | "deny"> {
  /** Whose key; by default the owner's. */
  key?: string;
}

/** Connects an account as `skillett connect` and a person's browser do together. */
export async function connectBySignIn(
  skillett: Skillett,
  body: {
    integration: string;
    scopes?: string[];
    connection?: string;
    shared?: boolean;
    settings?: Record<string, string>;
  },
  { key = skillett.key, ...browser }: SigningIn = {},
): Promise<SignedIn> {
  const begun = await skillett.call("POST", "/v1/connect", { key, body });
  if (begun.status !== 200) throw new Error(`connecting ${body.integration} was refused: ${begun.text}`);
  const { connection_id, oauth_url } = begun.json;
  const page = await signIn(oauth_url, browser);
  const { json: told } = await skillett.call("GET", `/v1/connect/${connection_id}`, { key });
  return { id: told.connection_id ?? connection_id, asked: new URL(oauth_url), page, told };
}

/** Lets these services send browsers back to this Skillett. */
export function registerCallback({ url }: Skillett, ...services: OauthStandIn[]): void {
  for (const service of services) service.registerRedirect(`${url}/callback`);
}
