import { SkillettError } from "#core/errors.js";
import type { RunJob } from "#core/job.js";
import { RequestSignal } from "#core/request-signal.js";
import type { ArchivedSkills } from "#skills/archive/read-archive.js";
import { readGitJob } from "#skills/git/job.js";
import type { GitSend } from "#skills/git/remote.js";
import type { GitPlace } from "#skills/git/url.js";

export interface GitRequest {
  tenantId: string;
  place: GitPlace;
  /** SECRET. */
  token: string | null;
  /** Object that was read last: while the branch is there, nothing is downloaded. */
  known: string | null;
  signal: RequestSignal;
}

export interface GitRead {
  ref: string | null;
  folder: string | null;
  commit: string;
  /** Null when nothing has changed. */
  archived: ArchivedSkills | null;
}

/**
 * Reads the skills of a git repository; one at a time for a tenant.
 *
 * @throws conflict while another is read, bad_request for what cannot be read
 */
export type ReadGit = (request: GitRequest) => Promise<GitRead>;

/** Of one repository, from the first request to the last byte. */
const patienceMs = 120_000;

export function createReadGit(send: GitSend, runJob: RunJob): ReadGit {
  const busy = new Set<string>();

  async function read(
    { tenantId, place, token, known }: GitRequest,
    signal: RequestSignal,
  ): Promise<GitRead> {
    // Most servers never read a repository: the library is loaded when one does.
    const { fetchPack, findHead } = await import("#skills/git/remote.js");
    const deps = { send, remote: { url: place.url, token }, signal };
    const head = await findHead(deps, place);
    const { ref, folder } = head;
    if (head.commit === known) return { ref, folder, commit: known, archived: null };
    const { answer, commit } = await fetchPack(deps, head);
    const archived = await runJob(tenantId, readGitJob, () => ({ answer, commit, folder }));
    return { ref, folder, commit, archived };
  }

  return async (request) => {
    const { tenantId, signal } = request;
    if (busy.has(tenantId))
      throw new SkillettError("conflict", {
        message: "Another repository of this tenant is being read. Try again when it is done.",
      });
    busy.add(tenantId);
    const ending = new RequestSignal();
    const end = () => ending.abort();
    const timer = setTimeout(end, patienceMs);
    signal.once("abort", end);
    try {
      return await read(request, ending);
    } finally {
      clearTimeout(timer);
      signal.off("abort", end);
      busy.delete(tenantId);
    }
  };
}
