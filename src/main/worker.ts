import { shapeAnswerJob } from "#gateway/jobs.js";
import { skillJobs } from "#skills/jobs.js";
import { serveJobs } from "#workers/serve.js";

/** What runs on the threads of the pool: a program of its own, beside the server's. */
export default serveJobs([...skillJobs, shapeAnswerJob]);
