import { type EndpointFacts, isJsonBody, type Placement } from "#catalog/integration.js";
import type { Source } from "#catalog/load/source.js";
import { createBodyTree } from "#catalog/request/body-tree.js";

/** A name at the service, and whose value goes there. */
interface Target {
  from: string;
  in: string;
  name: string;
  /** Names that begin with it and a bracket are its own, too. */
  hasBrackets: boolean;
}

/** No two params may overwrite each other at the service, nor a param a constant. */
export function checkTargets(endpoint: EndpointFacts, source: Source): void {
  const { placements, constants } = endpoint;
  const report = (name: string, message: string) =>
    source.report(Object.hasOwn(placements, name) ? ["params", name] : [name], message);
  const placed = Object.entries(placements).map(([param, placement]) => ({ param, ...placement }));
  const isInTree = (place: Placement) => place.in === "body" && isJsonBody(endpoint.body);
  const targets: Target[] = Object.entries({
    query: constants.query,
    header: constants.headers,
    body: constants.body,
  }).flatMap(([place, names]) =>
    Object.keys(names).map((name) => ({ from: "constants", in: place, name, hasBrackets: false })),
  );
  for (const placement of placed.filter((place) => !isInTree(place))) {
    const target = toTarget(placement);
    const other = targets.find((it) => meet(it, target));
    if (other) report(placement.param, `goes to the same place as ${other.from}`);
    targets.push(target);
  }
  createBodyTree(endpoint, placed.filter(isInTree), report);
}

function toTarget({ param, in: place, name, style, array }: Placement & { param: string }): Target {
  return { from: param, in: place, name, hasBrackets: style !== null || array === "brackets" };
}

function meet(one: Target, other: Target): boolean {
  if (one.in !== other.in) return false;
  return one.name === other.name || isWithin(one, other) || isWithin(other, one);
}

const isWithin = (outer: Target, { name }: Target) => outer.hasBrackets && name.startsWith(`${outer.name}[`);
