/** Error codes of the system, SQLite and PostgreSQL that mean that data cannot be stored, and why. */
const reasons: [codes: RegExp, reason: string][] = [
  [/^(ENOSPC|EDQUOT|SQLITE_FULL|53100)$/, "there is no space left on its disk"],
  [/^(EROFS|SQLITE_READONLY.*|25006)$/, "it is read-only"],
  [/^(EACCES|EPERM|SQLITE_PERM|SQLITE_AUTH|SQLITE_CANTOPEN.*)$/, "its files may not be opened by this user"],
  [
    /^(SQLITE_IOERR_(LOCK|SHM\w*|UNLOCK|CHECKRESERVEDLOCK)|SQLITE_PROTOCOL|ENOLCK)$/,
    "its folder cannot lock files",
  ],
  [/^(SQLITE_CORRUPT.*|SQLITE_NOTADB|XX001|XX002)$/, "its file is damaged"],
  [/^(EIO|SQLITE_IOERR.*|58030)$/, "its disk reports errors"],
];

/**
 * Why a database cannot store data now, to follow "the database cannot be used: "; undefined when the error is about
 * something else.
 *
 * @see https://www.sqlite.org/rescode.html
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function storageFailure(error: unknown): string | undefined {
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: unknown; cause?: unknown };
  const found = reasons.find(([codes]) => typeof code === "string" && codes.test(code));
  if (found) return found[1];
  // libsql says so in words when a file cannot even be opened.
  if (/^ConnectionFailed\(.*: 14"\)$/.test(String(message)))
    return "its files may not be opened by this user";
  return cause === undefined ? undefined : storageFailure(cause);
}
