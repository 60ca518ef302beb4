import type { Command } from "commander";
import { examples, integer, type Profiled, profiled } from "#cli/command-parts.js";
import { download, freePath, localFile, upload } from "#cli/files/transfer.js";
import { openSession } from "#cli/server/session.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";

/** Files that are handed over, and sent on by their handle. */
export function addFiles(program: Command, host: Host): void {
  const group = profiled(program.command("files"))
    .summary("Hand over files, and fetch those that services have answered with")
    .description("List your files, newest first. Each is kept for a day.")
    .option("--limit <count>", "how many, up to 200 (50)", integer(1, 200))
    .option("--cursor <cursor>", "`next_cursor` of the page before")
    .addHelpText(
      "after",
      examples(
        "skillett files upload report.pdf",
        "skillett run gmail create_draft --to ada@example.com --attachments file_…",
        "skillett files download file_… report.pdf",
      ),
    )
    .action(async ({ limit, cursor, profile }: Page & Profiled) => {
      const { client, signal } = openSession(host, profile);
      const query = {
        ...(limit === undefined ? {} : { limit }),
        ...(cursor === undefined ? {} : { cursor }),
      };
      await printJson(host, await client.listFiles({ query, signal }));
    });

  addUpload(group, host);
  addDownload(group, host);
  profiled(group.command("delete"))
    .description("Delete a file before its day is over.")
    .argument("<id>", "file_…")
    .action(async (id: string, options: Profiled) => {
      const { client, signal } = openSession(host, options.profile);
      await client.deleteFile({ params: { id }, signal });
      await printJson(host, { deleted: id });
    });
}

function addUpload(group: Command, host: Host): void {
  profiled(group.command("upload"))
    .description("Hand over a file, and print its handle.")
    .argument("<file>", "a path, or - for stdin")
    .option("--name <name>", "what it is called; else as it is here")
    .option("--type <media type>", "such as application/pdf; else by its name")
    .action(async (source: string, options: { name?: string; type?: string } & Profiled) => {
      const file = localFile(source, "skillett files upload", host);
      await printJson(host, { file: await upload(openSession(host, options.profile), file, host, options) });
    });
}

function addDownload(group: Command, host: Host): void {
  profiled(group.command("download"))
    .description("Save a file.")
    .argument("<id>", "file_…")
    .argument("[path]", "where to; else its own name, here")
    .option("--clobber", "replace what is there")
    .action(async (id: string, target: string | undefined, options: { clobber?: boolean } & Profiled) => {
      const session = openSession(host, options.profile);
      const { file } = await session.client.getFile({ params: { id }, signal: session.signal });
      const path = freePath(target ?? file.name, options.clobber ?? false, host);
      await download(session, file, path);
      await printJson(host, { file, path });
    });
}

interface Page {
  limit?: number;
  cursor?: string;
}
