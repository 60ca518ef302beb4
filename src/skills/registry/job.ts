import type { Job } from "#core/job.js";
import type { SkillFile } from "#skills/format/skill-folder.js";
import { packing } from "#skills/lanes.js";
import { compareFiles, type FileChange } from "#skills/registry/diff.js";

/** @see compareFiles */
export const compareFilesJob: Job<Comparison, FileChange[]> = {
  name: "compareFiles",
  lane: packing,
  run: ({ before, after, names }) => compareFiles(before, after, names),
};

interface Comparison {
  before: SkillFile[];
  after: SkillFile[];
  names: { from: string; to: string };
}
