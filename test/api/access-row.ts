import type { Permission } from "#core/permissions.js";
import type { Who } from "#support/world.js";
import type { RegistryThing } from "./registry-things.js";

/**
 * What a route answers to whom. `{name}` in a path or a body stands for a thing of the owner's that the
 * stage makes anew where `prepare` names it.
 */
export interface Row {
  /** Instead of the route's own. */
  path?: string;
  body?: object;
  /** The body is a zip with a skill of the name `{name}`. */
  archive?: true;
  /** To whoever may. */
  status: number;
  /** Who has not gets a 403 that names it. */
  needs?: Permission | "operator";
  /** Where it is not for all: to these instead. */
  but?: Partial<Record<Who, number>>;
  /** To a key of an agent, with the scope `*`, whose person may: where it is not 403 by `needs`, nor `status`. */
  agent?: number;
  prepare?: "connection" | "attempt" | "key" | "userCode" | RegistryThing;
}

export const notForOthers = (status: number) => ({
  admin: status,
  engineer: status,
  member: status,
  viewer: status,
  operator: status,
  stranger: status,
});
export const notThere = { stranger: 404, operator: 404 };
