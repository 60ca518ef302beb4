import type { Job } from "#core/job.js";
import { type Shape, type Shaped, shapeAnswer } from "#gateway/shape.js";

/** Answers up to here are shaped where they are: a few milliseconds. */
const smallCharacters = 128 * 1024;
/** With a view, which reads all of it as values, and HTML and mail within. */
const smallWithView = 16 * 1024;

/** @see shapeAnswer */
export const shapeAnswerJob: Job<{ envelope: string; shape: Shape; page: number }, Shaped> = {
  name: "shapeAnswer",
  // A service has acted by then: its answer waits for as long as it takes, and is in memory anyway.
  lane: { name: "answers", maxWaiting: Number.POSITIVE_INFINITY },
  run: ({ envelope, shape, page }) => shapeAnswer(envelope, shape, page),
  isSmall: ({ envelope, shape }) => envelope.length <= (shape.view ? smallWithView : smallCharacters),
};
