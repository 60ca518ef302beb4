import { badRequest, type SkillettError } from "#core/errors.js";

/** A place in a git repository that is read over HTTPS. */
export interface GitPlace {
  /** Of the repository: absolute, without user, query and fragment. */
  url: string;
  /** Branch or tag; null for the default branch. */
  ref: string | null;
  /** Folder in it, "/" between its parts; null for all of it. */
  folder: string | null;
  /** Of an address that a browser showed: ref and folder, where only the server knows which part is which. */
  refAndFolder?: string;
}

export interface GivenPlace {
  url: string;
  ref?: string | undefined;
  folder?: string | undefined;
}

/** Hosts whose addresses of two parts are repositories. */
const gitHosts = new Set(["github.com", "gitlab.com", "bitbucket.org", "codeberg.org"]);
/** The part between a repository and a ref in the address of a folder or file: GitHub, GitLab, Gitea, Bitbucket. */
const browsed = /^(.+?)(?:\/-)?\/(?:tree|blob|src\/branch|src\/tag|src)\/(.+)$/;
const shorthand = /^([\w.-]+)\/([\w.-]+)$/;
const otherScheme = /^(?:(ssh|git|file|git\+ssh):\/\/|[\w.-]+@[\w.-]+:)/i;

/**
 * The git repository that a source names: `https://host/owner/repo(.git)`, `owner/repo` of GitHub, or the address of
 * a folder as a browser shows it. Undefined for every other address.
 *
 * @throws bad_request for addresses of git that are not read, and for a folder that leads out
 */
export function gitPlace({ url: text, ref, folder }: GivenPlace): GitPlace | undefined {
  if (otherScheme.test(text))
    throw wrong("url", `${schemeInWords(text)} is not read: give its https:// address`);
  const short = shorthand.exec(text);
  const named = short ? `https://github.com/${text}` : text;
  const url = URL.canParse(named) ? new URL(named) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  const [, repository = url.pathname, refAndFolder] = isGitHost(url)
    ? (browsed.exec(url.pathname) ?? [])
    : [];
  const path = repository.replace(/\/+$/, "");
  const isGit = path.endsWith(".git") || (isGitHost(url) && /^\/[^/]+\/[^/]+/.test(path));
  if (!isGit && ref === undefined && folder === undefined) return undefined;
  if (url.username || url.password || url.search || url.hash)
    throw wrong(
      "url",
      "must have no user, query or fragment: a token goes into `token`, a branch into `ref`",
    );
  const place = { url: url.origin + path, ref: checkedRef(ref), folder: checkedFolder(folder) };
  if (refAndFolder === undefined || ref !== undefined) return place;
  return { ...place, refAndFolder: decoded(withoutSkillMd(refAndFolder)) };
}

/** @throws bad_request for a path whose escapes cannot be decoded */
function decoded(path: string): string {
  try {
    const text = decodeURIComponent(path);
    if (!/\p{Control}/u.test(text)) return text;
  } catch {
    // Refused below.
  }
  throw wrong("url", "has an escape (% and two digits) after the repository that is not one of a path");
}

const isGitHost = ({ hostname, pathname }: URL) =>
  gitHosts.has(hostname) || /\.git\/|\/-\/tree\//.test(pathname);

/** The address of a SKILL.md stands for its folder. */
const withoutSkillMd = (path: string) => path.replace(/\/+$/, "").replace(/\/SKILL\.md$/i, "");

function schemeInWords(text: string): string {
  const [, scheme] = otherScheme.exec(text)!;
  return scheme ? `${scheme.toLowerCase()}:` : "An address of git over SSH";
}

/** @see https://git-scm.com/docs/git-check-ref-format */
function checkedRef(ref: string | undefined): string | null {
  if (ref === undefined) return null;
  if (/^[0-9a-f]{40}$|^[0-9a-f]{64}$/.test(ref))
    throw wrong("ref", "must be a branch or a tag: servers of git hand out no commit by its id");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const isOdd = /[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|^[/-]|[/.]$|\.lock$/.test(ref);
  if (isOdd) throw wrong("ref", "must be the name of a branch or a tag, such as main or v1.2.0");
  return ref;
}

function checkedFolder(folder: string | undefined): string | null {
  const parts = (folder ?? "").split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw wrong("folder", "must be a folder of the repository, such as skills/notes");
  return parts.join("/") || null;
}

/** Parts `main/skills/notes` by the refs there are: the longest that it begins with. */
export function splitRef(
  refAndFolder: string,
  refs: readonly string[],
): { ref: string; folder: string | null } | undefined {
  const [ref] = refs
    .filter((it) => refAndFolder === it || refAndFolder.startsWith(`${it}/`))
    .sort((a, b) => b.length - a.length);
  return ref === undefined ? undefined : { ref, folder: checkedFolder(refAndFolder.slice(ref.length)) };
}

export const wrong = (at: string, message: string): SkillettError => badRequest([{ at, message }]);
