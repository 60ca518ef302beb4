import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type CatalogOptions, loadCatalog } from "#catalog/load/load.js";
import { CatalogError } from "#catalog/load/source.js";
import { SkillettError } from "#core/errors.js";

/** For tests: writes files into a new directory and gives what `read` makes of it. */
export function withFiles<T>(files: Record<string, string>, read: (dir: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), "skillett-catalog-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), content);
    }
    return read(dir);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** For tests: what is complained about, a line each. */
export function problemsIn(
  files: Record<string, string>,
  options: Partial<Omit<CatalogOptions, "dirs">> = {},
): string[] {
  try {
    withFiles(files, (dir) => loadCatalog({ dirs: [dir], baseUrls: {}, ...options }));
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return error.message.split("\n");
  }
  throw new Error("it was loaded");
}

/** For tests: Acme with these ways to connect, and a provider `id`. */
export function acmeWith(auth: string, provider = idProvider): Record<string, string> {
  const yaml = acme["acme/integration.yaml"]!;
  return {
    ...acme,
    "acme/integration.yaml": yaml.replace(/^auth:\n(?: .*\n)*/m, () => `auth:\n${auth}\n`),
    "providers/id.yaml": provider,
  };
}

/** A provider that says everything there is to say. */
export const idProvider = `name: Id
register_url: https://id.test/clients
authorize_url: https://id.test/authorize
token_url: https://id.test/token
issuer: https://id.test
pkce: false
client_auth: basic
scope_param: user_scope
scope_separator: ","
authorize_params:
  access_type: offline
login_hint_param: login_hint
token_body: json
token_path: user.tokens
revoke:
  request: DELETE https://api.id.test/apps/{client_id}/token
  client_auth: body
  headers:
    x-token: "{access_token}"
  body: json
  params:
    token: "{token}"
  done:
    ok: [true]
  whole_grant: true
`;

/** An integration that has every kind of place and body. */
export const acme: Record<string, string> = {
  "acme/integration.yaml": `name: Acme
description: Items and files of Acme.
category: developer
base_url: https://api.acme.test/v1
headers:
  accept: application/json
auth:
  token:
    fields:
      token: { label: API token, help: Make one in the settings. }
    headers:
      authorization: "Bearer {token}"
  key:
    fields:
      id: { label: Key id, help: See the settings. }
      key: { label: Key, help: See the settings. }
    headers:
      x-key: "{id}:{key}"
    query:
      key: "{key}"
account:
  request: GET /me
  id: user.id
  name: user.login
refusals:
  - { class: dead, body: { error: [bad_token, gone] } }
suggested_skills: [tidy-up]
`,
  "acme/SKILL.md": `---
name: skillett-acme
description: Work with Acme.
license: Apache-2.0
---
# Acme

Be kind.
`,
  "acme/endpoints/items/list_items.md": `---
summary: List items
request: GET /orgs/{org}/items
params:
  org: { type: string, default: me, description: Whose items }
  q: { type: string, description: Words to look for, as: query }
  tags: { type: array, items: { type: string }, description: Tags }
  fields_wanted: { type: array, items: { type: string }, array: comma, as: fields, description: Fields }
  done: { type: boolean, description: Only these }
  limit: { type: integer, minimum: 1, maximum: 100, default: 30, description: How many }
  trace: { type: string, in: header, as: x-trace, description: Trace id }
effect: read
scopes: []
returns: The items.
example:
  params: { q: a b, tags: [x, y], fields_wanted: [id, name], done: false, limit: 5, trace: t1 }
  sends:
    method: GET
    url: /orgs/me/items
    query: { query: a b, tags: [x, y], fields: "id,name", done: "false", limit: "5" }
    headers: { x-trace: t1 }
---
Read the first page only.
`.replace("description: Words to look for, as: query", "as: query, description: Words to look for"),
  "acme/endpoints/files/write_file.md": `---
summary: Write a file
request: PUT /repos/{repo}/files/{path}
params:
  repo: { type: string, segments: 2, description: owner/name }
  path: { type: string, segments: many, description: Path in the repository }
  content: { type: string, required: true, description: Text of the file }
  state: { type: string, enum: [draft, final], description: State of the file }
  meta: { type: object, description: Anything }
  size: { type: integer, description: Bytes }
  author:
    type: object
    description: Who wrote it
    additionalProperties: false
    properties:
      name: { type: string, required: true, description: Name }
      mail_address: { type: string, format: email, description: Address }
effect: write
scopes: [files]
returns: The file.
example:
  params: { repo: a/b, path: docs/read me.md, content: Hi }
  sends:
    method: PUT
    url: /repos/a/b/files/docs/read%20me.md
    json: { content: Hi }
---
Read it first.
`,
  "acme/endpoints/items/delete_item.md": `---
summary: Delete an item
request: DELETE /items/{item}
params:
  item: { type: string, description: Id }
  force: { type: boolean, description: Even when in use }
effect: destructive
scopes: [items, admin]
returns: Nothing.
example:
  params: { item: a/b, force: true }
  sends: { method: DELETE, url: /items/a%2Fb, query: { force: "true" } }
---
Think twice.
`,
  "acme/endpoints/items/post_form.md": `---
summary: Post a form
request: POST /form
body: form
params:
  text: { type: string, required: true, description: Text }
  ids: { type: array, items: { type: integer }, description: Ids }
effect: write
scopes: []
returns: Ok.
example:
  params: { text: a & b, ids: [1, 2] }
  sends: { method: POST, url: /form, form: { text: a & b, ids: ["1", "2"] } }
---
Old, but it works.
`,
  "acme/endpoints/mail/send_mail.md": `---
summary: Send a mail
request: POST /drafts
body: rfc822_message
body_under: message
params:
  to: { type: string, description: Recipients }
  cc: { type: string, description: Copy }
  reply_to: { type: string, description: Answers }
  subject: { type: string, description: Subject }
  text: { type: string, description: Text }
  html: { type: string, description: HTML }
  in_reply_to: { type: string, description: Message id }
  references: { type: string, description: Message ids }
  thread: { type: string, as: threadId, description: Thread }
effect: write
scopes: []
returns: The draft.
example:
  params: { to: Ada <ada@acme.test>, subject: Hello, text: Hi, thread: t1 }
  sends:
    method: POST
    url: /drafts
    json: { threadId: t1 }
    message: |
      To: Ada <ada@acme.test>
      Subject: Hello
      MIME-Version: 1.0
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: 7bit

      Hi
---
Short and polite.
`,
};

const tried = "acme/endpoints/items/try_it.md";

/** For tests: Acme with one more endpoint, `try_it`, of this front matter. */
export function acmeTrying(frontMatter: string): Record<string, string> {
  return { ...acme, [tried]: `---\n${frontMatter.trimEnd()}\n---\nTry it.\n` };
}

/** For tests: the endpoint of this front matter in Acme, and how its calls are planned. */
export function tryEndpoint(frontMatter: string) {
  const catalog = withFiles(acmeTrying(frontMatter), (dir) => loadCatalog({ dirs: [dir], baseUrls: {} }));
  const endpoint = catalog.endpoint("acme", "try_it");
  return { catalog, endpoint, plan: (params: unknown) => catalog.plan(endpoint, params) };
}

/**
 * For tests: what is wrong with the front matter of an endpoint of Acme, its example included; `5: example: …`.
 *
 * @param more files beside those of Acme
 */
export function endpointProblems(frontMatter: string, more: Record<string, string> = {}): string[] {
  try {
    withFiles({ "README.md": "" }, (ours) =>
      withFiles({ ...acmeTrying(frontMatter), ...more }, (dir) =>
        loadCatalog({ dirs: [ours, dir], baseUrls: {} }),
      ),
    );
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error;
    return error.message.split("\n").map((line) => line.replace(`${tried}:`, ""));
  }
  return [];
}

/** For tests: what is wrong with params, a line each. */
export function paramIssues(plan: (params: unknown) => unknown, params: unknown): string[] {
  try {
    plan(params);
  } catch (error) {
    if (!(error instanceof SkillettError) || error.code !== "bad_request") throw error;
    return error.issues!.map(({ at, message }) => `${at} ${message}`);
  }
  throw new Error("it was planned");
}
