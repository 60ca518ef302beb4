import type { Composite, CompositeExample, Step } from "#catalog/composite.js";
import type { Example } from "#catalog/example.js";
import { endpointFrontMatter } from "#catalog/front-matter.js";
import type { CompositeFrontMatter } from "#catalog/front-matter-steps.js";
import type { Consequences, Endpoint, EndpointFacts } from "#catalog/integration.js";
import { type Callable, type CalledStep, firstOf, viewOf } from "#catalog/load/called-step.js";
import { jointEffects } from "#catalog/load/composite-effects.js";
import { checkComposite } from "#catalog/load/composite-rules.js";
import { checkConsequences, consequencesOf } from "#catalog/load/consequences.js";
import {
  type EndpointFile,
  finish,
  type LoadedEndpoint,
  namesOf,
  paramsSchema,
  placeOf,
} from "#catalog/load/load-endpoint.js";
import { toRefusals } from "#catalog/load/load-refusals.js";
import { toView } from "#catalog/load/load-view.js";
import type { Source } from "#catalog/load/source.js";
import type { Effect } from "#catalog/schema.js";
import type { ScopeNeed } from "#catalog/scope-need.js";
import type { Views } from "#catalog/view.js";
import type { Check, SchemaIssue } from "#core/schema-check.js";

/** The endpoints of an integration that steps may call. */
export function callableOf(loaded: readonly LoadedEndpoint[], files: readonly EndpointFile[]): Callable {
  const endpoints = new Map(
    loaded.flatMap(({ endpoint }) => [endpoint.name, ...endpoint.formerly].map((name) => [name, endpoint])),
  );
  const names = (those: readonly EndpointFile[]) => those.map(({ source }) => placeOf(source.file).name);
  const composites = new Set(names(files.filter(isComposite)));
  const unread = new Set(names(files).filter((name) => !endpoints.has(name) && !composites.has(name)));
  return { endpoints, unread, composites };
}

export function isComposite({ source: { value } }: EndpointFile): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, "steps");
}

/**
 * Reads an endpoint file with steps. Notes every problem; null when there is one, since what the example makes of wrong
 * steps would say it again.
 */
export function loadComposite(file: EndpointFile, check: Check, callable: Callable): LoadedEndpoint | null {
  const { source, hasProblem } = watched(file.source);
  for (const { path, message } of check(source.value).map(inItsWords)) source.report(path, message);
  if (hasProblem()) return null;
  const matter = source.value as CompositeFrontMatter;
  const called = Object.entries(matter.steps).map(([name, step]) => ({
    name,
    step,
    endpoint: callable.endpoints.get(step.call),
  }));
  checkComposite(matter, called, callable, source);
  const known = called.filter((it): it is Called => it.endpoint !== undefined);
  if (known.length < called.length || known.length === 0) return null;
  const facts = build(source.file, matter, known);
  checkConsequences(facts, matter, source);
  checkUntrusted(facts, known, source);
  const loaded = finish(facts, { ...file, source });
  return hasProblem() ? null : loaded;
}

/** Knows whether anything was reported. */
function watched(source: Source): { source: Source; hasProblem: () => boolean } {
  let count = 0;
  const report: Source["report"] = (path, message) => {
    count += 1;
    source.report(path, message);
  };
  return { source: { ...source, report }, hasProblem: () => count > 0 };
}

/** A key of files with a request is known, and of no use here. */
function inItsWords({ path, message }: SchemaIssue): SchemaIssue {
  const [key = ""] = path;
  if (path.length !== 1 || !message.startsWith("is unknown")) return { path, message };
  if (key === "request") return { path, message: "a file has a request or steps, not both" };
  if (!Object.hasOwn(endpointFrontMatter.properties, key)) return { path, message };
  return { path, message: "is not for steps: the endpoints that they call have their own" };
}

interface Called extends CalledStep {
  endpoint: Endpoint;
}

function build(file: string, matter: CompositeFrontMatter, called: readonly Called[]): EndpointFacts {
  const last = called.at(-1)!;
  const endpoints = called.map(({ endpoint }) => endpoint);
  const composite: Composite = {
    steps: called.map(toStep),
    answer: matter.answer ? toView(matter.answer) : null,
    example: matter.example as CompositeExample,
  };
  const isPlain = composite.answer === null && composite.steps.at(-1)!.view === null && !last.step.each;
  return {
    ...placeOf(file),
    summary: matter.summary,
    method: last.endpoint.method,
    base: last.endpoint.base,
    path: last.endpoint.path,
    ...effectsOf(matter, endpoints),
    untrusted: matter.untrusted ?? (isPlain ? last.endpoint.untrusted : []),
    scopes: scopesOf(endpoints),
    returns: matter.returns,
    errors: matter.errors ?? {},
    refusals: toRefusals(undefined),
    asks: matter.asks ?? [],
    ...namesOf(matter),
    page: null,
    items: null,
    answerFile: null,
    views: viewsOf(matter, isPlain ? last.endpoint.views : {}),
    repeatGuard: null,
    params: paramsSchema(Object.entries(matter.params ?? {})),
    placements: {},
    body: "json",
    bodyUnder: null,
    bodyRoot: null,
    isGraphql: false,
    constants: { body: {}, query: {}, headers: {} },
    example: { ...exampleOf(matter), sends: composite.example.sends.at(-1)! },
    tool: null,
    composite,
  };
}

function exampleOf({ example: { params, files } }: CompositeFrontMatter): Pick<Example, "params" | "files"> {
  return { params, ...(files && { files: files as Example["files"] }) };
}

/** All that the calls need. */
function scopesOf(endpoints: readonly Endpoint[]): ScopeNeed[] {
  const needs = endpoints
    .flatMap(({ scopes }) => scopes)
    .map((need) => [JSON.stringify(need), need] as const);
  return [...new Map(needs).values()];
}

function toStep(called: Called): Step {
  const { name, step, endpoint } = called;
  const { params = {}, each, max = defaultEach } = step;
  return {
    name,
    call: endpoint.name,
    params,
    each: each === undefined ? null : { list: each.slice(1, -1), max },
    view: viewOf(called) ?? null,
  };
}

const defaultEach = 10;

const viewsOf = ({ views }: CompositeFrontMatter, otherwise: Views): Views =>
  views ? { readable: toView(views.readable!) } : otherwise;

/** Nobody forgets that a part of the answer is written by others, because it comes through steps. */
function checkUntrusted(
  { untrusted, composite }: EndpointFacts,
  called: readonly Called[],
  source: Source,
): void {
  if (untrusted.length > 0) return;
  const shown = composite!.answer
    ? Object.values(composite!.answer).map(({ from }) => firstOf(from ?? ""))
    : [called.at(-1)!.name];
  for (const { name, endpoint } of called.filter(
    (it) => shown.includes(it.name) && it.endpoint.untrusted.length > 0,
  )) {
    const paths = endpoint.untrusted.join(", ");
    source.report(["untrusted"], `is missing: in the answer of ${name} others write ${paths}`);
  }
}

/** As the file says, or else those of all calls together. */
function effectsOf(
  matter: CompositeFrontMatter,
  endpoints: readonly Endpoint[],
): Consequences & { effect: Effect } {
  const joint = jointEffects(endpoints);
  const { effect, irreversible, reaches } = { ...joint, ...matter };
  return { effect, ...consequencesOf({ ...matter, effect, irreversible, reaches }) };
}
