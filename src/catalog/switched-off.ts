import type { Endpoint, HeldEndpoint } from "#catalog/integration.js";
import { SkillettError } from "#core/errors.js";

/** A refusal of what a tenant has switched off: for its callers it is not there. */
export class SwitchedOff extends SkillettError {
  readonly #subject: string;
  readonly #command: string;

  /**
   * @param subject `Integration github`
   * @param command switches it on
   * @param next of somebody who may run that
   */
  constructor(subject: string, command: string, next?: string[]) {
    super("not_found", {
      message: `${subject} is switched off in this tenant. An owner or admin of the tenant can switch it on.`,
      ...(next && { next }),
    });
    this.#subject = subject;
    this.#command = command;
  }

  /** For somebody who may switch it on. */
  withCommand(): SwitchedOff {
    return new SwitchedOff(this.#subject, this.#command, [this.#command]);
  }
}

export const integrationOff = (slug: string) =>
  new SwitchedOff(`Integration ${slug}`, `skillett integrations enable ${slug}`);

/**
 * @param endpoint is off, or it is a composite and a step of it is
 * @param on endpoints of the integration that are switched on
 */
export function endpointOff(
  { integration: slug, name, composite }: Endpoint,
  on: ReadonlyMap<string, Endpoint>,
): SwitchedOff {
  const steps = new Set(composite?.steps.map(({ call }) => call).filter((call) => !on.has(call)));
  const names = steps.size > 0 ? [...steps] : [name];
  const why = steps.size > 0 ? ` calls ${names.join(" and ")}, which` : "";
  return new SwitchedOff(
    `Endpoint ${slug} ${name}${why}`,
    `skillett integrations enable ${slug} ${names.join(" ")}`,
  );
}

/** Nobody in a tenant can switch it on. */
export function endpointHeld({ endpoint: { integration: slug, name }, reason }: HeldEndpoint): SkillettError {
  const how = reason === "new" ? "is new" : "has changed since it was taken";
  return new SkillettError("not_found", {
    message: `Endpoint ${slug} ${name} is off, because its tool ${how}. Whoever runs this server can take it as it is now.`,
    next: ["skillett integrations reload"],
  });
}
