import { itemName } from "#catalog/composite.js";
import type { ParamFrontMatter } from "#catalog/front-matter.js";
import type { CompositeFrontMatter } from "#catalog/front-matter-steps.js";
import { type CalledStep, firstOf, viewOf } from "#catalog/load/called-step.js";
import { checkView } from "#catalog/load/load-view.js";
import type { Source } from "#catalog/load/source.js";
import { fileFields } from "#catalog/request/composite-files.js";
import { alternatives } from "#catalog/request/fill-params.js";
import type { ParamSchema } from "#catalog/schema.js";
import { placeholders } from "#catalog/template.js";
import { viewPaths } from "#catalog/view.js";
import { fileFormat } from "#core/file-handle.js";
import type { Path } from "#core/schema-check.js";
import { didYouMean } from "#core/suggest.js";

/** A place of a file, the paths that it reads, and the steps whose answers are there by then. */
interface Reading {
  at: Path;
  paths: readonly string[];
  earlier: readonly CalledStep[];
  hasItem: boolean;
}

/** Every path in a file with steps leads to a param, or to the answer of an earlier step; and none of these is in vain. */
export function checkReads(matter: CompositeFrontMatter, steps: readonly CalledStep[], source: Source): void {
  const readings = steps.flatMap((called, at) => readingsOf(called, steps.slice(0, at)));
  for (const reading of readings)
    for (const path of reading.paths) checkPath(path, reading, matter, steps, source);
  for (const called of steps) {
    checkEach(called, steps, source);
    checkRequired(called, matter, source);
  }
  checkExampleAnswers(matter, steps, source);
  const ofAnswer = matter.answer ? checkAnswer(matter.answer, steps, source) : [];
  const names = new Set([...readings.flatMap(({ paths }) => paths).map(firstOf), ...ofAnswer]);
  for (const name of Object.keys(matter.params ?? {}).filter((it) => !names.has(it)))
    source.report(["params", name], "is read by no step");
  const unread = steps.slice(0, matter.answer ? undefined : -1).filter(({ name }) => !names.has(name));
  for (const { name } of unread.filter((it) => it.endpoint?.effect === "read"))
    source.report(["steps", name], "is called for nothing: nobody reads its answer");
}

function checkExampleAnswers(
  { example: { answers } }: CompositeFrontMatter,
  steps: readonly CalledStep[],
  source: Source,
): void {
  const names = steps.map(({ name }) => name);
  for (const name of Object.keys(answers).filter((it) => !names.includes(it)))
    source.report(["example", "answers", name], `is no step.${didYouMean(name, names)}`);
}

function readingsOf({ name, step }: CalledStep, earlier: readonly CalledStep[]): Reading[] {
  const hasItem = step.each !== undefined;
  const params = textsOf(step.params ?? {}, ["steps", name, "params"]).flatMap(({ at, text }) =>
    placeholders(text).map((it) => ({ at, paths: alternatives(it), earlier, hasItem })),
  );
  if (step.each === undefined) return params;
  const paths = placeholders(step.each).flatMap(alternatives);
  return [{ at: ["steps", name, "each"], paths, earlier, hasItem: false }, ...params];
}

interface PlacedText {
  at: Path;
  text: string;
}

function textsOf(value: unknown, at: Path): PlacedText[] {
  if (typeof value === "string") return [{ at, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, [...at, key]));
}

const pathForm = /^[A-Za-z]\w*(\.[^.\s]+)*$/;

function checkPath(
  path: string,
  { at, earlier, hasItem }: Reading,
  { params = {} }: CompositeFrontMatter,
  steps: readonly CalledStep[],
  source: Source,
): void {
  const report = (message: string) => source.report(at, message);
  const name = firstOf(path);
  const step = earlier.find((it) => it.name === name);
  const known = [...Object.keys(params), ...earlier.map((it) => it.name)];
  if (!pathForm.test(path)) report(`{${path}} is no placeholder: write {param}, {step.path} or {a|b}`);
  else if (Object.hasOwn(params, name)) checkFact(path, params[name]!, report);
  else if (name === itemName && hasItem) return;
  else if (step) checkField(path, step, report);
  else if (name === itemName) report("{item} is for a step with each");
  else if (steps.some((it) => it.name === name)) report(`{${path}} is not known yet: ${name} comes later`);
  else report(`{${path}} is neither a param nor an earlier step.${didYouMean(name, known)}`);
}

/** Of a file that is given, a few facts are known. */
function checkFact(path: string, param: ParamFrontMatter, report: (message: string) => void): void {
  const [, fact] = path.split(".");
  if (fact === undefined || (param as ParamSchema).format !== fileFormat || fileFields.includes(fact)) return;
  report(`{${path}}: of a file there is ${fileFields.join(", ")}.${didYouMean(fact, fileFields)}`);
}

/** The fields that a step gives are known where it has a view. */
function checkField(path: string, called: CalledStep, report: (message: string) => void): void {
  const view = viewOf(called);
  const [, field] = path.split(".");
  if (!view || field === undefined || called.step.each !== undefined) return;
  const fields = [...new Set(viewPaths(view).map(firstOf))];
  if (!fields.includes(field))
    report(`{${path}}: the view of ${called.name} has no ${field}.${didYouMean(field, fields)}`);
}

function checkEach({ name, step: { each } }: CalledStep, steps: readonly CalledStep[], source: Source): void {
  if (each === undefined) return;
  const [path = "", ...more] = placeholders(each);
  const isOne = more.length === 0 && each === `{${path}}` && alternatives(path).length === 1;
  const isOfStep = steps.some((it) => it.name === firstOf(path));
  if (!isOne || !isOfStep)
    source.report(["steps", name, "each"], "is the list of an earlier step: {step.path}");
}

/** A param that a call requires needs a value whatever is given. */
function checkRequired(
  { name, step, endpoint }: CalledStep,
  { params = {} }: CompositeFrontMatter,
  source: Source,
): void {
  const given = step.params ?? {};
  const mayLack = (path: string) => {
    const name = firstOf(path);
    return Object.hasOwn(params, name) && !params[name]!.required && !("default" in params[name]!);
  };
  for (const param of endpoint?.params.required ?? []) {
    const template = given[param];
    const lacking = typeof template === "string" ? placeholders(template) : [];
    for (const placeholder of lacking.filter((it) => alternatives(it).every(mayLack)))
      source.report(
        ["steps", name, "params", param],
        `${step.call} requires it, and {${placeholder}} need not be given`,
      );
  }
}

/** @returns names of the steps that it reads */
function checkAnswer(
  answer: NonNullable<CompositeFrontMatter["answer"]>,
  steps: readonly CalledStep[],
  source: Source,
): string[] {
  checkView(answer, ["answer"], source);
  const names = steps.map(({ name }) => name);
  return Object.entries(answer).map(([field, from]) => {
    const path = typeof from === "string" ? from : (from.from ?? "");
    const name = firstOf(path);
    const step = steps.find((it) => it.name === name);
    if (step) checkField(path, step, (message) => source.report(["answer", field], message));
    else source.report(["answer", field], `begins with the name of a step.${didYouMean(name, names)}`);
    return name;
  });
}
