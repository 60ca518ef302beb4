import { bodyLimitOf, inWords } from "#contract/body-limits.js";
import type { Route } from "#contract/route.js";
import { errorTable } from "#core/errors.js";
import { type Html, html } from "#core/html.js";
import { schemaInWords } from "#http/schema-words.js";

const style = html`
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; max-width: 52rem; padding: 1.5rem; overflow-wrap: anywhere; }
  h1, h2 { line-height: 1.2; }
  h2 { margin: 2rem 0 .6rem; }
  h3 { font-size: 1rem; margin: 1rem 0 .2rem; }
  nav { columns: 14rem; }
  nav a { display: block; }
  details { border: 1px solid #8884; border-radius: .5rem; margin: .4rem 0; }
  summary { padding: .6rem .8rem; cursor: pointer; }
  summary b { display: inline-block; min-width: 4.2rem; }
  summary span { display: block; color: GrayText; }
  details > div { padding: 0 .8rem .8rem; }
  p, ul { margin: .3rem 0; }
  :focus-visible { outline: 3px solid #2f5bea88; outline-offset: 2px; }
`;

/** Topics of the page, in its order, by the paths of their routes. */
const topics: [title: string, paths: RegExp][] = [
  ["Integrations", /^\/v1\/(skills|integrations|:slug)\b/],
  ["Calls", /^\/v1\/(:integration|results|files|sandbox|calls|usage)\b/],
  ["Connected accounts", /^\/(v1\/)?(connect|connections|callback)\b/],
  ["API keys", /^\/api-keys\b/],
  ["Signing in", /^\/(auth|claim|api\/me|v1\/me)\b/],
  ["Programs of others", /^\/api\/authorizations\b|\/oauth-/],
  ["Skills", /^\/(api\/skills|v1\/registry)\b/],
  ["Skills from elsewhere", /^\/api\/listings\b/],
  ["Skills for installers", /\/\.well-known\/(agent-)?skills\b|\/addresses\b/],
  ["Agents", /^\/(api|v1)\/agents\b/],
  ["What an agent has", /^\/v1\/agent\//],
  ["Tasks", /^\/(api|v1)\/tasks\b/],
  ["Running the server", /^\/(v1\/admin|health|ready|metrics)\b/],
  ["Others", /^/],
];

/** The contract as a page to browse: input, output and errors of every route. No script. */
export function referencePage(contract: Record<string, Route>, version: string): string {
  const sections = topics.map(([title]) => ({ title, routes: [] as [name: string, route: Route][] }));
  for (const [name, route] of Object.entries(contract))
    sections[topics.findIndex(([, paths]) => paths.test(route.path))]!.routes.push([name, route]);
  const shown = sections.filter(({ routes }) => routes.length > 0);
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
The same, with every pattern, as <a href="/openapi.json">OpenAPI 3.1</a>.</p>
<nav>${shown.map(({ title }) => html`<a href="#${idOf(title)}">${title}</a>`)}</nav>
<main>
${shown.map(
  ({ title, routes }) => html`<h2 id="${idOf(title)}">${title}</h2>
${routes.map(([name, route]) => routeBlock(name, route))}`,
)}</main>
</body>
</html>
`.toString();
}

const idOf = (title: string) => title.toLowerCase().replaceAll(" ", "-");

function routeBlock(name: string, route: Route): Html {
  const { method, path, summary, reply, errors } = route;
  const parts = { Path: route.params, Query: route.query, Headers: route.headers, Body: route.body };
  const takes = Object.entries(parts).flatMap(([part, schema]) =>
    schema ? [html`<h3>${part}</h3>${schemaInWords(schema)}`] : [],
  );
  const limit = route.body || route.archive ? `The body may have ${inWords(bodyLimitOf(route))}.` : "";
  const refusals = errors.map((code) => html`<li>${errorTable[code].status} <code>${code}</code></li>`);
  return html`<details id="${name}">
<summary><b>${method}</b> <code>${path}</code> <span>${summary}</span></summary>
<div><p>${whoAsks(route)} ${limit}</p>
${takes}<h3>Reply ${reply.status}</h3><p>${reply.description}.</p>${reply.body ? schemaInWords(reply.body) : ""}
${refusals.length > 0 ? html`<h3>May refuse with</h3><ul>${refusals}</ul>` : ""}</div>
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
