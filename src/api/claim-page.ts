import { page } from "#api/page.js";
import { html } from "#core/html.js";

/** The pages behind the claim link. */

/** `token` is the one that was just found good. SECRET: the page is not to be cached. */
export function claimForm(token: string): string {
  return page(
    "Claim this Skillett",
    html`<p>You started this instance, so it is yours. Say who you are; the link works once.</p>
    <form method="post" action="/claim">
      <input type="hidden" name="token" value="${token}">
      <label for="display_name">Your name</label>
      <input id="display_name" name="display_name" autocomplete="name" required maxlength="100" autofocus>
      <label for="email">Email address</label>
      <input id="email" name="email" type="email" autocomplete="email" required maxlength="254">
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="new-password" required minlength="8" maxlength="128">
      <button>Claim it</button>
    </form>`,
  );
}

export function claimDone(name: string): string {
  return page(
    `It is yours, ${name}`,
    html`<p>Your terminal already has a key. Connect your first account there:</p>
    <pre>skillett connect github
skillett run github get_authenticated_user</pre>
    <p>You can close this page.</p>`,
  );
}

export function claimGone(): string {
  return page(
    "This link does not work any more",
    html`<p>It has been used, or a newer one has replaced it. As long as nobody has claimed the instance,
    every start of the server prints a fresh link.</p>`,
  );
}
