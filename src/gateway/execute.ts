import type { Readable } from "node:stream";
import { maskedPlan } from "#catalog/authorize.js";
import type { Catalog } from "#catalog/catalog.js";
import type { Endpoint, RequestPlan } from "#catalog/integration.js";
import { type Caller, refuseOutOfScope } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";
import type { GoneSignal } from "#core/gone.js";
import { type Call, type CallsDeps, newCall } from "#gateway/call.js";
import { type ExchangeDeps, exchange } from "#gateway/exchange.js";
import type { Begun, Idempotency } from "#gateway/idempotency.js";
import type { Connections, SealedConnection } from "#store/connections.js";

export interface ExecuteRequest {
  caller: Caller;
  integration: string;
  endpoint: string;
  params: unknown;
  /** Id or account name; the default connection when left out. */
  connection?: string | undefined;
  /** Answer with the request instead of sending it. */
  dryRun: boolean;
  idempotencyKey?: string | undefined;
  /** Aborts when the client has gone away. */
  signal: GoneSignal;
}

/** JSON text, and headers that go with it. */
export interface Answer {
  body: string | Readable;
  headers: Record<string, string>;
}

export type Execute = (request: ExecuteRequest) => Promise<Answer>;

export interface ExecuteDeps extends CallsDeps, ExchangeDeps {
  catalog: Catalog;
  connections: Connections;
  idempotency: Idempotency;
}

/**
 * One call: endpoint → scope → connection → plan → admit (limits + audit row) → credential → send → finish
 * the row → answer. Nothing reaches a service before its row is durable.
 */
export function createExecute(deps: ExecuteDeps): Execute {
  return async (request) => {
    const endpoint = deps.catalog.endpoint(request.integration, request.endpoint);
    const call = newCall(deps, request.caller, endpoint);
    const refuse = async (error: unknown) => {
      throw await call.refuse(error);
    };
    const { connection, plan } = await prepare(deps, request, endpoint, call).catch(refuse);
    if (request.dryRun) return dryRun(deps.catalog, connection, plan);

    const begun = await beginOnce(deps.idempotency, request, call).catch(refuse);
    if (begun?.replay !== undefined) {
      return { body: begun.replay, headers: { "idempotency-replayed": "true" } };
    }
    const headers = await call.admit().catch(async (error) => {
      await begun?.release();
      throw error;
    });
    const body = await exchange(deps, { call, connection, plan, begun, signal: request.signal });
    return { body, headers };
  };
}

/** Everything that can be refused without asking the service. */
async function prepare(
  { catalog, connections }: ExecuteDeps,
  request: ExecuteRequest,
  endpoint: Endpoint,
  call: Call,
): Promise<{ connection: SealedConnection; plan: RequestPlan }> {
  refuseOutOfScope(request.caller, endpoint.integration);
  const connection = await findConnection(connections, request);
  call.useConnection(connection.id);
  return { connection, plan: catalog.plan(endpoint, request.params) };
}

async function findConnection(
  connections: Connections,
  { caller: { tenantId, profileId }, integration, connection: name }: ExecuteRequest,
): Promise<SealedConnection> {
  const found =
    name === undefined
      ? await connections.findDefault(tenantId, profileId, integration)
      : await connections.find(tenantId, profileId, integration, name);
  if (found) return found;
  if (name !== undefined) {
    throw new SkillettError("not_found", {
      message: `There is no ${integration} connection ${name}.`,
      next: ["skillett connections"],
    });
  }
  throw new SkillettError("integration_not_connected", {
    facts: { slug: integration },
    next: [`skillett connect ${integration} --token -`],
  });
}

async function beginOnce(
  idempotency: Idempotency,
  { caller, integration, endpoint, params, connection, idempotencyKey }: ExecuteRequest,
  call: Call,
): Promise<Begun | undefined> {
  if (idempotencyKey === undefined) return undefined;
  const what = { integration, endpoint, params, connection };
  return idempotency.begin(caller, { key: idempotencyKey, callId: call.id, what });
}

function dryRun(catalog: Catalog, connection: SealedConnection, plan: RequestPlan): Answer {
  const integration = catalog.integration(connection.integration);
  const { method, url, headers, body } = maskedPlan(integration, connection.auth_method, plan);
  const isJson = headers["content-type"]?.startsWith("application/json");
  const shown = isJson && body !== null ? JSON.parse(body) : body;
  return {
    body: JSON.stringify({ dry_run: true, request: { method, url, headers, body: shown } }),
    headers: {},
  };
}
