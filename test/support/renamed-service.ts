import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { closeServer, listen } from "#support/loopback.js";

/** A service whose endpoints have had other names, with the folder that says so. */
export interface RenamedService {
  /** `METHOD PATH` of each request, in order. */
  requests: string[];
  /** Answered instead, while it is set. */
  instead: { status: number; body: string } | undefined;
  /** The folder of its integration. */
  folder: string;
  url: string;
  /** Lets an answer wait, while it is set. */
  held: Promise<void> | undefined;
  /** To be added to the environment of a Skillett. */
  env: Record<string, string>;
  close(): Promise<void>;
}

const shelf = (url: string): Record<string, string> => ({
  "integration.yaml": `name: Shelf
description: Books on a shelf.
category: developer
base_url: ${url}
auth:
  none: {}
`,
  "SKILL.md": `---
name: skillett-shelf
description: Books on a shelf. Use it in tests only.
---
# Shelf
`,
  "endpoints/books/list_books.md": `---
summary: List the books
request: GET /books
params:
  after: { type: string, description: The last one of the page before }
effect: read
scopes: []
returns: Books.
items: books
page: { after: next }
formerly: [fetch_books, get_books]
errors:
  404: There is no shelf.
example:
  params: {}
  sends: { method: GET, url: /books }
---
All of them.
`,
  "endpoints/books/add_book.md": `---
summary: Add a book
request: POST /books
params:
  title: { type: string, required: true, description: Its title }
effect: write
scopes: []
returns: The book.
formerly: [put_book]
example:
  params: { title: Emma }
  sends: { method: POST, url: /books, json: { title: Emma } }
---
One at a time.
`,
  "endpoints/books/a_list_of_books.md": `---
summary: List the books
request: GET /all-books
params: {}
effect: read
scopes: []
returns: Books.
deprecated: { on: 2027-04-30, instead: fetch_books, text: It has no pages }
example:
  params: {}
  sends: { method: GET, url: /all-books }
---
All of them.
`,
  "endpoints/books/move_book.md": `---
summary: Move a book
params:
  title: { type: string, required: true, description: Its title }
steps:
  found: { call: get_books }
  added: { call: put_book, params: { title: "{title} {found.books.0.id}" } }
returns: The book.
formerly: [shift_book]
example:
  params: { title: Emma }
  answers: { found: { books: [{ id: 1 }] }, added: { id: 2 } }
  sends:
    - { method: GET, url: /books }
    - { method: POST, url: /books, json: { title: Emma 1 } }
---
It looks first.
`,
});

export async function startRenamedService(): Promise<RenamedService> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    await service.held;
    const { status, body } = service.instead ?? { status: 200, body: '{"books":[{"id":1}]}' };
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  const url = await listen(server);
  const dir = await mkdtemp(path.join(tmpdir(), "skillett-renamed-"));
  for (const [name, text] of Object.entries(shelf(url))) {
    const file = path.join(dir, "shelf", name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const service: RenamedService = {
    requests,
    instead: undefined,
    folder: path.join(dir, "shelf"),
    url,
    held: undefined,
    env: { SKILLETT_INTEGRATIONS_DIR: dir, SKILLETT_ALLOW_HOSTS: new URL(url).host },
    close: async () => {
      await closeServer(server);
      await rm(dir, { recursive: true });
    },
  };
  return service;
}
