import {
  type AuthorizationCodes,
  type AuthorizeProblem,
  backToClient,
} from "#support/authorization-codes.js";
import { type Emulator, pick } from "#support/emulator.js";
import type { Grant } from "#support/issued-tokens.js";
import { type Answer, errorPage, type FrontRequest, redirect } from "#support/service-front.js";

export interface Consent {
  emulator: Emulator;
  codes: AuthorizationCodes;
  /** Field of the emulator's form that names the user. */
  userField: string;
  /** The scopes that an authorize URL asks for. */
  scopesOf(params: URLSearchParams): Grant["scopes"];
  /** Sent along with the code. @see RFC 9207 */
  issuer?(): string | undefined;
}

/**
 * The emulator's consent page: a form per user. Each form also carries the id of the checked request, since
 * the emulator forgets the PKCE challenge, and there is one more to cancel.
 */
export async function showConsent(consent: Consent, { url, path }: FrontRequest): Promise<Answer> {
  const begun = consent.codes.begin(url.searchParams, consent.scopesOf(url.searchParams));
  if (typeof begun === "string") return errorPage(400, problems[begun]);
  const page = await consent.emulator.send({ method: "GET", path });
  const id = `<input type="hidden" name="authorization" value="${begun.id}"/>`;
  const action = /<form[^>]* action="([^"]*)"/.exec(page.text)?.[1];
  const cancel = `<form method="post" action="${action}">${id}<button name="decision" value="deny">Cancel</button></form>`;
  const end = page.text.lastIndexOf("</form>") + "</form>".length;
  const withCancel = `${page.text.slice(0, end)}${cancel}${page.text.slice(end)}`;
  const body = withCancel.replaceAll(/<form class="user-form"[^>]*>/g, (form) => form + id);
  return { status: page.status, headers: pick(page.headers, ["content-type"]), body };
}

/** The person has pressed a button: the browser goes back to the client. */
export async function takeConsent(consent: Consent, request: FrontRequest): Promise<Answer> {
  const { authorization: id = "", decision, ...fields } = request.fields;
  const authorization = consent.codes.pending(id);
  if (!authorization) return errorPage(400, "This page is out of date.");
  const iss = consent.issuer?.();
  if (decision === "deny") return redirect(backToClient(authorization, { ...denied, iss }));
  const answer = await consent.emulator.send({
    method: "POST",
    path: request.path,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
  const made = new URL(String(answer.headers.location)).searchParams.get("code") ?? undefined;
  const code = consent.codes.issue(authorization, fields[consent.userField] ?? "", made);
  return redirect(backToClient(authorization, { code, iss }));
}

const denied = { error: "access_denied", error_description: "The user has denied your application access." };

const problems: Record<AuthorizeProblem, string> = {
  client_id: "Application not found",
  redirect_uri: "Redirect URI mismatch: it is not registered for this application",
  code_challenge_method: "code_challenge_method must be S256",
};
