/** The file system that isomorphic-git needs. */
type FileSystem = Record<
  | "readFile"
  | "writeFile"
  | "mkdir"
  | "rmdir"
  | "unlink"
  | "stat"
  | "lstat"
  | "readdir"
  | "readlink"
  | "symlink",
  // biome-ignore lint/suspicious/noExplicitAny: the library hands on what Node's own would take
  (...args: any[]) => Promise<any>
>;

/** A file system in memory, for one repository that is read and forgotten. It has no links. */
export function createMemoryFiles(): { promises: FileSystem } {
  const files = new Map<string, Buffer>();
  const fail = (code: string, path: string) => Object.assign(new Error(`${code}: ${path}`), { code });
  const below = (path: string) => [...files.keys()].filter((file) => file.startsWith(`${path}/`));

  async function stat(path: string) {
    const file = files.get(path);
    if (!file && below(path).length === 0) throw fail("ENOENT", path);
    const facts = {
      size: file?.length ?? 0,
      mode: 0o644,
      mtimeMs: 0,
      ctimeMs: 0,
      uid: 0,
      gid: 0,
      ino: 0,
      dev: 0,
    };
    return {
      ...facts,
      isFile: () => file !== undefined,
      isDirectory: () => !file,
      isSymbolicLink: () => false,
    };
  }
  const noLinks = (path: string) => Promise.reject(fail("EINVAL", path));

  return {
    promises: {
      async readFile(path: string, options?: { encoding?: BufferEncoding } | BufferEncoding) {
        const file = files.get(path);
        if (!file) throw fail(below(path).length > 0 ? "EISDIR" : "ENOENT", path);
        const encoding = typeof options === "string" ? options : options?.encoding;
        return encoding ? file.toString(encoding) : file;
      },
      async writeFile(path: string, data: string | Uint8Array) {
        files.set(
          path,
          typeof data === "string"
            ? Buffer.from(data)
            : Buffer.from(data.buffer, data.byteOffset, data.byteLength),
        );
      },
      // Folders are where files are.
      mkdir: async () => {},
      rmdir: async () => {},
      async unlink(path: string) {
        if (!files.delete(path)) throw fail("ENOENT", path);
      },
      stat,
      lstat: stat,
      async readdir(path: string) {
        const names = below(path).map((file) => file.slice(path.length + 1).split("/")[0]!);
        if (names.length === 0) throw fail("ENOENT", path);
        return [...new Set(names)];
      },
      readlink: noLinks,
      symlink: noLinks,
    },
  };
}
