import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Command } from "commander";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";

export function addNew(group: Command, host: Host): void {
  group
    .command("new")
    .description("Create the folder of an integration here, to be filled in.")
    .argument("<slug>", "name of the integration and its folder, such as acme")
    .action((slug: string) => newIntegration(slug, host));
}

/** `skillett integrations new <slug>` */
export async function newIntegration(slug: string, host: Host): Promise<void> {
  if (!/^[a-z][a-z0-9-]*$/.test(slug) || slug.length > 64)
    throw new UsageError("A slug has up to 64 lower-case letters, digits and dashes, such as acme.");
  const folder = path.join(host.directory ?? process.cwd(), slug);
  const files = Object.entries(template(slug));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new UsageError(
      `There is something named ${slug} here already: take another name, or move it away.`,
    );
  }
  for (const [at, text] of files) {
    mkdirSync(path.dirname(path.join(folder, at)), { recursive: true });
    writeFileSync(path.join(folder, at), text, { flag: "wx" });
  }
  host.stderr.write(
    `Fill in ${slug}, then: skillett integrations validate ${slug}, and skillett integrations import ${slug}\n`,
  );
  await printJson(host, { integration: slug, folder: slug, files: files.map(([at]) => at) });
}

/** By path: a folder that is right as it is. @see docs/integrations.md */
export function template(slug: string): Record<string, string> {
  return {
    "integration.yaml": `name: ${slug}
description: What the service is for, in one sentence.
category: developer
base_url: https://api.${slug}.example/v1      # requests of endpoints go below it
headers:
  accept: application/json
auth:
  token:
    fields:
      token:
        label: API token
        help: Where a person makes one, and what it must be allowed.
    headers:
      authorization: "Bearer {token}"
account:                                      # asked when somebody connects; leave it out if there is no such request
  request: GET /me
  id: id
  name: name
`,
    "SKILL.md": `---
name: skillett-${slug}
description: Use ${slug} through Skillett. Say when an agent should, in the words that a task will have.
---
# ${slug}

Say what an agent should know before it calls anything here.
`,
    "endpoints/items/list_items.md": `---
summary: List items
request: GET /items
params:
  status: { type: string, enum: [open, done], description: Only items with this status }
  limit: { type: integer, minimum: 1, maximum: 100, description: Number of items }
effect: read
scopes: []
returns: The items, newest first.
example:
  params: { status: open, limit: 10 }
  sends: { method: GET, url: /items, query: { status: open, limit: "10" } }
---
Say what helps with this endpoint: what to ask for first, and what its refusals mean.
`,
  };
}
