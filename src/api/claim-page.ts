import { escapeHtml } from "#core/html.js";

/** The pages behind the claim link: plain HTML, no script. */

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; box-sizing: border-box; }
  main { width: 100%; max-width: 26rem; }
  h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .75rem; }
  label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
  input { width: 100%; box-sizing: border-box; padding: .6rem .7rem; font: inherit; border: 1px solid #8886; border-radius: .5rem; background: transparent; }
  button { margin-top: 1.5rem; width: 100%; padding: .7rem; font: inherit; font-weight: 600; border: 0; border-radius: .5rem; background: #2f5bea; color: #fff; cursor: pointer; }
  :focus-visible { outline: 3px solid #2f5bea88; outline-offset: 2px; }
  pre { padding: .8rem; border: 1px solid #8886; border-radius: .5rem; overflow-x: auto; font-size: .875rem; }
`;

/** `token` is the one that was just found good. SECRET: the page is not to be cached. */
export function claimForm(token: string): string {
  return page(
    "Claim this Skillett",
    `<p>You started this instance, so it is yours. Say who you are; the link works once.</p>
    <form method="post" action="/claim">
      <input type="hidden" name="token" value="${escapeHtml(token)}">
      <label for="display_name">Your name</label>
      <input id="display_name" name="display_name" autocomplete="name" required maxlength="100" autofocus>
      <label for="email">Email address</label>
      <input id="email" name="email" type="email" autocomplete="email" required maxlength="254">
      <button>Claim it</button>
    </form>`,
  );
}

export function claimDone(name: string): string {
  return page(
    `It is yours, ${escapeHtml(name)}`,
    `<p>Your terminal already has a key. Connect your first account there:</p>
    <pre>skillett connect github --token -
skillett run github get_authenticated_user</pre>
    <p>You can close this page.</p>`,
  );
}

export function claimGone(): string {
  return page(
    "This link does not work any more",
    `<p>It has been used, or a newer one has replaced it. As long as nobody has claimed the instance,
    every start of the server prints a fresh link.</p>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} · Skillett</title>
  <style>${style}</style>
</head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>
`;
}
