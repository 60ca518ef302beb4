import { isPagedByBody } from "#catalog/answer/paging.js";
import {
  type Refusal,
  type RefusalReason,
  readRefusal,
  readsBody,
  reasonOf,
  refusalRules,
} from "#catalog/answer/refusals.js";
import { parseJson } from "#catalog/body.js";
import type { Endpoint, Integration, RequestPlan } from "#catalog/integration.js";
import { rawName } from "#catalog/raw/raw-request.js";
import { authorize, type Credential, secretsOf } from "#catalog/request/authorize.js";
import type { FreshCredentials } from "#connections/fresh-credentials.js";
import { disconnectedMeanwhile, tokenExpired } from "#connections/token-expired.js";
import { useOf } from "#connections/use-of.js";
import type { Caller } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import type { RequestSignal } from "#core/request-signal.js";
import { type Carried, type Carriers, carry } from "#gateway/carry.js";
import { outgoingBody } from "#gateway/files/body.js";
import type { Files } from "#gateway/files/files.js";
import type { ConnectionRows, SealedConnection } from "#store/connection-rows.js";
import { connectionStatus } from "#store/connection-status.js";
import type { Repeating } from "#upstream/failure.js";

/** `last_used_at` of a connection is exact to a minute. */
const touchEveryMs = 60_000;

export interface SendDeps extends Carriers {
  /** Called with errors of the work after a service has answered: its answer is worth more than the error. */
  onFault: (error: unknown) => void;
  connections: ConnectionRows;
  credentials: FreshCredentials;
  files: Files;
  clock: Clock;
}

/** The connection and the auth method of a call. */
export interface Access {
  /** Null when the integration needs none. */
  connection: SealedConnection | null;
  /** Name of the auth method. */
  method: string;
}

export interface Sent extends Carried {
  /** Texts that must not be in the answer. SECRET. */
  secrets: string[];
  /** Its body as JSON; undefined when it is none, was not read, or nothing in it matters. */
  said: unknown;
  /** The service refuses in its body, whatever its status. */
  refusal: Refusal | undefined;
  /** Why the service refuses, where that is known. */
  reason: RefusalReason | undefined;
}

/** How far a call has come, for the error that says what it did. */
export interface Progress {
  /** The service may have seen it. */
  sent: boolean;
  /** HTTP status of its last answer. */
  status: number | null;
}

/** A request that gets the credential of a connection. */
export interface Authorized {
  caller: Caller;
  /** As the connection reaches it. */
  integration: Integration;
  endpoint: Endpoint;
  access: Access;
  plan: RequestPlan;
  /** Effect of sending the request twice. */
  repeating: Repeating;
  signal: RequestSignal;
}

interface Outgoing extends Authorized {
  /** Bodies up to here are read whole; of longer ones there is a beginning and a rest. */
  maxHeldBytes: number;
  progress: Progress;
}

/**
 * Sends a request with a credential that works: when the service refuses it, it is renewed once and the
 * request sent once more. Keeps the connection's status and last use true.
 *
 * @throws SkillettError `token_expired` when the service refuses the credential for good,
 *   `integration_not_connected` when it refuses because the account was disconnected meanwhile
 */
export async function sendAuthorized(deps: SendDeps, outgoing: Outgoing): Promise<Sent> {
  const { integration, access } = outgoing;
  const { connection } = access;
  if (!connection) return toSent(outgoing, {}, await attempt(deps, outgoing, {}));

  let credential = await deps.credentials.open(integration, connection);
  let answer = await attempt(deps, outgoing, credential);
  if (isDead(answer)) {
    const renewed = await deps.credentials.renew(integration, connection, credential);
    if (renewed) {
      credential = renewed;
      answer = await attempt(deps, outgoing, credential);
    }
  }
  if (isDead(answer) && outgoing.endpoint.name === rawName)
    return toSent(outgoing, credential, asAnswer(answer));
  if (isDead(answer)) {
    const there = await deps.credentials.end(connection, credential);
    throw (there ? tokenExpired : disconnectedMeanwhile)(integration, connection);
  }
  await noteUse(deps, connection).catch(deps.onFault);
  return toSent(outgoing, credential, answer);
}

type Answer = Omit<Sent, "secrets">;

/** The service refuses the credential. */
const isDead = ({ reason }: Answer) => reason?.class === "dead";

/**
 * A request that is no endpoint may be one that wants another credential: its refusal says nothing of this one, and is an
 * answer like others.
 */
function asAnswer({ body, ...answer }: Answer): Answer {
  return { ...answer, reason: undefined, body: { head: body.head, rest: undefined } };
}

async function attempt(deps: SendDeps, outgoing: Outgoing, credential: Credential): Promise<Answer> {
  const { integration, endpoint, access, plan, repeating, signal, maxHeldBytes, progress } = outgoing;
  const { tenantId } = outgoing.caller;
  const {
    method,
    url,
    headers,
    body: planned,
    below,
  } = authorize(integration, access.method, credential, plan);
  const sent = outgoingBody(planned, (id) => deps.files.read(tenantId, id));
  progress.status = null;
  progress.sent = true;
  const use = useOf(integration);
  const {
    response,
    body,
    refusal: byWay,
  } = await carry(deps, {
    tenantId,
    tool: endpoint.tool,
    request: { use, service: integration.name, method, url, headers, body: sent, signal, repeating, below },
    maxHeldBytes,
    onStatus: (status) => {
      progress.status = status;
    },
  });
  const said = !body.rest && needsReading(outgoing, response.status) ? parseJson(body.head) : undefined;
  const refusal = byWay ?? readRefusal(refusalRules(integration, endpoint), said);
  const read = { ...response, said, bytes: body.head };
  const reason = reasonOf(integration, endpoint, read, refusal !== undefined);
  const answer = { response, body, said, refusal, reason };
  // The rest of the body is not read: another request follows, or an error.
  if (access.connection && isDead(answer)) await body.rest?.return?.();
  return answer;
}

/** Most services tell by the status and in headers; only the bodies of the others are worth parsing. */
function needsReading({ integration, endpoint }: Outgoing, status: number): boolean {
  if (refusalRules(integration, endpoint) !== null) return true;
  if (status >= 400) return readsBody(integration, endpoint);
  return isPagedByBody(integration, endpoint);
}

async function noteUse({ connections, clock }: SendDeps, connection: SealedConnection): Promise<void> {
  if (connection.status !== connectionStatus.connected) {
    await connections.setConnected(connection);
  }
  const now = clock();
  if (now - (connection.last_used_at ?? 0) >= touchEveryMs) await connections.touch(connection, now);
}

function toSent({ integration, access }: Outgoing, credential: Credential, answer: Answer): Sent {
  return { ...answer, secrets: secretsOf(integration, access.method, credential) };
}
