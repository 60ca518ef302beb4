import type { Step } from "#catalog/composite.js";
import { SkillettError } from "#core/errors.js";
import { jsonItems } from "#core/json-path.js";
import type { AnswerParts } from "#gateway/answer-parts.js";
import { runStep, type StepDeps } from "#gateway/run-step.js";
import type { Walk } from "#gateway/step-walk.js";

/** Calls on their way at once. */
const maxAtOnce = 4;
/** Characters of all answers together. */
const maxChars = 8_000_000;

/** The answers of a step that is called for each item of a list. */
export interface EachAnswer {
  /** JSON of a list with a place for each call, in the order of the items. */
  answers: string;
  /** The first of the calls, when all have failed. */
  failure: Failed | undefined;
}

/** A refusal of the service, or an error. */
export type Failed = { refused: AnswerParts } | { error: unknown };
type Place = { data: string } | Failed;

/**
 * Calls a step for each item of a list, a few at once. One that fails takes nothing from the others: what failed stands
 * in its place.
 *
 * @param list JSON
 */
export async function runEach(
  deps: StepDeps,
  walk: Walk,
  step: Step,
  list: string,
  isLate: () => boolean,
): Promise<EachAnswer> {
  const items = jsonItems(list);
  const { max } = step.each!;
  const places = await gather(deps, walk, step, items.slice(0, max), isLate);
  const { signal } = walk.request;
  const failed = places.filter((it): it is Failed => !("data" in it));
  const hasLeft = signal.aborted && signal.reason === undefined;
  if (failed.length > 0 && (failed.length === places.length || hasLeft))
    return { answers: "[]", failure: failed[0] };
  if (failed.length > 0)
    walk.remarks.push(
      `${failed.length} of ${places.length} calls of ${step.call} failed: "failed" stands in their place.`,
    );
  if (items.length > max) {
    const left = items.length - max;
    walk.remarks.push(`The list has ${left} more, for which ${step.call} was not called.`);
    // It would lead past them.
    walk.next = undefined;
  }
  return { answers: `[${places.map(toJson).join(",")}]`, failure: undefined };
}

async function gather(
  deps: StepDeps,
  walk: Walk,
  step: Step,
  items: readonly string[],
  isLate: () => boolean,
): Promise<Place[]> {
  const places: Place[] = [];
  const waiting = [...items.entries()];
  let room = maxChars;
  async function callNext(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [at, item] = next;
      const place = isLate() ? { error: tooLate } : await callOne(deps, walk, step, item);
      const size = "data" in place ? place.data.length : 0;
      places[at] = size > room ? { error: noRoom } : place;
      room -= Math.min(size, room);
    }
  }
  await Promise.all(Array.from({ length: maxAtOnce }, callNext));
  return places;
}

async function callOne(deps: StepDeps, walk: Walk, step: Step, item: string): Promise<Place> {
  try {
    const answer = await runStep(deps, walk, step, { item });
    if (answer.isTooLarge) return { error: noRoom };
    return answer.refusal === undefined ? { data: answer.data } : { refused: answer };
  } catch (error) {
    return { error };
  }
}

const tooLate = new SkillettError("upstream_timeout", {
  message: "It was not called: the 30 seconds for all calls were over.",
});
const noRoom = new SkillettError("conflict", {
  message: "Its answer is left out: all together have 8 MB at most.",
});

function toJson(place: Place): string {
  if ("data" in place) return place.data;
  return JSON.stringify({ failed: "refused" in place ? refusedOf(place.refused) : errorOf(place.error) });
}

const refusedOf = ({ status, refusal }: AnswerParts) => ({ status, message: refusal });

function errorOf(error: unknown) {
  const { code, message } = error instanceof SkillettError ? error : new SkillettError("internal");
  return { error: code, message };
}
