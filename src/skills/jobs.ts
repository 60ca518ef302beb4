import {
  inspectArchiveJob,
  readArchiveJob,
  validateArchiveJob,
  writeTarGzJob,
  writeZipJob,
} from "#skills/archive/jobs.js";
import { readGitJob } from "#skills/git/job.js";
import { packListingJob, readListingJob } from "#skills/listings/jobs.js";
import { compareFilesJob } from "#skills/registry/job.js";

/** All heavy work with skills, for the thread it runs on. */
export const skillJobs = [
  readArchiveJob,
  readGitJob,
  inspectArchiveJob,
  validateArchiveJob,
  writeZipJob,
  writeTarGzJob,
  compareFilesJob,
  packListingJob,
  readListingJob,
];
