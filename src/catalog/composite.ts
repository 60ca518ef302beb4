import type { ExampleRequest } from "#catalog/example.js";
import type { View } from "#catalog/view.js";

/** An endpoint that calls others of its integration, in order, each with values that those before have given. */
export interface Composite {
  steps: readonly Step[];
  /** Made of an object with the answer of each step by its name; null: the answer is that of the last step. */
  answer: View | null;
  example: CompositeExample;
}

export interface Step {
  name: string;
  /** Name of the endpoint. */
  call: string;
  /** Of the call. Texts in them, at any depth, are templates. @see fillParams */
  params: Readonly<Record<string, unknown>>;
  /** Called once for each item of the list at this path, for so many at most; null: once. */
  each: { list: string; max: number } | null;
  /** The part of its answer that later steps and the answer read; null: the answer as it comes. */
  view: View | null;
}

/** The golden test of a composite: with these answers the params must become exactly these requests. */
export interface CompositeExample {
  /** By step, as later steps read it. */
  answers: Readonly<Record<string, unknown>>;
  sends: readonly ExampleRequest[];
}

/** The item of the list, in templates of a step with `each`. */
export const itemName = "item";
