import { maxPath } from "#catalog/raw/path-match.js";
import { splitQuery } from "#catalog/raw/raw-request.js";
import { isAscii, lineIssue } from "#catalog/request/values.js";

/** Characters of a path with its query. */
const maxWithQuery = 8192;
/** A path that is still encoded after so many rounds is an attempt to hide something. */
const maxRounds = 4;

/** Why a path with its query cannot be sent as it is, or null. */
export function pathIssue(given: string): string | null {
  const [path] = splitQuery(given);
  const max = path.length > maxPath ? maxPath : maxWithQuery;
  if (given.length > max) return `must not have more than ${max} characters`;
  if (given.includes("#")) return "must not have a #: a fragment is never sent; %23 is the character";
  return lineIssue(given) ?? leavingIssue(path);
}

/**
 * Why a path may not stay below a base URL, or null. Looks at it as it is and as servers and proxies may read it: decoded
 * once or several times, with look-alikes of dots and slashes, with a backslash as a slash, with parameters of segments.
 */
function leavingIssue(path: string): string | null {
  if (!path.startsWith("/")) return "must begin with /: it is a path below the base URL, not an address";
  if (/%(?![0-9a-f]{2})/i.test(path)) return "has a % that no two hex digits follow; %25 is the character";
  const readings = readingsOf(path);
  if (readings === null) return "is encoded in another way than UTF-8, or too often";
  return readings.map(readingIssue).find((found) => found !== null) ?? null;
}

/** The path as it is, and decoded until nothing is left to decode; null when that does not end, or it cannot be. */
function readingsOf(path: string): string[] | null {
  const readings = [path];
  let next: string;
  try {
    next = decodeURIComponent(path).normalize("NFKC");
  } catch {
    return null;
  }
  while (next !== readings.at(-1)) {
    if (readings.length > maxRounds) return null;
    readings.push(next);
    next = decodeAscii(next);
  }
  return readings;
}

const decodeAscii = (text: string) =>
  text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

function readingIssue(reading: string): string | null {
  if (/[\\\p{Cc}]/u.test(reading)) return "must not have a backslash or control characters, encoded or not";
  const segments = reading.split("/").slice(1);
  if (segments.slice(0, -1).includes("")) return "must not have an empty segment (//)";
  return segments.some(isDots) ? "must not have . or .. as a segment, encoded or not" : null;
}

/** Some servers take spaces, and parameters behind a semicolon, off before they look at a segment. */
const isDots = (segment: string) => /^\s*\.{1,2}\s*(?:[;?#].*)?$/s.test(segment);

/**
 * The address of a path, without a query, below a base URL; null unless it is read exactly as it is written.
 *
 * @param baseUrl without settings
 */
export function addressBelow(baseUrl: string, path: string): string | null {
  const text = baseUrl + path;
  if (!isAscii(path) || !URL.canParse(text)) return null;
  const [base, url] = [new URL(baseUrl), new URL(text)];
  const isPlain = url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  // The origin of `inside://sandbox` is null, as is that of any other scheme of its kind.
  const isSameHost = url.protocol === base.protocol && url.host === base.host;
  return isPlain && isSameHost && url.pathname === base.pathname.replace(/\/$/, "") + path ? text : null;
}
