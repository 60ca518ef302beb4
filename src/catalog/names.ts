import type { Target } from "#core/scopes.js";

export const endpointNameForm = /^[a-z][a-z0-9_]*$/;

/** The names of an endpoint beside its own, and its end. */
export interface Names {
  /** Names that it had before, the oldest first. It answers to them. */
  formerly: readonly string[];
  /** It is not for new uses, but keeps answering; null for most. */
  deprecated: Deprecated | null;
}

export interface Deprecated {
  /** The day from which the service is to have it no more, `2027-04-30`; null when not known. */
  on: string | null;
  /** The name of an endpoint of the same integration, or a text. */
  instead: string | null;
  text: string | null;
}

type Named = Names & { name: string };

/** The endpoint of this name, or else the one that once had it. */
export function findEndpoint<E extends Named>(
  endpoints: ReadonlyMap<string, E>,
  name: string,
): E | undefined {
  return endpoints.get(name) ?? [...endpoints.values()].find(({ formerly }) => formerly.includes(name));
}

/** Endpoints in the order of a list: those that are deprecated stand last. */
export function inListOrder<E extends Names>(endpoints: Iterable<E>): E[] {
  const all = [...endpoints];
  return [...all.filter(({ deprecated }) => !deprecated), ...all.filter(({ deprecated }) => deprecated)];
}

/** The name that no renaming changes. */
export const firstName = ({ name, formerly }: Named) => formerly[0] ?? name;

/** An endpoint as scopes see it. */
export function scopeTarget({
  integration,
  name,
  effect,
  formerly,
}: Named & { integration: string; effect: Target["effect"] }): Target {
  return { integration, endpoint: name, effect, formerly };
}

/** Beside the answer of a call: advice about the name that it was called by, and about its end. */
export function remarkOn(endpoint: Named, calledAs: string): string | undefined {
  return (
    [renaming(endpoint, calledAs), deprecation(endpoint)].filter((it) => it !== undefined).join(" ") ||
    undefined
  );
}

/** That an endpoint has another name now; undefined when it was called by that. */
export function renaming({ name }: Named, calledAs: string): string | undefined {
  return calledAs === name ? undefined : `${calledAs} is called ${name} now: use that name.`;
}

/** The end of an endpoint in words; undefined when there is none. */
export function deprecation({ name, deprecated }: Named): string | undefined {
  if (!deprecated) return undefined;
  const { on, instead, text } = deprecated;
  return [
    on === null ? `${name} is deprecated.` : `${name} is deprecated: it ends on ${on}.`,
    instead === null ? "" : isName(instead) ? `Use ${instead} instead.` : sentence(`Instead: ${instead}`),
    text === null ? "" : sentence(text),
  ]
    .filter((it) => it !== "")
    .join(" ");
}

/** Is it the name of an endpoint, rather than a text? */
export const isName = (instead: string) => endpointNameForm.test(instead);

const sentence = (text: string) => text.replace(/[^.!?]$/, "$&.");
