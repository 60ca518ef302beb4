import type { StepYaml } from "#catalog/front-matter-steps.js";
import type { Endpoint } from "#catalog/integration.js";
import { toView } from "#catalog/load/load-view.js";
import type { View } from "#catalog/view.js";

/** A step as the file has it, and the endpoint that it calls; undefined when that cannot be called. */
export interface CalledStep {
  name: string;
  step: StepYaml;
  endpoint: Endpoint | undefined;
}

/** The endpoints that steps may call, and the names of those that they may not. */
export interface Callable {
  endpoints: ReadonlyMap<string, Endpoint>;
  composites: ReadonlySet<string>;
  /** Endpoints whose own files have problems. */
  unread: ReadonlySet<string>;
}

/** The part of its answer that others read; undefined for the answer as it comes. */
export function viewOf({ step: { view }, endpoint }: CalledStep): View | undefined {
  return typeof view === "object" ? toView(view) : view && endpoint?.views.readable;
}

/** The name with which a path begins: of a param, of a step, or `item`. */
export const firstOf = (path: string) => path.split(".", 1)[0]!;
