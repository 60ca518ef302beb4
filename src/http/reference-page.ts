import { bodyLimitOf, inWords } from "#contract/body-limits.js";
import type { Route } from "#contract/route.js";
import { type ErrorCode, errorTable } from "#core/errors.js";
import { type Html, html } from "#core/html.js";

const style = html`
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 50rem; padding: 1.5rem; }
  h1 { line-height: 1.2; }
  details { border: 1px solid #8884; border-radius: .5rem; margin: .4rem 0; }
  summary { padding: .6rem .8rem; cursor: pointer; display: flex; flex-wrap: wrap; gap: .2rem .8rem; }
  summary b { min-width: 4rem; }
  summary span { color: GrayText; margin-left: auto; }
  details > div { padding: 0 .8rem .8rem; }
  pre { overflow-x: auto; padding: .6rem; background: #8881; border-radius: .4rem; font-size: .85rem; }
  :focus-visible { outline: 3px solid #2f5bea88; outline-offset: 2px; }
`;

/** The contract as a page to browse: what every route takes, gives and may refuse with. No script. */
export function referencePage(contract: Record<string, Route>, version: string): string {
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Skillett API</title>
  <style>${style}</style>
</head>
<body>
<h1>Skillett API</h1>
<p>Version ${version}. Routes with a key want the header <code>Authorization: Bearer sk_…</code>.
The same as <a href="/openapi.json">OpenAPI 3.1</a>.</p>
<main>
${Object.values(contract).map(section)}
</main>
</body>
</html>
`.toString();
}

function section(route: Route): Html {
  const { method, path, summary, reply, errors } = route;
  const parts = { Path: route.params, Query: route.query, Headers: route.headers, Body: route.body };
  const takes = Object.entries(parts).flatMap(([name, schema]) =>
    schema ? [schemaBlock(name, schema)] : [],
  );
  const gives = reply.body
    ? schemaBlock(`Reply ${reply.status}`, reply.body)
    : html`<p>Reply ${reply.status}</p>`;
  return html`<details>
<summary><b>${method}</b> <code>${path}</code> <span>${summary}</span></summary>
<div><p>${whoAsks(route)} ${reply.description}.</p>
${takes}${bodyLimit(route)}${gives}${refusals(errors)}</div>
</details>
`;
}

const credentials: Record<Route["auth"], string> = {
  none: "Wants no credential.",
  key: "Wants an API key.",
  person: "Wants a session, or a JWT.",
  any: "Wants an API key, a session, or a JWT.",
};

function whoAsks({ auth, permission }: Route): string {
  return permission ? `${credentials[auth]} Needs the permission ${permission}.` : credentials[auth];
}

function schemaBlock(name: string, schema: object): Html {
  return html`<h2>${name}</h2><pre>${JSON.stringify(schema, null, 2)}</pre>`;
}

function bodyLimit(route: Route): Html | string {
  return route.body || route.archive ? html`<p>The body may have ${inWords(bodyLimitOf(route))}.</p>` : "";
}

function refusals(errors: readonly ErrorCode[]): Html | string {
  if (errors.length === 0) return "";
  const items = errors.map((code) => html`<li>${errorTable[code].status} <code>${code}</code></li>`);
  return html`<h2>May refuse with</h2><ul>${items}</ul>`;
}
