import type { NextPage } from "#catalog/answer/paging.js";
import type { Step } from "#catalog/composite.js";
import { remarkOn, scopeTarget } from "#catalog/names.js";
import { fileFactsByParam, handlesByParam } from "#catalog/request/composite-files.js";
import { targetOf } from "#catalog/request/target.js";
import type { View } from "#catalog/view.js";
import { refuseOutOfScope } from "#core/caller.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import { findMember, replaceSpan } from "#core/json-text.js";
import { type AnswerParts, readParts, withHint, withRemark } from "#gateway/answer-parts.js";
import { type Call, newCall } from "#gateway/call.js";
import { factsGiven } from "#gateway/dry-run.js";
import { jsonEnvelope } from "#gateway/envelope.js";
import {
  type Answer,
  actedAs,
  beginOnce,
  type Execute,
  type ExecuteDeps,
  type ExecuteRequest,
  shaped,
} from "#gateway/execute.js";
import type { Begun } from "#gateway/idempotency.js";
import { type Failed, runEach } from "#gateway/run-each.js";
import { ended, isReading, placeOf, projected, runStep, viewed } from "#gateway/run-step.js";
import { readShape, type Shape, wholeAnswer } from "#gateway/shape.js";
import { previewSteps } from "#gateway/step-preview.js";
import { listAt, stopOf, type Walk } from "#gateway/step-walk.js";

/** After this long no further step begins. */
const maxWalkMs = 30_000;

interface Deps
  extends Pick<
    ExecuteDeps,
    "calls" | "clock" | "nodeId" | "observe" | "idempotency" | "results" | "files" | "onFault"
  > {
  /** Of an endpoint that is one request. */
  execute: Execute;
}

/**
 * The steps of a composite, one after the other, each a call with its own admission and its own row. The first that is
 * refused or fails ends it. The caller needs the scope of the composite alone, since its file says which calls it makes.
 */
export function createExecuteSteps(deps: Deps): Execute {
  return async (request) => {
    const endpoint = request.catalog.endpoint(request.integration, request.endpoint);
    const call = newCall(deps, request, endpoint);
    const refuse = async (error: unknown): Promise<never> => {
      throw await call.refuse(error);
    };
    const { walk, shape } = await prepare(deps, request, call).catch(refuse);
    const remark = remarkOn(endpoint, request.endpoint);
    if (request.dryRun) {
      const { body, headers } = await previewSteps(deps, walk);
      return { body: withRemark(String(body), remark), headers };
    }
    const once = await takeKey(deps, walk).catch(refuse);
    if (once?.begun.replay !== undefined) return await replayed(deps, walk, shape, once.begun);
    const envelope = withRemark(await walkThrough(deps, walk, call, once), remark);
    return { body: await shaped(deps, request, shape, envelope), headers: walk.headers };
  };
}

/** Everything that can be refused without asking the service. */
async function prepare(
  deps: Deps,
  request: ExecuteRequest,
  call: Call,
): Promise<{ walk: Walk; shape: Shape | undefined }> {
  const { catalog } = request;
  const endpoint = catalog.endpoint(request.integration, request.endpoint);
  const { composite } = endpoint;
  refuseOutOfScope(request.caller, scopeTarget(endpoint));
  call.aimAt(targetOf(endpoint, request.params));
  if (request.as === "file") throw badRequest([fileOfSteps]);
  const shape = readShape(request.shape ?? {}, endpoint);
  const params = catalog.readParams(endpoint, request.params);
  const { steps } = composite!;
  const files = await factsOfFiles(deps, request, handlesByParam(endpoint, params));
  const begin = { answers: new Map(), headers: {}, next: undefined, remarks: [] };
  return { walk: { request, endpoint, steps, params, files, ...begin }, shape };
}

async function factsOfFiles(
  { files }: Deps,
  { caller, files: given }: ExecuteRequest,
  handles: [string, string][],
): Promise<Walk["files"]> {
  const found = await files.find(
    caller,
    handles.map(([, handle]) => handle),
  );
  return fileFactsByParam(handles, new Map([...factsGiven(given), ...found]));
}

const fileOfSteps = { at: "query.as", message: "is for one request: this endpoint makes several" };

/** The caller's Idempotency-Key, and the id of the call that changes something, which is the last. */
interface Once {
  callId: string;
  begun: Begun;
}

/** A key has no meaning for what only reads. */
async function takeKey({ idempotency }: Deps, walk: Walk): Promise<Once | undefined> {
  if (isReading(walk, walk.steps.at(-1)!)) return undefined;
  const callId = newId("call");
  const begun = await beginOnce(idempotency, walk.request, walk.endpoint, callId, "harmful");
  return begun && { callId, begun };
}

async function replayed(deps: Deps, walk: Walk, shape: Shape | undefined, begun: Begun): Promise<Answer> {
  const { request, steps } = walk;
  const whole = readShape(wholeAnswer);
  const last = steps.at(-1)!;
  const kept = readParts(await shaped(deps, request, whole, begun.replay!));
  const parts = await viewed(deps, walk, last, kept);
  const envelope =
    parts.refusal === undefined ? await finished(deps, walk, last, parts) : ended(walk, last, parts);
  return {
    body: await shaped(deps, request, shape, withRemark(envelope, remarkOn(walk.endpoint, request.endpoint))),
    headers: { "idempotency-replayed": "true", ...(await actedAs(deps, request, begun)) },
  };
}

/** @returns the envelope of the whole */
async function walkThrough(deps: Deps, walk: Walk, call: Call, once: Once | undefined): Promise<string> {
  const until = deps.clock() + maxWalkMs;
  const last = walk.steps.at(-1)!;
  try {
    for (const step of walk.steps.slice(0, -1)) {
      const end = await readAnswer(deps, walk, step, until, call);
      if (end === undefined) continue;
      await once?.begun.release();
      return end;
    }
    if (last.each)
      return (await readAnswer(deps, walk, last, until, call)) ?? (await finishedList(deps, walk));
    await refuseToBegin(deps, walk, last, until, call);
  } catch (error) {
    await once?.begun.release();
    throw error;
  }
  // From here on the key is settled by the call itself.
  const parts = await runStep(deps, walk, last, once ? { once } : {});
  return parts.refusal === undefined ? finished(deps, walk, last, parts) : ended(walk, last, parts);
}

/**
 * Takes a step, and keeps its answer for those after it.
 *
 * @returns the envelope of the whole when it ends here
 */
async function readAnswer(
  deps: Deps,
  walk: Walk,
  step: Step,
  until: number,
  call: Call,
): Promise<string | undefined> {
  await refuseToBegin(deps, walk, step, until, call);
  if (step.each) {
    const list = listAt(walk, step.each.list);
    if (list === undefined) throw await call.refuse(conflict(walk, step, `${step.each.list} is no list`));
    const { answers, failure } = await runEach(deps, walk, step, list, () => deps.clock() >= until);
    if (failure) return endedBy(walk, step, failure);
    walk.answers.set(step.name, answers);
    return undefined;
  }
  const parts = await runStep(deps, walk, step);
  if (parts.refusal !== undefined) return ended(walk, step, parts);
  if (parts.isTooLarge) throw await call.refuse(conflict(walk, step, "its answer is larger than 8 MB"));
  walk.answers.set(step.name, parts.data);
  walk.next = nextPage(walk, step, parts) ?? walk.next;
  return undefined;
}

function endedBy(walk: Walk, step: Step, failure: Failed): string {
  if ("error" in failure) throw failure.error;
  return ended(walk, step, failure.refused);
}

/** Nothing begins for a client that has left, or when the time is up. */
async function refuseToBegin(
  { clock }: Deps,
  walk: Walk,
  step: Step,
  until: number,
  call: Call,
): Promise<void> {
  const { signal } = walk.request;
  if (signal.aborted) throw stopOf(signal);
  if (clock() < until) return;
  const message = `${placeOf(walk.steps, step)} was not begun: the ${maxWalkMs / 1_000} seconds for all steps were over.`;
  throw await call.refuse(new SkillettError("upstream_timeout", { message, ...nothingDone(walk) }));
}

function conflict(walk: Walk, step: Step, why: string): SkillettError {
  return new SkillettError("conflict", {
    message: `${placeOf(walk.steps, step)}: ${why}.`,
    ...nothingDone(walk),
  });
}

const nothingDone = ({ endpoint }: Walk) =>
  endpoint.effect === "read" ? {} : { outcome: "not_done" as const };

/** The envelope of the whole after its last step. */
async function finished(deps: Deps, walk: Walk, last: Step, parts: AnswerParts): Promise<string> {
  // It was made, and is all that there is of its answer.
  if (parts.isTooLarge) return parts.text;
  walk.answers.set(last.name, parts.data);
  walk.next = nextPage(walk, last, parts) ?? walk.next;
  const { answer } = walk.endpoint.composite!;
  const hasRemarks = walk.remarks.length > 0;
  if (parts.hint) walk.remarks.push(parts.hint.message);
  if (answer) return withRemarks(walk, parts.status, await answerOf(deps, walk, answer));
  if (last.view) return withRemarks(walk, parts.status, parts.data);
  const text = parts.next ? withPage(parts.text, walk.next) : parts.text;
  return hasRemarks ? withHint(text, { ...parts.hint, message: walk.remarks.join(" ") }) : text;
}

async function finishedList(deps: Deps, walk: Walk): Promise<string> {
  const { answer, steps } = walk.endpoint.composite!;
  const data = answer ? await answerOf(deps, walk, answer) : walk.answers.get(steps.at(-1)!.name)!;
  return withRemarks(walk, 200, data);
}

/** The declared answer, as JSON: of an object with those of the steps. */
function answerOf(deps: Deps, { request, answers }: Walk, view: View): Promise<string> {
  const members = [...answers].map(([name, json]) => `${JSON.stringify(name)}:${json}`);
  return projected(deps, request, `{"status":200,"data":{${members.join(",")}}}`, view);
}

function withRemarks({ remarks, next }: Walk, status: number, data: string): string {
  return jsonEnvelope(status, data, {
    ...(remarks.length > 0 && { hint: { message: remarks.join(" ") } }),
    ...(next && { page: { next } }),
  });
}

/** Params of the step are none of the composite, unless they are handed through. */
function nextPage({ endpoint }: Walk, step: Step, { next }: AnswerParts): NextPage | undefined {
  const params = Object.entries(next ?? {}).map(([name, value]) => {
    const [, param = ""] = /^\{(\w+)\}$/.exec(String(step.params[name])) ?? [];
    return [param, value] as const;
  });
  const isKnown = params.every(([name]) => Object.hasOwn(endpoint.params.properties, name));
  return params.length > 0 && isKnown ? Object.fromEntries(params) : undefined;
}

function withPage(envelope: string, next: NextPage | undefined): string {
  const place = findMember(envelope, "page")!;
  const { next: _, ...page } = JSON.parse(envelope.slice(place.from, place.to));
  return replaceSpan(envelope, place, JSON.stringify({ ...(next && { next }), ...page }));
}
