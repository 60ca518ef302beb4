import { authorize, type Credential, secretsOf } from "#catalog/authorize.js";
import { parseJson } from "#catalog/body.js";
import type { Catalog } from "#catalog/catalog.js";
import type { Integration, RequestPlan } from "#catalog/integration.js";
import { lacksScope, refusesCredential } from "#catalog/refusals.js";
import type { FreshCredentials } from "#connections/fresh-credentials.js";
import { disconnectedMeanwhile, tokenExpired } from "#connections/token-expired.js";
import type { Clock } from "#core/clock.js";
import type { GoneSignal } from "#core/gone.js";
import { connectionStatus } from "#store/connection-status.js";
import type { Connections, SealedConnection } from "#store/connections.js";
import { type Opened, openBody } from "#upstream/body.js";
import type { Upstream, UpstreamResponse } from "#upstream/send.js";

/** `last_used_at` of a connection is exact to a minute. */
const touchEveryMs = 60_000;

export interface SendDeps {
  catalog: Catalog;
  connections: Connections;
  credentials: FreshCredentials;
  upstream: Upstream;
  clock: Clock;
}

/** What a call is sent with. */
export interface Access {
  /** Null when the integration needs none. */
  connection: SealedConnection | null;
  /** Name of the auth method. */
  method: string;
}

export interface Sent {
  response: UpstreamResponse;
  body: Opened;
  /** What must not be in the answer. SECRET. */
  secrets: string[];
  /** The service refused because the credential lacks a scope. */
  lacksScope: boolean;
}

interface Outgoing {
  integration: Integration;
  access: Access;
  plan: RequestPlan;
  signal: GoneSignal;
  /** Bodies up to here are read whole; of longer ones there is a beginning and a rest. */
  maxHeldBytes: number;
  /** Told the HTTP status of every answer of the service, the last one being the one that counts. */
  answered(status: number): void;
}

/**
 * Sends a request with a credential that works: when the service refuses it, it is renewed once and the
 * request sent once more. Keeps the connection's status and last use true.
 *
 * @throws SkillettError `token_expired` when the service refuses the credential for good,
 *   `integration_not_connected` when it refuses because the account was disconnected meanwhile
 */
export async function sendAuthorized(deps: SendDeps, outgoing: Outgoing): Promise<Sent> {
  const { connection } = outgoing.access;
  if (!connection) return toSent(outgoing, {}, await attempt(deps, outgoing, {}));

  let credential = await deps.credentials.open(connection);
  let answer = await attempt(deps, outgoing, credential);
  if (answer.refused) {
    const renewed = await deps.credentials.renew(connection, credential);
    if (renewed) {
      credential = renewed;
      answer = await attempt(deps, outgoing, credential);
    }
  }
  if (answer.refused) {
    const there = await deps.connections.setStatus(connection, connectionStatus.needsReconnect);
    throw (there ? tokenExpired : disconnectedMeanwhile)(outgoing.integration, connection);
  }
  await noteUse(deps, connection);
  return toSent(outgoing, credential, answer);
}

interface Answer {
  response: UpstreamResponse;
  body: Opened;
  refused: boolean;
  lacksScope: boolean;
}

async function attempt(
  { upstream }: SendDeps,
  { integration, access, plan, signal, maxHeldBytes, answered }: Outgoing,
  credential: Credential,
): Promise<Answer> {
  const request = authorize(integration, access.method, credential, plan);
  const { slug, name: service } = integration;
  const response = await upstream.send({ ...request, use: `integration:${slug}`, service, signal });
  answered(response.status);
  const body = await openBody(response, maxHeldBytes);
  const said = needsReading(integration, response.status) ? parseJson(body.head) : undefined;
  const refused = access.connection !== null && refusesCredential(integration, response, said);
  // Nobody reads on: what comes next is another request, or an error.
  if (refused) await body.rest?.return?.();
  return { response, body, refused, lacksScope: !refused && lacksScope(integration, response, said) };
}

/** Most services tell by the status; only the bodies of the others are worth parsing when all went well. */
function needsReading({ authFailed, scopeMissing }: Integration, status: number): boolean {
  return authFailed !== null || (scopeMissing !== null && scopeMissing.body.length > 0 && status >= 400);
}

async function noteUse({ connections, clock }: SendDeps, connection: SealedConnection): Promise<void> {
  if (connection.status !== connectionStatus.connected) {
    await connections.setStatus(connection, connectionStatus.connected);
  }
  const now = clock();
  if (now - (connection.last_used_at ?? 0) >= touchEveryMs) await connections.touch(connection, now);
}

function toSent({ integration, access }: Outgoing, credential: Credential, answer: Answer): Sent {
  const { response, body } = answer;
  const secrets = secretsOf(integration, access.method, credential);
  return { response, body, secrets, lacksScope: answer.lacksScope };
}
