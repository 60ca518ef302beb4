import type { Step } from "#catalog/composite.js";
import type { Endpoint } from "#catalog/integration.js";
import { fillParams } from "#catalog/request/fill-params.js";
import { findMember } from "#core/json-text.js";
import type { Answer } from "#gateway/execute.js";
import { callStep, type StepDeps } from "#gateway/run-step.js";
import { readerOf, type Walk } from "#gateway/step-walk.js";

/**
 * All steps of a dry run: the request of those whose values are known from the params, as it would be sent; of the
 * others the params, with the places of answers in braces.
 */
export async function previewSteps(deps: StepDeps, walk: Walk): Promise<Answer> {
  const steps: string[] = [];
  for (const step of walk.steps) steps.push(await preview(deps, walk, step));
  const message = "What stands in braces comes from the answers of the steps before.";
  const hint = JSON.stringify({ message });
  return { body: `{"dry_run":true,"steps":[${steps.join(",")}],"hint":${hint}}`, headers: walk.headers };
}

async function preview(deps: StepDeps, walk: Walk, step: Step): Promise<string> {
  const { integration } = walk.endpoint;
  const head = { step: step.name, endpoint: step.call };
  const { params, isKnown } = knownParams(walk, step);
  if (!isKnown)
    return JSON.stringify({
      ...head,
      ...described(walk.request.catalog.endpoint(integration, step.call), step),
      params,
    });
  const shown = await callStep(deps, walk, step);
  const request = findMember(shown, "request")!;
  return `${JSON.stringify(head).slice(0, -1)},"request":${shown.slice(request.from, request.to)}}`;
}

function described({ method, path }: Endpoint, { each }: Step) {
  return { method, path, ...(each && { each: `{${each.list}}`, max: each.max }) };
}

/** The params as far as they are known before anything is sent. */
function knownParams(walk: Walk, step: Step): { params: Record<string, unknown>; isKnown: boolean } {
  const read = readerOf(walk);
  const names = new Set(Object.keys(walk.endpoint.params.properties));
  let isKnown = step.each === null;
  const { params } = fillParams(step.params, (path) => {
    if (names.has(path.split(".", 1)[0]!)) return read(path);
    isKnown = false;
    return `{${path}}`;
  });
  return { params, isKnown };
}
