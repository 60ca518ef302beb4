import { badRequest } from "#core/errors.js";

/** Something wrong with a skill's folder; only errors make it unusable. */
export interface SkillProblem {
  file: string;
  /** Counted from 1; null when it is about the file as a whole. */
  line: number | null;
  /** The problem, and how to put it right. */
  message: string;
  severity: "error" | "warning";
}

/**
 * How much a problem matters. `format`: it deviates from the format and breaks nothing, so it is an error under the
 * strict rules only, else a warning.
 */
export type Weight = "error" | "format" | "warning";

/** Notes a problem at a line of the file, counted from 1; an error when no weight is given. */
export type Report = (line: number | null, message: string, weight?: Weight) => void;

export function hasErrors(problems: readonly SkillProblem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}

/** @throws bad_request with every error among them; warnings pass */
export function refuseInvalid(problems: readonly SkillProblem[]): void {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return;
  throw badRequest(
    errors.map(({ file, line, message }) => ({ at: line === null ? file : `${file}:${line}`, message })),
  );
}
