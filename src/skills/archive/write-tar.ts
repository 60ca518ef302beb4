import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { packTar } from "modern-tar";
import type { SkillFile } from "#skills/format/skill-folder.js";

const compress = promisify(gzip);

/** The files at the root of an archive; the same bytes for the same files, whenever it is made. */
export async function writeTarGz(files: SkillFile[]): Promise<Buffer> {
  const mtime = new Date(0);
  const tar = await packTar(
    files.map(({ path, bytes, executable }) => ({
      header: {
        name: path,
        size: bytes.length,
        mtime,
        mode: executable ? 0o755 : 0o644,
        type: "file" as const,
      },
      body: bytes,
    })),
  );
  return compress(tar);
}
