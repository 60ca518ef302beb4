import { echo, fail, hoard, loop, refuse, small } from "#support/worker-jobs.js";
import { serveJobs } from "#workers/serve.js";

export default serveJobs([echo, small, refuse, fail, loop, hoard]);
