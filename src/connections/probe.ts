import { authorize, type Credential } from "#catalog/authorize.js";
import { matches, readPath } from "#catalog/body.js";
import type { Integration } from "#catalog/integration.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { GoneSignal } from "#core/gone.js";
import { openBody } from "#upstream/body.js";
import type { Upstream } from "#upstream/send.js";

const maxBytes = 1_000_000;

export interface Account {
  /** The service's own lasting id. */
  id: string;
  /** The name a person knows it by. */
  name: string;
}

/** Asks the service whose account this credential opens: a credential it refuses is never stored. */
export async function probeAccount(
  upstream: Upstream,
  integration: Integration,
  method: string,
  credential: Credential,
  signal: GoneSignal,
): Promise<Account> {
  const { account, name: service } = integration;
  const plan = {
    method: account.method,
    url: integration.baseUrl + account.path,
    headers: integration.headers,
    body: null,
  };
  const response = await upstream.send({
    ...authorize(integration, method, credential, plan),
    service,
    signal,
  });
  const { head, rest } = await openBody(response, maxBytes);
  await rest?.return?.();
  const body = parse(head);
  if (response.status >= 500) throw unreadable(service, response.status);
  const refused = response.status >= 400 || (integration.authFailed && matches(body, integration.authFailed));
  if (refused) throw refusedCredential(service, credential, response.status);
  const [id, name] = [readPath(body, account.id), readPath(body, account.name)];
  if (id === undefined || name === undefined) throw unreadable(service, response.status);
  return { id: String(id), name: String(name) };
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

function refusedCredential(service: string, credential: Credential, status: number): SkillettError {
  const message = `${service} refused it (HTTP ${status}). Check that it is complete, not expired, and meant for ${service}`;
  return badRequest(Object.keys(credential).map((field) => ({ at: `credentials.${field}`, message })));
}

function unreadable(service: string, status: number): SkillettError {
  return new SkillettError("upstream_unreachable", {
    message: `${service} did not say whose account this is (HTTP ${status}). Nothing was stored; try again later.`,
  });
}
