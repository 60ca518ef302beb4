import { type Html, html } from "#core/html.js";

/** The plain pages of the server itself: HTML without script. */

const style = html`
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; box-sizing: border-box; }
  main { width: 100%; max-width: 26rem; }
  h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .75rem; }
  label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
  input { width: 100%; box-sizing: border-box; padding: .6rem .7rem; font: inherit; border: 1px solid #8886; border-radius: .5rem; background: transparent; }
  button { margin-top: 1.5rem; width: 100%; padding: .7rem; font: inherit; font-weight: 600; border: 0; border-radius: .5rem; background: #2f5bea; color: #fff; cursor: pointer; }
  a.button { display: block; margin-top: 1.5rem; padding: .7rem; font-weight: 600; text-align: center; text-decoration: none; border-radius: .5rem; background: #2f5bea; color: #fff; }
  :focus-visible { outline: 3px solid #2f5bea88; outline-offset: 2px; }
  pre { padding: .8rem; border: 1px solid #8886; border-radius: .5rem; overflow-x: auto; font-size: .875rem; }
`;

export function page(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} · Skillett</title>
  <style>${style}</style>
</head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>
`.toString();
}
