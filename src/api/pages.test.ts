import { expect, it } from "vitest";
import { callbackPage } from "#api/callback-page.js";
import { claimDone, claimForm } from "#api/claim-page.js";
import { confirmPage } from "#api/confirm-page.js";
import { oauthErrorPage } from "#api/oauth-page.js";

/** Every plain page, made with one text wherever a text from outside may stand. */
const pages: Record<string, (text: string) => string> = {
  "the form to claim": claimForm,
  "the page after claiming": claimDone,
  "a connected account": (text) =>
    callbackPage({ kind: "connected", service: text, account: text, profileId: text, remark: text }, text)
      .html,
  "a sign-in that was denied": (text) =>
    callbackPage({ kind: "denied", service: text, command: text }, text).html,
  "a sign-in that failed": (text) =>
    callbackPage({ kind: "failed", service: text, command: text, message: text }, text).html,
  "an agent's request": (text) =>
    confirmPage(
      {
        kind: "ask",
        tenantId: text,
        agentId: text,
        service: text,
        scopes: [text, text],
        settings: { a: text },
        oauthUrl: text,
      },
      { name: text, status: "active" },
    ).html,
  "a program's bad request": (text) => oauthErrorPage({ code: text, description: text }),
};

it.each(Object.entries(pages))(
  "%s shows what comes from outside as text and nothing else",
  (_name, write) => {
    const hostile = `"><script>alert('1')</script></title></pre>&lt;`;
    const escaped =
      "&#34;&#62;&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62;&#60;/title&#62;&#60;/pre&#62;&#38;lt;";
    const page = write(hostile);
    expect(page).toContain(escaped);
    expect(page.replaceAll(escaped, "WORD")).toBe(write("WORD"));
  },
);
