import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { closeServer, listen } from "#support/loopback.js";

/** A service with a host for each customer, and an integration folder for each way to find it. */
export interface HostedService {
  /** `HOST AUTHORIZATION PATH` of each request, in order. */
  requests: string[];
  /** An `Authorization` that is answered with 401. */
  refused: string | undefined;
  /** The answer of `/sites`. */
  sites: unknown;
  port: number;
  /** To be added to the environment of a Skillett. */
  env: Record<string, string>;
  close(): Promise<void>;
}

const skill = (slug: string) => `---
name: skillett-${slug}
description: A service with a host for each customer. Use it in tests only.
---
# ${slug}
`;

const endpoint = `---
summary: Look
request: GET /look/{what}
params:
  what: { type: string, required: true, description: Thing to look at }
effect: read
scopes: []
returns: What was asked.
example:
  params: { what: it }
  sends: { method: GET, url: /look/it }
---
Nothing changes.
`;

const upload = endpoint
  .replace("summary: Look", "summary: Look at uploads")
  .replace("request: GET /look", "base: uploads\nrequest: GET /look");

const typed = `  token:
    fields:
      token: { label: Token, help: Any. }
    headers: { authorization: "Bearer {token}" }`;
const basic = `  basic:
    fields:
      password: { label: Password, help: Any. }
      user: { label: User name, help: Any., secret: false }
    basic: { username: "{user}", password: "{password}" }`;
const signIn = `  oauth2:
    provider: odd
    scopes: [read]
    headers: { authorization: "Bearer {access_token}" }`;

function integration(name: string, auth: string, rest: string): string {
  return `name: ${name}
description: A service with a host for each customer.
category: developer
${rest}
auth:
${auth}
${account}`;
}

const account = "account: { request: GET /me, id: id, name: name }\n";
/** The file of a service that nobody asks whose account it is. */
const unasked = (yaml: string) => yaml.replace(account, "");

function folders(port: number): Record<string, string> {
  const subdomain = `settings:
  site: { label: Site, help: The first part of the address., pattern: "[a-z][a-z0-9-]*" }`;
  return {
    "hosted-field": integration(
      "Hosted",
      `${typed}\n${signIn}`,
      `base_url: http://{site}.localhost:${port}/api\n${subdomain}`,
    ),
    "hosted-token": integration(
      "Hosted by token",
      signIn,
      `base_url: "{instance_url}/api"
settings:
  instance_url:
    label: Instance
    help: From the answer.
    from: token
    path: instance_url
    pattern: "http://[a-z0-9-]+\\\\.localhost:${port}"`,
    ),
    "hosted-discover": integration(
      "Hosted by discovery",
      `${typed}\n${signIn}`,
      `base_url: http://api.localhost:${port}/sites/{cloud_id}
settings:
  cloud_id: { label: Cloud id, help: From the list., from: discover, path: id }
discover: { url: "http://api.localhost:${port}/sites", name: url }`,
    ),
    "hosted-unasked": unasked(
      integration(
        "Hosted and silent",
        `${typed}\n${signIn}`,
        `base_url: http://{site}.localhost:${port}/api\n${subdomain}`,
      ),
    ),
    silent: unasked(
      integration("Silent", `${basic}\n${signIn}`, `base_url: http://api.localhost:${port}/api`),
    ),
    "hosted-bases": integration(
      "Hosted at several bases",
      `${typed}
  scoped:
    fields:
      scoped_token: { label: Scoped token, help: Any. }
    headers: { authorization: "Bearer {scoped_token}" }
    base_url: http://api.localhost:${port}/ex/{cloud_id}`,
      `base_url: http://{site}.localhost:${port}/api
base_urls: { uploads: "http://uploads.localhost:${port}/up/{area}" }
settings:
  site: { label: Site, help: The first part of the address., pattern: "[a-z][a-z0-9-]*" }
  area: { label: Area, help: Where files are., one_of: [files, media], default: files }
  cloud_id: { label: Cloud id, help: From the list., from: discover, path: id }
discover: { url: "http://api.localhost:${port}/sites", name: url }`,
    ),
  };
}

export async function startHostedService(): Promise<HostedService> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { host, authorization } = request.headers;
    requests.push(`${host} ${authorization} ${request.url}`);
    const isSites = request.url === "/sites";
    const body = isSites ? service.sites : { id: 7, name: "Ada", host, path: request.url };
    if (authorization === service.refused) response.statusCode = 401;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(body));
  });
  const port = Number(new URL(await listen(server)).port);
  const dir = await mkdtemp(path.join(tmpdir(), "skillett-hosted-"));
  for (const [slug, yaml] of Object.entries(folders(port))) {
    await mkdir(path.join(dir, slug, "endpoints", "things"), { recursive: true });
    await writeFile(path.join(dir, slug, "integration.yaml"), yaml);
    await writeFile(path.join(dir, slug, "SKILL.md"), skill(slug));
    await writeFile(path.join(dir, slug, "endpoints", "things", "look.md"), endpoint);
    if (slug !== "hosted-bases") continue;
    await writeFile(path.join(dir, slug, "endpoints", "things", "look_at_upload.md"), upload);
  }
  await mkdir(path.join(dir, "providers"));
  await writeFile(path.join(dir, "providers", "odd.yaml"), odd);
  const service: HostedService = {
    requests,
    refused: undefined,
    sites: [],
    port,
    env: {
      SKILLETT_INTEGRATIONS_DIR: dir,
      SKILLETT_ALLOW_HOSTS: ["acme", "globex", "api", "uploads"]
        .map((it) => `${it}.localhost:${port}`)
        .join(),
    },
    close: async () => {
      await closeServer(server);
      await rm(dir, { recursive: true });
    },
  };
  return service;
}

const odd = `name: Odd
register_url: https://odd.example.com/clients
authorize_url: https://odd.example.com/authorize
token_url: https://odd.example.com/token
client_auth: basic
revoke: { request: POST https://odd.example.com/revoke, client_auth: basic, params: { token: "{token}" } }
`;
