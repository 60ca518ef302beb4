import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

/** Names of our files in a data folder, and of others there that are nobody's. */
const ownFiles = /^(skillett\.db|server\.lock|master\.key|catalog-cache$|lost\+found$|\.)/;
const othersMay = 0o077;

/**
 * Makes the data folder and its files ours alone: new ones with mode 0700 and 0600, and old ones that others may
 * read become so. SQLite gives its write-ahead log and its index the mode of the database. On Windows folders of a
 * user are private without this.
 *
 * @param create files that shall be there afterwards
 * @param warn is told what could not be made private, and how to do it
 */
export function keepPrivate(
  directory: string,
  create: readonly string[],
  warn: (text: string) => void,
): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const name of create) closeSync(openSync(path.join(directory, name), "a", 0o600));
  if (process.platform === "win32") return;
  const names = readdirSync(directory);
  tighten(directory, 0o700, warn, !names.every((name) => ownFiles.test(name)));
  for (const name of names.filter((name) => /^(skillett\.db|server\.lock|master\.key)/.test(name)))
    tighten(path.join(directory, name), 0o600, warn);
}

/** A folder in which others have things too stays open to them. */
function tighten(file: string, mode: number, warn: (text: string) => void, isShared = false): void {
  // Another process may have taken it away meanwhile.
  const found = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  if ((found & othersMay) === 0) return;
  const warnThat = (why: string) =>
    warn(
      `Others on this machine may open ${file} (mode ${octal(found)})${why}: chmod ${octal(mode)} ${file}`,
    );
  try {
    if (isShared) warnThat(", and it was left so because it holds more than Skillett's files");
    else chmodSync(file, mode);
  } catch (error) {
    warnThat(`, which could not be changed (${(error as NodeJS.ErrnoException).code})`);
  }
}

const octal = (mode: number) => (mode & 0o777).toString(8).padStart(4, "0");
