import { page } from "#api/page.js";
import type { SignInOutcome } from "#connections/sign-in.js";
import { html } from "#core/html.js";

type Connected = Extract<SignInOutcome, { kind: "connected" }>;
export type CallbackPage = { status: number; html: string };

const accounts = html`<a href="/dashboard/integrations">the page of your accounts</a>`;
const close = html`<p>You can close this page. Or go to ${accounts}.</p>`;

/** The page that a person sees after signing in at a service. */
export function callbackPage(outcome: SignInOutcome, person: string | undefined): CallbackPage {
  switch (outcome.kind) {
    case "connected":
      return { status: 200, html: connectedPage(outcome, person) };
    case "denied":
      return {
        status: 400,
        html: page(
          `${outcome.service} was not connected`,
          html`<p>You did not allow it, so nothing was stored. If that was a mistake, try again on ${accounts}, or in your
          terminal:</p>${commandBlock(outcome.command)}`,
        ),
      };
    case "failed":
      return {
        status: 400,
        html: page(
          `${outcome.service} was not connected`,
          html`<p>${outcome.message}</p><p>Nothing was stored. Try again on ${accounts}, or in your terminal:</p>
          ${commandBlock(outcome.command)}`,
        ),
      };
    case "expired":
      return failedPage(
        "This sign-in took too long",
        "The link was good for ten minutes. Nothing was stored.",
      );
    case "other_person":
      return failedPage(
        "This sign-in is somebody else's",
        "Another person of this Skillett asked for it, and you are signed in here as yourself. Nothing was stored.",
      );
    case "signed_out":
      return signedOut();
    case "used":
      return failedPage(
        "This sign-in is over",
        "Its link works once, and it has been used or given up. What came of it stands where you began.",
      );
    case "invalid":
      return failedPage(
        "This is not a sign-in we know",
        "The link is incomplete, was changed on the way, or was never ours. Nothing was stored.",
      );
  }
}

function connectedPage({ service, account, remark }: Connected, person: string | undefined): string {
  const owner = person ? html`<strong>${person}</strong>` : "the owner of this Skillett";
  return page(
    `${service} is connected`,
    html`<p>The agents of ${owner} can now use the account <strong>${account}</strong>.</p>
    ${remark === undefined ? html`` : html`<p>${remark}</p>`}
    <p>Is that not you? Then somebody sent you this link to get at your account: take the access back in your
    settings at ${service}.</p>${close}`,
  );
}

function signedOut(): CallbackPage {
  return {
    status: 400,
    html: page(
      "Sign in to Skillett first",
      html`<p>An agent asked for this account, so nothing is connected unless you are signed in to Skillett in this browser.
      Nothing was stored.</p>
      <p><a href="/sign-in">Sign in</a>, then open the link again that the agent gave you.</p>`,
    ),
  };
}

export function failedPage(title: string, text: string): CallbackPage {
  return {
    status: 400,
    html: page(
      title,
      html`<p>${text} Start again on ${accounts}, or in your terminal:</p>${commandBlock("skillett connect <integration>")}`,
    ),
  };
}

const commandBlock = (command: string) => html`<pre>${command}</pre>`;
