import type { CompositeFrontMatter } from "#catalog/front-matter-steps.js";
import type { Endpoint } from "#catalog/integration.js";
import { type CalledStep, firstOf } from "#catalog/load/called-step.js";
import type { Source } from "#catalog/load/source.js";
import { type Effect, type Reach, reaches } from "#catalog/schema.js";

/** From weak to strong. */
const effects: readonly Effect[] = ["read", "write", "destructive"];
const strength = (effect: Effect) => effects.indexOf(effect);
/** From narrow to wide. */
const width = (reach: Reach) => reaches.length - reaches.indexOf(reach);

/** The effects of several endpoints together. */
export function jointEffects(endpoints: readonly Endpoint[]) {
  const effect = effects.findLast((it) => endpoints.some((endpoint) => endpoint.effect === it)) ?? "read";
  const circles = endpoints.filter((it) => it.effect !== "read").map((it) => it.reaches);
  return {
    effect,
    irreversible: endpoints.some((it) => it.irreversible),
    reaches: reaches.find((it) => circles.includes(it)) ?? "self",
  };
}

/** A composite says of its effects no less than its calls do, and changes something at the end only. */
export function checkCompositeEffects(
  matter: CompositeFrontMatter,
  steps: readonly CalledStep[],
  source: Source,
): void {
  const endpoints = steps.flatMap(({ endpoint }) => endpoint ?? []);
  const joint = jointEffects(endpoints);
  const { effect = joint.effect } = matter;
  if (strength(effect) < strength(joint.effect))
    source.report(["effect"], `is weaker than that of its calls, which is ${joint.effect}`);
  if (matter.irreversible === false && joint.irreversible)
    source.report(["irreversible"], "one of its calls cannot be undone");
  if (matter.reaches !== undefined && width(matter.reaches) < width(joint.reaches))
    source.report(["reaches"], `is narrower than that of its calls, which is ${joint.reaches}`);
  for (const [at, called] of steps.entries()) checkWrite(called, at === steps.length - 1, source);
  if (joint.effect !== "read") checkAnswerOfWrite(matter, steps, source);
}

/** A change cannot be taken back when a later step fails. So only one that nobody notices comes before the last. */
function checkWrite({ name, step, endpoint }: CalledStep, isLast: boolean, source: Source): void {
  const report = (key: string, message: string) => source.report(["steps", name, key], message);
  if (!endpoint) return;
  const isReading = endpoint.effect === "read";
  if (step.each !== undefined && !isReading) report("each", `is for reading, and ${step.call} is no read`);
  if (step.repeatable && (isReading || isLast)) report("repeatable", "is for a write before the last step");
  if (isReading || isLast) return;
  const isHarmless = endpoint.effect === "write" && !endpoint.irreversible && endpoint.reaches === "self";
  if (!isHarmless) report("call", `${step.call} changes something, which only the last step may`);
  else if (!step.repeatable)
    report(
      "call",
      `${step.call} changes something before the last step: say repeatable: true if doing it again changes nothing more`,
    );
}

/** The answer to a write is kept for its `Idempotency-Key`, and those of the steps before it are not. */
function checkAnswerOfWrite(
  { answer = {} }: CompositeFrontMatter,
  steps: readonly CalledStep[],
  source: Source,
): void {
  for (const [field, from] of Object.entries(answer)) {
    const name = firstOf(typeof from === "string" ? from : (from.from ?? ""));
    if (steps.slice(0, -1).some((it) => it.name === name))
      source.report(["answer", field], "an endpoint that changes something answers with its last step alone");
  }
}
