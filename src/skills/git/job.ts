import type { Job } from "#core/job.js";
import { type ArchivedSkills, readArchive } from "#skills/archive/read-archive.js";
import { type GitAnswer, readGitFiles } from "#skills/git/skill-files.js";
import { unpacking } from "#skills/lanes.js";

/** Reads the skills in the answer of a git server, on a thread. @see readGitFiles */
export const readGitJob: Job<GitAnswer, ArchivedSkills> = {
  name: "readGit",
  lane: unpacking,
  run: async (answer) => {
    const { archive, problems } = await readGitFiles(answer);
    const archived = await readArchive(archive);
    return { ...archived, problems: [...problems, ...archived.problems] };
  },
};
