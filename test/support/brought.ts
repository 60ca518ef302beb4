import { compiledFormat, writeEndpoint, writeIntegration } from "#integrations/compiled.js";
import { loadFolder } from "#integrations/load-folder.js";
import type { Database } from "#store/engine/database.js";
import { createIntegrationRows } from "#store/integration-rows.js";

/** A folder of a tenant in a few lines: two endpoints that read, and one that writes. */
export const acmeTexts = (baseUrl: string, name = "Acme"): Record<string, string> => ({
  "integration.yaml": `name: ${name}
description: Things of ${name}.
category: developer
base_url: ${baseUrl}
auth:
  token:
    fields: { token: { label: Token, help: In your settings. } }
    headers: { authorization: "Bearer {token}" }
account: { request: GET /json, id: id, name: name }
`,
  "SKILL.md": `---
name: skillett-acme
description: Read and write things of ${name}. Use it for widgets.
---

# ${name}

Read widgets with \`list_widgets\`.

Paint them with \`paint_widget\`.
`,
  "endpoints/widgets/list_widgets.md": endpointText("List widgets", "GET /json", "read"),
  "endpoints/widgets/get_widget.md": endpointText("Read a widget", "GET /json", "read"),
  "endpoints/widgets/paint_widget.md": endpointText("Paint a widget", "POST /json", "write"),
});

const endpointText = (summary: string, request: string, effect: string) => {
  const [method, url] = request.split(" ");
  return `---
summary: ${summary}
request: ${request}
effect: ${effect}
params: {}
scopes: []
returns: The widget.
example: { params: {}, sends: { method: ${method}, url: ${url} } }
---

Widgets are made of wood.
`;
};

/** Brings an integration into a tenant, as an import does. */
export async function bring(
  database: Database,
  tenantId: string,
  texts: Record<string, string>,
  { slug = "acme", off = [] }: { slug?: string; off?: string[] } = {},
): Promise<void> {
  const { loaded, problems } = loadFolder(
    slug,
    new Map(Object.entries(texts).map(([path, text]) => [path, { text }])),
  );
  if (!loaded) throw new Error(JSON.stringify(problems));
  const { integration } = loaded;
  const now = Date.now();
  const row = {
    ...{
      tenant_id: tenantId,
      slug,
      kind: "import" as const,
      enabled: 1,
      main: writeIntegration(integration),
    },
    ...{ texts: JSON.stringify(texts), overlay: "{}", source: null, report: null, format: compiledFormat },
    ...{ created_by: "test", created_at: now, updated_at: now },
  };
  const routes = [...integration.endpoints.values()].map((endpoint) => ({
    ...{ tenant_id: tenantId, slug, name: endpoint.name, path: endpoint.file, text: null, overlay: null },
    ...{ enabled: off.includes(endpoint.name) ? 0 : 1, compiled: writeEndpoint(endpoint) },
    ...{ off_reason: off.includes(endpoint.name) ? ("write" as const) : null },
    ...{ effect: endpoint.effect, hash: endpoint.name },
  }));
  const rows = createIntegrationRows(database);
  if (!(await rows.replaceImport(row, routes, { seen: await rows.catalogVersion(tenantId) })))
    throw new Error("the catalogue has changed meanwhile");
}
