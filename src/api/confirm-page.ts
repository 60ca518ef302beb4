import { type CallbackPage, failedPage } from "#api/callback-page.js";
import { page } from "#api/page.js";
import type { Confirmation } from "#connections/sign-in.js";
import { html } from "#core/html.js";

type Question = Extract<Confirmation, { kind: "ask" }>;

/**
 * The page that asks a person whether to go on to a service, since an agent asked for the account. An agent that was
 * deleted or paused cannot ask.
 */
export function confirmPage(
  confirmation: Confirmation,
  agent: { name: string; status: string } | undefined,
): CallbackPage {
  switch (confirmation.kind) {
    case "ask":
      return agent?.status === "active" ? { status: 200, html: askPage(confirmation, agent.name) } : idle();
    case "expired":
      return failedPage(
        "This sign-in took too long",
        "The link was good for ten minutes. Nothing was stored.",
      );
    case "used":
      return failedPage("This sign-in is over", "Its link works once, and it has been used or given up.");
    case "other_person":
      return failedPage(
        "This sign-in is not yours",
        "No agent of yours asked for it, or it was a day ago. Sign in as the person whose agent it is.",
      );
  }
}

const idle = () =>
  failedPage(
    "This sign-in is over",
    "The agent that asked for it has been paused or deleted. Nothing was stored.",
  );

function askPage({ service, scopes, settings, oauthUrl }: Question, agent: string): string {
  const asks = scopes.length === 0 ? "" : html`<p>It asks ${service} for:</p><pre>${scopes.join("\n")}</pre>`;
  const where = Object.entries(settings).map(([name, value]) => `${name}: ${value}`);
  const at = where.length === 0 ? "" : html`<p>It is to be reached at:</p><pre>${where.join("\n")}</pre>`;
  return page(
    `Connect ${service}?`,
    html`<p>The agent <strong>${agent}</strong> asks you to connect an account of ${service}. Your agents and programs can use it
    from then on, as far as their keys go.</p>${at}${asks}
    <p>Go on only if you expect this, and sign in with an account of <strong>your own</strong>. An account that is
    connected and works is not replaced.</p>
    <p><a class="button" href="${oauthUrl}">Continue to ${service}</a></p>
    <p>If you do not want it, close this page: nothing is stored. What is connected is on
    <a href="/dashboard/integrations">the page of your accounts</a>.</p>`,
  );
}
