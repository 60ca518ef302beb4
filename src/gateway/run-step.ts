import type { Step } from "#catalog/composite.js";
import { fillParams } from "#catalog/request/fill-params.js";
import { accountOf } from "#core/account-header.js";
import { SkillettError } from "#core/errors.js";
import { RequestSignal } from "#core/request-signal.js";
import { type AnswerParts, readParts, withHint } from "#gateway/answer-parts.js";
import { type CompositeStep, type Execute, type ExecuteDeps, shaped } from "#gateway/execute.js";
import { wholeAnswer } from "#gateway/shape.js";
import { readerOf, type Walk } from "#gateway/step-walk.js";

export interface StepDeps extends Pick<ExecuteDeps, "results" | "onFault"> {
  execute: Execute;
}

export interface StepOptions {
  /** JSON, of a step with `each`. */
  item?: string;
  /** Of the last step of a composite that changes something, where there is an Idempotency-Key. */
  once?: Omit<CompositeStep, "composite">;
}

/** The answer of a step. `data` is what later steps read of it, unless it is a refusal. */
export async function runStep(
  deps: StepDeps,
  walk: Walk,
  step: Step,
  options?: StepOptions,
): Promise<AnswerParts> {
  return viewed(deps, walk, step, readParts(await callStep(deps, walk, step, options)));
}

/** The answer of a step, with its view as data where the step has one. */
export async function viewed(
  deps: StepDeps,
  { request }: Walk,
  { view }: Step,
  parts: AnswerParts,
): Promise<AnswerParts> {
  if (!view || parts.refusal !== undefined || parts.isTooLarge) return parts;
  return { ...parts, data: await projected(deps, request, parts.text, view) };
}

/**
 * One call of a step.
 *
 * @returns the envelope
 * @throws SkillettError that names the step
 */
export async function callStep(
  { execute }: StepDeps,
  walk: Walk,
  step: Step,
  { item, once }: StepOptions = {},
): Promise<string> {
  const { request } = walk;
  const { params, missing } = fillParams(step.params, readerOf(walk, item));
  const { signal, letGo } = followed(request.signal);
  try {
    const { body, headers } = await execute({
      ...request,
      endpoint: step.call,
      params,
      // The default account may change meanwhile.
      connection: request.connection ?? accountOf(walk.headers),
      idempotencyKey: once && request.idempotencyKey,
      shape: wholeAnswer,
      as: undefined,
      signal,
      step: { composite: walk.endpoint.name, ...once },
    });
    Object.assign(walk.headers, headers);
    return String(body);
  } catch (error) {
    throw explained(walk, step, error, missing);
  } finally {
    letGo();
  }
}

/** A signal for one call, since several may be on their way for one request. */
function followed(parent: RequestSignal): { signal: RequestSignal; letGo: () => void } {
  const signal = new RequestSignal();
  const end = () => signal.abort(parent.reason);
  if (parent.aborted) end();
  parent.on("abort", end);
  return { signal, letGo: () => parent.off("abort", end) };
}

/** The view of the data of an envelope; an empty object when it has nothing of it. */
export async function projected(
  deps: StepDeps,
  request: Walk["request"],
  envelope: string,
  view: NonNullable<Step["view"]>,
): Promise<string> {
  const shape = { view, fields: undefined, maxChars: undefined };
  const { data, isView } = readParts(await shaped(deps, request, shape, envelope));
  return isView ? data : "{}";
}

/** The error of a step, with what is known of the whole. */
function explained(walk: Walk, step: Step, error: unknown, missing: readonly string[]): unknown {
  if (!(error instanceof SkillettError)) return error;
  const { endpoint, steps } = walk;
  const { code, issues, next, retryAfterSeconds, retryable, extra, cause } = error;
  const lacking = issues && missing.length > 0 ? ` There is no value for {${missing.join("}, {")}}.` : "";
  // A refusal of the first call before it is made is one of the whole.
  const where = step === steps[0] && !issues ? "" : `${placeOf(steps, step)}: `;
  return new SkillettError(code, {
    message: `${where}${error.message}${lacking}`,
    ...(issues && { issues: issues.map(({ at, message }) => ({ at: `steps.${step.name}.${at}`, message })) }),
    ...(next && { next }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(extra && { extra }),
    retryable,
    outcome: endpoint.effect !== "read" && isReading(walk, step) ? "not_done" : error.outcome,
    cause,
  });
}

/** `Step 2 of 3 (send_email)` */
export const placeOf = (steps: readonly Step[], step: Step) =>
  `Step ${steps.indexOf(step) + 1} of ${steps.length} (${step.call})`;

/** The envelope of a step that ended all, which says so. */
export function ended(walk: Walk, step: Step, { text, hint }: AnswerParts): string {
  const { endpoint, steps } = walk;
  const taken = steps.slice(0, steps.indexOf(step) + 1);
  const isUnchanged = endpoint.effect !== "read" && taken.every((it) => isReading(walk, it));
  const message = [
    `${placeOf(steps, step)} ended with this answer${isUnchanged ? ", and nothing was changed" : ""}.`,
    hint?.message,
  ];
  return withHint(text, { ...hint, message: message.filter((it) => it !== undefined).join(" ") });
}

export const isReading = ({ request, endpoint }: Walk, { call }: Step) =>
  request.catalog.endpoint(endpoint.integration, call).effect === "read";
