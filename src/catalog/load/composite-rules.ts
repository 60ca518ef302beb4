import { itemName } from "#catalog/composite.js";
import type { CompositeFrontMatter } from "#catalog/front-matter-steps.js";
import type { Callable, CalledStep } from "#catalog/load/called-step.js";
import { checkCompositeEffects } from "#catalog/load/composite-effects.js";
import { checkReads } from "#catalog/load/composite-reads.js";
import { checkName, checkParamName } from "#catalog/load/endpoint-rules.js";
import { placeOf } from "#catalog/load/load-endpoint.js";
import { checkView } from "#catalog/load/load-view.js";
import type { Source } from "#catalog/load/source.js";
import { didYouMean } from "#core/suggest.js";

/** More would be a program. */
const maxSteps = 3;

/** The rules that a file with steps must keep beyond the shape of its front matter. */
export function checkComposite(
  matter: CompositeFrontMatter,
  steps: readonly CalledStep[],
  callable: Callable,
  source: Source,
): void {
  checkName(placeOf(source.file).name, source);
  const { length } = steps;
  if (length < 2 || length > maxSteps)
    source.report(["steps"], `has ${length}: an endpoint has two or three steps, or a request`);
  checkParams(matter, source);
  for (const called of steps) {
    checkStep(matter, called, source);
    checkCall(called, callable, source);
  }
  checkReads(matter, steps, source);
  checkCompositeEffects(matter, steps, source);
}

/** Keywords that say where in a request a param goes. */
const placing = "in as segments array style encode encoding media_type filename accept max_bytes".split(" ");

function checkParams({ params = {} }: CompositeFrontMatter, source: Source): void {
  for (const [name, param] of Object.entries(params)) {
    checkParamName(name, "take another", source);
    for (const keyword of placing.filter((it) => Object.hasOwn(param, it))) {
      source.report(["params", name, keyword], "is for a request: the endpoints that the steps call have it");
    }
  }
}

function checkStep({ params = {} }: CompositeFrontMatter, { name, step }: CalledStep, source: Source): void {
  const report = (message: string) => source.report(["steps", name], message);
  if (name === itemName) report("is the name of the item of a list: take another");
  if (Object.hasOwn(params, name)) report("is the name of a param: take another");
  if (step.max !== undefined && step.each === undefined)
    source.report(["steps", name, "max"], "is for a step with each");
  if (typeof step.view === "object") checkView(step.view, ["steps", name, "view"], source);
}

function checkCall(
  { name, step: { call, params = {}, view }, endpoint }: CalledStep,
  { endpoints, composites, unread }: Callable,
  source: Source,
): void {
  const at = ["steps", name];
  if (!endpoint) {
    if (composites.has(call))
      source.report([...at, "call"], `${call} has steps itself: call an endpoint with a request`);
    else if (!unread.has(call))
      source.report(
        [...at, "call"],
        `there is no endpoint ${call} in this integration.${didYouMean(call, endpoints.keys())}`,
      );
    return;
  }
  const { properties, required } = endpoint.params;
  for (const param of Object.keys(params).filter((it) => !Object.hasOwn(properties, it))) {
    source.report(
      [...at, "params", param],
      `is no param of ${call}.${didYouMean(param, Object.keys(properties))}`,
    );
  }
  for (const param of required.filter((it) => !Object.hasOwn(params, it))) {
    source.report([...at, "params"], `${call} requires ${param}`);
  }
  if (view === "readable" && !endpoint.views.readable)
    source.report(
      [...at, "view"],
      `${call} has no readable view: write one here, or read its answer as it comes`,
    );
}
