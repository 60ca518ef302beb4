/** A kind of thing that a description has and an import does not. */
export interface LeftOut {
  /** Such as `the body is of a kind that cannot be written`. */
  what: string;
  /** Operations, or other things, of which it is left out. */
  count: number;
  /** The first few: `POST /orders`, or a name. */
  examples: string[];
}

/** An account of an import for the person who asked for it. */
export interface ImportReport {
  kind: DescriptionKind;
  /** The API's own name. */
  title: string;
  /** The API's own version; empty when it says none. */
  version: string;
  /** Endpoints that were made. */
  endpoints: number;
  leftOut: LeftOut[];
  /** Whole sentences about what was decided or changed on the way. */
  notes: string[];
}

export type DescriptionKind = "openapi" | "swagger" | "discovery" | "graphql";

/** Takes down what the report says, while an import goes on. */
export interface Notes {
  /** @param example one of those that are left out */
  leaveOut(what: string, example: string): void;
  /** A sentence is said once, however often it is noted. */
  note(sentence: string): void;
  leftOut(): LeftOut[];
  sentences(): string[];
}

/** Takes down what of an operation is left out. */
export type Note = (what: string) => void;

const maxExamples = 5;
/** Kinds and sentences that are listed; an adversary's description could have one for each operation. */
const maxKinds = 100;

export function createNotes(): Notes {
  const kinds = new Map<string, Set<string>>();
  const sentences = new Set<string>();
  return {
    leaveOut(what, example) {
      const known = kinds.get(what) ?? new Set();
      if (known.size > 0 || kinds.size < maxKinds) kinds.set(what, known.add(example));
    },
    note(sentence) {
      if (sentences.size < maxKinds) sentences.add(sentence);
    },
    leftOut: () =>
      [...kinds].map(([what, all]) => ({ what, count: all.size, examples: [...all].slice(0, maxExamples) })),
    sentences: () => [...sentences],
  };
}
