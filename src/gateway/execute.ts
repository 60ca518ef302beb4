import type { Readable } from "node:stream";
import { isOpen } from "#catalog/auth-method.js";
import type { Catalog } from "#catalog/catalog.js";
import type { Endpoint, Integration, RequestPlan } from "#catalog/integration.js";
import { firstName, remarkOn } from "#catalog/names.js";
import { planRaw } from "#catalog/raw/plan-raw.js";
import type { RawCall } from "#catalog/raw/raw-call.js";
import type { RawRequest } from "#catalog/raw/raw-request.js";
import { maskedPlan } from "#catalog/request/authorize.js";
import { type FilesByHandle, handlesIn } from "#catalog/request/files.js";
import { targetOf } from "#catalog/request/target.js";
import { messageOf } from "#catalog/request/write-body.js";
import { planAt, reachedBy, withSettings } from "#catalog/settings.js";
import { connectCommand } from "#connections/connect-command.js";
import type { ProviderClients } from "#connections/provider-clients.js";
import { accountHeader, encodeAccount } from "#core/account-header.js";
import type { Caller } from "#core/caller.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { Face } from "#core/face.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { KeptAs } from "#gateway/answer-files/keep-answer.js";
import { withRemark } from "#gateway/answer-parts.js";
import { type Call, type CallsDeps, newCall, type StepOf } from "#gateway/call.js";
import { dryRun, factsGiven, type GivenFacts } from "#gateway/dry-run.js";
import { type ExchangeDeps, exchange } from "#gateway/exchange.js";
import type { Files } from "#gateway/files/files.js";
import type { Begun, Idempotency } from "#gateway/idempotency.js";
import type { LiveCalls } from "#gateway/live-calls.js";
import { readRaw, refuseOutside } from "#gateway/raw.js";
import { guardedParams, repeatable } from "#gateway/repeatable.js";
import type { Results } from "#gateway/results.js";
import type { Access } from "#gateway/send-authorized.js";
import { readShape, type Shape, type ShapeRequest } from "#gateway/shape.js";
import type { SealedConnection } from "#store/connection-rows.js";
import type { Repeating } from "#upstream/failure.js";

export interface ExecuteRequest {
  caller: Caller;
  /** Of the caller. */
  catalog: Catalog;
  /** By which way it came in; for the log alone. */
  face: Face;
  integration: string;
  endpoint: string;
  params: unknown;
  /** Id or account name; the default connection when left out. */
  connection?: string | undefined;
  /** Answer with the request instead of sending it. */
  dryRun: boolean;
  idempotencyKey?: string | undefined;
  /** The part of the answer that the caller wants; left out for all of it as it comes. */
  shape?: ShapeRequest;
  /** Of a dry run: files that are not handed over yet. */
  files?: Record<string, GivenFacts> | undefined;
  /** Keep the answer as a file, and answer with its handle. */
  as?: KeptAs | undefined;
  /** Aborts when the client has disconnected. */
  signal: RequestSignal;
  /** A request of the caller's own, which is also its params; its endpoint is the one that it matches, if there is one. */
  raw?: RawRequest | undefined;
  /** That it is a step of a composite, whose scope allows it. Never from outside. */
  step?: CompositeStep | undefined;
  /** That it is one page of many, whose remarks stand beside all of them. Never from outside. */
  isPage?: boolean;
}

export interface CompositeStep extends StepOf {
  /** The hold on the caller's Idempotency-Key, taken for the composite. */
  begun?: Begun | undefined;
}

/** JSON text, and headers that go with it. */
export interface Answer {
  body: string | Readable;
  headers: Record<string, string>;
}

export type Execute = (request: ExecuteRequest) => Promise<Answer>;

export interface ExecuteDeps extends CallsDeps, ExchangeDeps {
  live: LiveCalls;
  clients: ProviderClients;
  idempotency: Idempotency;
  results: Results;
  files: Files;
}

/**
 * One call: endpoint → scope → connection → plan → admit (limits + audit row) → credential → send → finish
 * the row → answer. Nothing reaches a service before its row is durable.
 */
export function createExecute(deps: ExecuteDeps): Execute {
  return async (request) => {
    const raw = request.raw && readRaw(request.catalog, request.integration, request.raw);
    const endpoint = raw?.endpoint ?? request.catalog.endpoint(request.integration, request.endpoint);
    const call = newCall(deps, request, endpoint);
    const refuse = async (error: unknown) => {
      await request.step?.begun?.release();
      throw await call.refuse(error);
    };
    const prepared = await prepare(deps, request, endpoint, call, raw).catch(async (error) => {
      return (await answerFromBefore(deps, request, endpoint, call, error)) ?? refuse(error);
    });
    if ("body" in prepared) return prepared;
    const { integration, access, plan, repeating, shape, files } = prepared;
    const acting = actingAs(access.connection?.account);
    if (request.dryRun) {
      const masked = maskedPlan(integration, access.method, plan);
      const shown = dryRun(masked, messageOf(endpoint, request.params, files));
      return { body: withRemark(shown, remarkFor(request, endpoint)), headers: acting };
    }

    const begun =
      request.step?.begun ??
      (await beginOnce(deps.idempotency, request, endpoint, call.id, repeating).catch(refuse));
    if (begun?.replay !== undefined) return replayed(deps, request, shape, begun, begun.replay);
    const limits = await call.admit().catch(async (error) => {
      await begun?.release();
      throw error;
    });
    const headers = { ...limits, ...acting };
    const { signal } = request;
    deps.live.add(signal);
    const onEnd = () => deps.live.delete(signal);
    // The plan was made of them, so they are an object.
    const params = request.params as Record<string, unknown>;
    const { caller, as } = request;
    const about = { caller, as, call, integration, endpoint, access, plan, params };
    const given = { ...about, repeating, begun, shape, signal, remark: remarkFor(request, endpoint) };
    const exchanged = await exchange(deps, given, onEnd);
    if ("rest" in exchanged) return { body: exchanged.rest, headers };
    return { body: await shaped(deps, request, shape, exchanged.whole), headers };
  };
}

/** A step is called by the name that its composite's file has, which is not the caller's doing; a raw request by none. */
function remarkFor({ endpoint: calledAs, step, isPage, raw }: ExecuteRequest, endpoint: Endpoint) {
  return step || isPage ? undefined : remarkOn(endpoint, raw ? endpoint.name : calledAs);
}

async function replayed(
  deps: ExecuteDeps,
  request: ExecuteRequest,
  shape: Shape | undefined,
  begun: Begun,
  answer: string,
): Promise<Answer> {
  const body = await shaped(deps, request, shape, answer);
  return { body, headers: { "idempotency-replayed": "true", ...(await actedAs(deps, request, begun)) } };
}

/** The answer to the same request with the same key, whose files are over by now; undefined when there is none. */
async function answerFromBefore(
  deps: ExecuteDeps,
  request: ExecuteRequest,
  endpoint: Endpoint,
  call: Call,
  refusal: unknown,
): Promise<Answer | undefined> {
  const isOfParams = refusal instanceof SkillettError && refusal.code === "bad_request";
  const isOfFiles = handlesIn(endpoint, request.params).length > 0;
  if (!isOfParams || !isOfFiles || request.step) return undefined;
  const begun = await beginOnce(deps.idempotency, request, endpoint, call.id, "harmful").catch(
    () => undefined,
  );
  if (begun?.replay === undefined) return void (await begun?.release());
  return replayed(deps, request, readShape(shapeOf(request), endpoint), begun, begun.replay);
}

/** The part of an answer that the caller wants. The call has been made: an answer that cannot be cut is given whole. */
export async function shaped(
  { results, onFault }: Pick<ExecuteDeps, "results" | "onFault">,
  { caller }: ExecuteRequest,
  shape: Shape | undefined,
  envelope: string,
): Promise<string> {
  if (!shape) return envelope;
  try {
    return await results.shape(caller, envelope, shape);
  } catch (error) {
    onFault(error);
    return envelope;
  }
}

interface Prepared {
  /** As the connection reaches it. */
  integration: Integration;
  access: Access;
  plan: RequestPlan;
  repeating: Repeating;
  shape: Shape | undefined;
  /** Those that params name. */
  files: FilesByHandle;
}

/** Everything that can be refused without asking the service. */
async function prepare(
  deps: ExecuteDeps,
  request: ExecuteRequest,
  endpoint: Endpoint,
  call: Call,
  raw: RawCall | undefined,
): Promise<Prepared> {
  const { integration: slug } = endpoint;
  if (raw) call.aimAt(raw.target);
  if (!request.step) refuseOutside(request.caller, endpoint, raw);
  const access = await findAccess(deps, request);
  if (access.connection) call.useConnection(access.connection);
  if (!raw) call.aimAt(targetOf(endpoint, request.params));
  const shape = readShape(shapeOf(request), endpoint);
  const described = request.catalog.integration(slug);
  const reached = reachedBy(described, access.method);
  const integration = withSettings(reached, JSON.parse(access.connection?.settings ?? "{}"));
  const params = guardedParams(endpoint, request);
  const handles = handlesIn(endpoint, params);
  const files = new Map([...factsGiven(request.files), ...(await deps.files.find(request.caller, handles))]);
  const plan = raw
    ? planRaw(integration, raw.request)
    : planAt(integration, described, endpoint, request.catalog.plan(endpoint, params, files));
  return { integration, access, shape, files, ...repeatable(integration, endpoint, plan, request, params) };
}

/** A file has no view. */
function shapeOf({ as, shape = {} }: ExecuteRequest): ShapeRequest {
  if (as !== "file") return shape;
  const { view, ...others } = shape;
  if (view === "readable")
    throw badRequest([{ at: "query.view", message: "is not for as=file: a file has no view" }]);
  return others;
}

async function findAccess(deps: ExecuteDeps, request: ExecuteRequest): Promise<Access> {
  const connection = await findConnection(deps, request);
  if (connection) return { connection, method: connection.auth_method };
  const integration = request.catalog.integration(request.integration);
  if (request.connection !== undefined) {
    throw new SkillettError("not_found", {
      message: `There is no ${integration.slug} connection ${request.connection}.`,
      next: ["skillett connections"],
    });
  }
  const open = Object.keys(integration.auth).find((name) => isOpen(integration.auth[name]!));
  if (open !== undefined) return { connection: null, method: open };
  throw new SkillettError("integration_not_connected", {
    facts: { slug: integration.slug },
    next: [await connectCommand(deps.clients, integration)],
  });
}

function findConnection(
  { connections }: ExecuteDeps,
  { caller: { tenantId, profileId }, integration, connection: name }: ExecuteRequest,
): Promise<SealedConnection | undefined> {
  return name === undefined
    ? connections.findDefault(tenantId, profileId, integration)
    : connections.find(tenantId, profileId, integration, name);
}

/** Takes the caller's Idempotency-Key for the call with this id; undefined when there is none. */
export async function beginOnce(
  idempotency: Idempotency,
  { caller, integration, params, connection, idempotencyKey }: ExecuteRequest,
  endpoint: Endpoint,
  callId: string,
  repeating: Repeating,
): Promise<Begun | undefined> {
  if (idempotencyKey === undefined) return undefined;
  // By whichever of its names it is called, it is the same call.
  const what = { integration, endpoint: firstName(endpoint), params, connection };
  return idempotency.begin(caller, { key: idempotencyKey, callId, what, repeating });
}

/** The account it is sent with; none where the integration needs none. */
function actingAs(account: string | null | undefined): Record<string, string> {
  return account == null ? {} : { [accountHeader]: encodeAccount(account) };
}

/** A kept answer came by the account of the first call, whichever is the default one now. */
export async function actedAs(
  { calls }: Pick<ExecuteDeps, "calls">,
  { caller: { tenantId, profileId } }: ExecuteRequest,
  { firstCall }: Begun,
): Promise<Record<string, string>> {
  const first = firstCall === undefined ? undefined : await calls.get(tenantId, profileId, firstCall);
  return actingAs(first?.account);
}
