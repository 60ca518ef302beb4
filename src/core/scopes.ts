import type { Issue } from "#core/errors.js";
import { didYouMean } from "#core/suggest.js";

/**
 * The endpoints that a key may call, as a list of scopes. It may call those that any one of the scopes allows:
 *
 * - `*`: everything
 * - `github`: all of an integration
 * - `github.create_issue`, `github.list_*`: endpoints by name, `*` for any part of it
 * - `github:read`, `*:write`: endpoints by effect, of one integration or of all
 * - `github:raw`: requests that are none of its endpoints. No other scope contains it, and there is no `*:raw`: each
 *   integration is given by name
 *
 * When an endpoint is renamed, no key gains it or loses it: a name that it had is still one of its names, and a pattern
 * is held against the first name that it had, so that it lets the same endpoints be called as before.
 */

const effects = ["read", "write", "destructive"] as const;
const raw = "raw";

export interface Target {
  integration: string;
  endpoint: string;
  effect: (typeof effects)[number] | typeof raw;
  /** Names that it had before, the oldest first. */
  formerly?: readonly string[];
}

type Renamed = Partial<Pick<Target, "formerly" | "effect">>;

/** Integrations that a scope may name, by slug, with their endpoints by name. */
export type Scopeable = ReadonlyMap<string, { endpoints: ReadonlyMap<string, Renamed> }>;

/** Integrations of a tenant. */
export type IntegrationsOf = (owner: {
  tenantId: string;
  catalogVersion?: number;
}) => Promise<Scopeable & KnownEffects>;

/** Parts of one scope; `*` is any. Either `endpoint` or `effect` is any. */
interface Scope {
  integration: string;
  endpoint: string;
  effect: string;
}

const form = /^([^.:]+)(?:\.([^.:]+)|:([^.:]+))?$/;

function parse(scope: string): Scope | undefined {
  const [whole, integration, endpoint = "*", effect = "*"] = form.exec(scope) ?? [];
  if (whole === undefined || integration === undefined) return undefined;
  // `*.x` would be endpoints that happen to share a name.
  if (integration === "*" && (endpoint !== "*" || effect === raw)) return undefined;
  return { integration, endpoint: endpoint.replace(/\*+/g, "*"), effect };
}

const parseAll = (scopes: readonly string[]) => scopes.flatMap((scope) => parse(scope) ?? []);

const isOf = (scope: Scope, integration: string) =>
  scope.integration === "*" || scope.integration === integration;

const takesIn = (scope: Scope, effect: string) =>
  scope.effect === effect || (scope.effect === "*" && effect !== raw);

/** May an endpoint be called? */
export function allows(
  scopes: readonly string[],
  { integration, endpoint, effect, formerly }: Target,
): boolean {
  return parseAll(scopes).some(
    (scope) =>
      isOf(scope, integration) && names(scope.endpoint, endpoint, formerly) && takesIn(scope, effect),
  );
}

/** Is there anything of an integration that may be called? */
export function touches(scopes: readonly string[], integration: string): boolean {
  return parseAll(scopes).some((scope) => isOf(scope, integration));
}

/** May one scope call the whole integration? */
export function coversAll(scopes: readonly string[], integration: string): boolean {
  return covers(scopes, [integration]);
}

/**
 * Is everything that `inner` allows allowed by `outer` too? Judged scope by scope: `github:read` is not found
 * to cover `github.get_repo`, because the scopes alone do not tell the effect of an endpoint.
 */
export function covers(outer: readonly string[], inner: readonly string[]): boolean {
  return uncovered(outer, inner).length === 0;
}

/** Those of `inner` that `outer` does not cover. */
export function uncovered(outer: readonly string[], inner: readonly string[]): string[] {
  const wide = parseAll(outer);
  return inner.filter((text) => {
    const narrow = parse(text);
    return !narrow || !wide.some((scope) => coversOne(scope, narrow));
  });
}

function coversOne(outer: Scope, inner: Scope): boolean {
  return (
    isOf(outer, inner.integration) &&
    // A `*` of the inner pattern is a character like any other here, so that only a `*` can take it in.
    matches(outer.endpoint, inner.endpoint) &&
    takesIn(outer, inner.effect)
  );
}

/** Integrations by slug, with the effect of each of their endpoints by name. */
export type KnownEffects = ReadonlyMap<
  string,
  { endpoints: ReadonlyMap<string, Pick<Target, "formerly" | "effect">> }
>;

/** Is it a scope for requests that are none of the endpoints? Such a scope is given only by who names it. */
export const isRaw = (scope: string) => parse(scope)?.effect === raw;

/** The meaning of scopes for raw requests, for whoever gives them; undefined when there are none. */
export function rawInWords(scopes: readonly string[]): string | undefined {
  const raw = scopes.filter(isRaw);
  if (raw.length === 0) return undefined;
  return `With ${raw.join(", ")} it sends any request to the service, whatever the account there may do: nothing lists what that is.`;
}

/** Scopes that are given when nobody chose: all that are asked for, but none for raw requests. */
export const withoutRaw = (scopes: readonly string[]) => scopes.filter((scope) => !isRaw(scope));

/** Scopes of an agent's key when nobody chose any: everything that only reads. */
export const readScopes: readonly string[] = ["*:read"];

/**
 * The part of `scopes` that only reads. A pattern becomes the names of the endpoints that read now, so that an
 * endpoint that is added later and writes is not included.
 */
export function readingPart(scopes: readonly string[], known: KnownEffects): string[] {
  const reading = parseAll(scopes).flatMap(({ integration, endpoint, effect }) => {
    if (effect !== "*") return effect === "read" ? [`${integration}:read`] : [];
    if (endpoint === "*") return [`${integration}:read`];
    return [...(known.get(integration)?.endpoints ?? [])]
      .filter(([name, it]) => it.effect === "read" && names(endpoint, name, it.formerly))
      .map(([name]) => `${integration}.${name}`);
  });
  return [...new Set(reading)];
}

/** Does the part of a scope that is of the name mean this endpoint? */
function names(pattern: string, name: string, formerly: readonly string[] = []): boolean {
  if (!pattern.includes("*")) return pattern === name || formerly.includes(pattern);
  return matches(pattern, formerly[0] ?? name);
}

/** Takes time in proportion to both lengths at the most, whatever the pattern. */
function matches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  const end = name.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= end;
}

/** The issues of scopes that somebody requests; `at` names the place of one by its index. */
export function checkScopes(
  scopes: readonly string[],
  known: Scopeable,
  at = (index: number) => `scopes[${index}]`,
): Issue[] {
  return scopes.flatMap((scope, index) => {
    const message = scopeIssue(scope, known);
    return message === undefined ? [] : [{ at: at(index), message }];
  });
}

const effectsOfScopes: readonly string[] = [...effects, raw];

function scopeIssue(text: string, known: Scopeable): string | undefined {
  const scope = parse(text);
  if (text === `*:${raw}`) return "raw requests are given for each integration by name: write github:raw";
  if (!scope)
    return `${text} is no scope: write github, github.create_issue, github.list_*, github:read or *`;
  const { integration, endpoint, effect } = scope;
  if (effect !== "*" && !effectsOfScopes.includes(effect)) {
    return `there is no effect ${effect}: it is ${effectsOfScopes.join(", ")}.${didYouMean(effect, effectsOfScopes)}`;
  }
  if (integration === "*") return undefined;
  const found = known.get(integration);
  if (!found) return `there is no integration ${integration}.${didYouMean(integration, known.keys())}`;
  const endpoints = [...found.endpoints];
  const meant = endpoints.filter(([name, { formerly }]) => names(endpoint, name, formerly));
  const isNow = endpoint.includes("*") || found.endpoints.has(endpoint);
  if (endpoint === "*" || (isNow && meant.length > 0)) return undefined;
  const [renamed] = meant;
  if (renamed) {
    return `${integration} has no endpoint ${endpoint} any more: it is called ${renamed[0]} now. Did you mean ${integration}.${renamed[0]}?`;
  }
  const [late] = endpoints.filter(([name]) => matches(endpoint, name));
  if (late) return `${integration}.${late[0]} is not meant by a pattern of its new name: name it itself`;
  return `${integration} has no endpoint ${endpoint}.${didYouMean(endpoint, found.endpoints.keys())}`;
}
