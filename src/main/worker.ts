import { shapeAnswerJob } from "#gateway/jobs.js";
import { readFoldersJob } from "#integrations/folder-job.js";
import { importJob } from "#integrations/import-job.js";
import { skillJobs } from "#skills/jobs.js";
import { serveJobs } from "#workers/serve.js";

/** The program of the threads of the pool, built apart from the server's. */
export default serveJobs([...skillJobs, shapeAnswerJob, importJob, readFoldersJob]);
