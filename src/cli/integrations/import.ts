import type { Command } from "commander";
import { collect, examples, type Profiled, profiled } from "#cli/command-parts.js";
import { fetchText } from "#cli/integrations/fetch-text.js";
import { type ImportReply, importSummary } from "#cli/integrations/import-summary.js";
import { type ImportSource, readBeneath, readSource } from "#cli/integrations/read-source.js";
import { openSession, type Session } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson, printText } from "#cli/terminal/output.js";
import { ApiError } from "#client/errors.js";
import type { Contract } from "#contract/contract.js";
import type { CallInput, OutgoingFile } from "#contract/io.js";

type Query = NonNullable<CallInput<Contract["importIntegration"]>["query"]>;

export interface ImportOptions extends Profiled {
  slug?: string;
  tag?: string[];
  operation?: string[];
  baseUrl?: string;
  overlay?: boolean;
  dryRun?: boolean;
  remoteRefs?: boolean;
}

export function addImport(group: Command, host: Host): void {
  profiled(group.command("import"))
    .summary("Import an integration from an OpenAPI document or another description, or from a folder")
    .description(
      "Import an integration: from the description of an API (OpenAPI 3, Swagger 2, Google discovery, GraphQL; JSON or " +
        "YAML), or from a folder of text. What writes is off until you switch it on. An import anew shows what differs.",
    )
    .argument("<source>", "a file, a folder, a URL, or - for stdin")
    .option("--slug <name>", "name of the integration (made of the title; of a folder, its name)")
    .option("--tag <tag>", "only operations with this tag; may be repeated", collect)
    .option("--operation <id>", "only this operation, by its operationId; may be repeated", collect)
    .option("--base-url <url>", "where requests go, in place of the server that the description names")
    .option("--overlay", "the folder refines what was imported before")
    .option("--remote-refs", "fetch documents on the web that the description refers to")
    .option("--dry-run", "show what would happen, and store nothing")
    .addHelpText(
      "after",
      examples(
        "skillett integrations import openapi.yaml",
        "skillett integrations import https://api.acme.example/openapi.json --slug acme",
        "skillett integrations import openapi.yaml --tag Orders --tag Customers --dry-run",
        "skillett integrations import ./acme",
      ),
    )
    .action((source: string, options: ImportOptions) => importSource(source, options, host));
}

/** `skillett integrations import <source>` */
export async function importSource(source: string, options: ImportOptions, host: Host): Promise<void> {
  const read = await readSource(source, host);
  const reply = await send(read, options, openSession(host, options.profile), host);
  if (host.stdout.isTTY) await printText(host, importSummary(reply, options.dryRun ?? false));
  else await printJson(host, reply);
}

/** Hands it over; documents that the description refers to go with it, once the server has named them. */
export async function send(
  source: ImportSource,
  options: ImportOptions,
  session: Session,
  host: Host,
): Promise<ImportReply> {
  const query: Query = {
    slug: options.slug ?? (source.kind === "folder" ? source.name : undefined),
    base_url: options.baseUrl,
    tag: options.tag,
    operation: options.operation,
    overlay: options.overlay,
    dry_run: options.dryRun,
  };
  if (source.kind === "folder")
    return post(session, { ...query, content: "folder" }, { files: source.files });
  const documents: Record<string, string> = {};
  const withPlace = source.fetchedFrom === null ? query : { ...query, fetched_from: source.fetchedFrom };
  for (;;) {
    const isAlone = Object.keys(documents).length === 0;
    try {
      if (isAlone) return await post(session, withPlace, source.text);
      const body = { description: source.text, documents };
      return await post(session, { ...withPlace, content: "documents" }, body);
    } catch (error) {
      const needed = neededBy(error).filter((address) => !Object.hasOwn(documents, address));
      if (needed.length === 0) throw error;
      for (const address of needed) documents[address] = await readDocument(address, source, options, host);
    }
  }
}

async function post({ client, signal }: Session, query: Query, body: string | object): Promise<ImportReply> {
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const upload: OutgoingFile = {
    mediaType: "application/octet-stream",
    length: bytes.length,
    bytes: (async function* () {
      yield bytes;
    })(),
  };
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  return client.importIntegration({ query: given, upload, signal });
}

/** Addresses of documents that the server needs to go on. */
function neededBy(error: unknown): string[] {
  if (!(error instanceof ApiError)) return [];
  return (error.body.issues ?? []).flatMap(({ at }) =>
    at.startsWith("documents.") ? [at.slice("documents.".length)] : [],
  );
}

async function readDocument(
  address: string,
  { folder }: Extract<ImportSource, { kind: "description" }>,
  { remoteRefs = false }: ImportOptions,
  host: Host,
): Promise<string> {
  if (!/^https?:/i.test(address)) {
    if (folder !== null) return readBeneath(folder, address);
    throw new UsageError(
      `The description refers to the file ${address}, and came without a folder: import it from its file.`,
    );
  }
  if (remoteRefs) return (await fetchText(address, host)).text;
  throw new UsageError(
    `The description refers to ${address}. Such documents are fetched with --remote-refs only: their addresses are the description's choice.`,
  );
}
