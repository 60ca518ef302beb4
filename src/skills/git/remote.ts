import git, { type GitHttpRequest, type GitHttpResponse, type HttpClient } from "isomorphic-git";
import { SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";
import { createMemoryFiles } from "#skills/git/memory-files.js";
import { gitLimits, unusable } from "#skills/git/pack.js";
import { type GitPlace, splitRef, wrong } from "#skills/git/url.js";

/** One request of the git protocol. Throws `payload_too_large` over `maxBytes`, counted while they come. */
export type GitSend = (request: {
  method: "GET" | "POST";
  url: string;
  /** SECRET. */
  headers: Record<string, string>;
  body: Buffer | null;
  maxBytes: number;
  signal: RequestSignal;
}) => Promise<{ status: number; headers: Record<string, string>; body: Buffer }>;

export interface GitRemote {
  url: string;
  /** SECRET: a token, or `user:token`. */
  token: string | null;
}

/** A branch or a tag, where it is now. */
export interface GitHead {
  /** `HEAD`, or `refs/heads/…`, `refs/tags/…`. */
  fullRef: string;
  /** Object it is at: a commit, or a tag of one. */
  commit: string;
  ref: string | null;
  folder: string | null;
}

interface Deps {
  send: GitSend;
  remote: GitRemote;
  signal: RequestSignal;
}

/**
 * Where the branch or tag of a place is. Nothing of the content is transferred.
 *
 * @throws bad_request when there is none, or no repository
 */
export async function findHead(deps: Deps, place: GitPlace): Promise<GitHead> {
  const list = (prefix: string) => listRefs(deps, prefix);
  if (place.refAndFolder !== undefined) {
    const [first = ""] = place.refAndFolder.split("/");
    const refs = [...(await list(`refs/heads/${first}`)), ...(await list(`refs/tags/${first}`))];
    const names = refs.map(({ ref }) => ref.replace(/^refs\/(heads|tags)\//, ""));
    const parts = splitRef(place.refAndFolder, names);
    if (!parts) throw noRef(place.refAndFolder);
    return headOf(refs, { ...place, ...parts });
  }
  if (place.ref === null) return headOf(await list("HEAD"), place);
  const refs = [...(await list(`refs/heads/${place.ref}`)), ...(await list(`refs/tags/${place.ref}`))];
  return headOf(refs, place);
}

function headOf(refs: { ref: string; oid: string }[], { ref, folder }: GitPlace): GitHead {
  const candidates = ref === null ? ["HEAD"] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  const found = candidates.flatMap((name) => refs.find((it) => it.ref === name) ?? [])[0];
  if (!found && ref === null) throw unusable("it is empty");
  if (!found) throw noRef(ref!);
  return { fullRef: found.ref, commit: found.oid, ref, folder };
}

const noRef = (ref: string) => wrong("ref", `there is no branch or tag ${ref}`);

async function listRefs(deps: Deps, prefix: string): Promise<{ ref: string; oid: string }[]> {
  const http = createHttp(deps, gitLimits.refsBytes);
  const { url } = deps.remote;
  return inOurWords(() => git.listServerRefs({ http, url, prefix, protocolVersion: 2 }));
}

/**
 * The answer of the server for a branch or tag: its newest commit alone, packed. The commit's id comes with it, since
 * the branch may have moved since it was looked up.
 */
export async function fetchPack(
  deps: Deps,
  { fullRef }: GitHead,
): Promise<{ answer: Buffer; commit: string }> {
  const received = new Received();
  const http = createHttp(deps, gitLimits.packBytes, received);
  const repository = { fs: createMemoryFiles(), dir: "/", gitdir: "/git" };
  const fetching = inOurWords(() =>
    git.fetch({
      ...repository,
      http,
      url: deps.remote.url,
      ref: fullRef,
      remoteRef: fullRef,
      singleBranch: true,
      tags: false,
      depth: 1,
    }),
  );
  await fetching.catch((error) => {
    if (error !== received) throw error;
  });
  if (!received.commit) throw unusable("it is empty");
  return { answer: received.answer, commit: received.commit };
}

/**
 * Thrown in place of the pack, which the library would unpack at once: that is heavy work, and not for the thread
 * that answers requests.
 */
class Received extends Error {
  answer: Buffer = Buffer.alloc(0);
  commit = "";
}

/** The HTTP client of the library: it sends by our guarded way, and bounds the bytes. */
function createHttp({ send, remote, signal }: Deps, maxBytes: number, received?: Received): HttpClient {
  const credential: Record<string, string> =
    remote.token === null ? {} : { authorization: basic(remote.token) };
  return {
    async request({ url, method = "GET", headers = {}, body }: GitHttpRequest): Promise<GitHttpResponse> {
      const isPost = method === "POST";
      const sent = isPost ? await collect(body) : null;
      const reply = await send({
        method: isPost ? "POST" : "GET",
        url,
        // Some servers answer those only that say they are git.
        headers: { "user-agent": "git/skillett", ...headers, ...credential },
        body: sent,
        maxBytes: isPost ? maxBytes : gitLimits.refsBytes,
        signal,
      });
      if (reply.status !== 200) throw refusal(reply.status);
      if (isPost && received) {
        received.answer = reply.body;
        [, received.commit = ""] = /want ([0-9a-f]{40,64})/.exec(sent!.toString("latin1")) ?? [];
        throw received;
      }
      const one = async function* () {
        yield new Uint8Array(reply.body);
      };
      return { url, method, headers: reply.headers, body: one(), statusCode: 200, statusMessage: "OK" };
    },
  };
}

/**
 * GitHub and GitLab accept any user name with a token; a server that needs a certain one gets it from `user:token`.
 */
function basic(token: string): string {
  const pair = token.includes(":") ? token : `x-access-token:${token}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

async function collect(body: GitHttpRequest["body"]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function refusal(status: number): SkillettError {
  if ([401, 403, 404].includes(status))
    return unusable(`it answered ${status}: it is not there, or wants a token that may read it`);
  const hint = status >= 300 && status < 400 ? ": it has moved, so give its new address" : "";
  return unusable(`it answered ${status}${hint}`);
}

/** Turns an error of the library into one that names the mistake in the server's answer. Errors of ours pass. */
async function inOurWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SkillettError || error instanceof Received) throw error;
    const { code = "" } = error as { code?: string };
    if (code === "NotFoundError") throw unusable("it has no such branch or tag any more");
    if (code === "RemoteCapabilityError") throw unusable("its server hands out no single commits");
    throw unusable("its answer is not that of a git server");
  }
}
