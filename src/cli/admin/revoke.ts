import type { Command } from "commander";
import { days, examples } from "#cli/command-parts.js";
import { openSession, type Session } from "#cli/server/session.js";
import { exitCodes, UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printJson } from "#cli/terminal/output.js";
import { createProgress } from "#cli/terminal/progress.js";
import { confirm } from "#cli/terminal/prompt.js";
import { tell } from "#cli/terminal/report.js";
import type { Client } from "#client/client.js";
import { ApiError, NetworkError } from "#client/errors.js";

export function addRevoke(admin: Command, host: Host, exit: (code: number) => void): void {
  admin
    .command("revoke")
    .summary("Disconnect many accounts at once")
    .description(
      "Disconnect all accounts that fit, whoever they belong to. Give at least one of the filters.",
    )
    .option("--integration <slug>", "accounts of this integration")
    .option("--older-than <time>", "accounts not used for so long: 90d, 12w, 1y", days)
    .option("--profile <person>", "accounts of this person: id or email")
    .option("--dry-run", "only show which accounts fit")
    .option("--yes", "do not ask")
    .addHelpText(
      "after",
      examples(
        "skillett admin revoke --older-than 90d --dry-run",
        "skillett admin revoke --integration github --profile ada@example.com",
      ),
    )
    .action(async (options: RevokeOptions) => exit(await revoke(options, host)));
}

export interface RevokeOptions {
  integration?: string;
  /** In days. */
  olderThan?: number;
  /** The person whose connections are revoked: id or email. */
  profile?: string;
  dryRun?: boolean;
  yes?: boolean;
}

type Connection = Awaited<ReturnType<Client["listConnections"]>>["connections"][number];

interface Outcome {
  revoked: number;
  not_revoked: { connection_id: string; account: string; message: string | undefined }[];
  failed: { connection_id: string; account: string; message: string }[];
}

/** More would push what matters off the screen. */
const shownAtMost = 20;

/** `skillett admin revoke`: disconnects all connections that fit, one by one. */
export async function revoke(options: RevokeOptions, host: Host): Promise<number> {
  const { integration, olderThan, profile, dryRun, yes } = options;
  if (integration === undefined && olderThan === undefined && profile === undefined) {
    throw new UsageError("Which connections? Give --integration, --older-than or --profile.", [
      "skillett admin revoke --older-than 90d --dry-run",
    ]);
  }
  if (!dryRun && !yes && !host.stdin().isTTY)
    throw new UsageError("Without a terminal nobody can be asked: give --yes, or --dry-run to look first.");
  const session = openSession(host, undefined);
  const { connections } = await session.client.listConnections({
    query: { everyone: true, integration, unused_days: olderThan, profile },
    signal: session.signal,
  });
  showConnections(connections, host);
  if (dryRun) {
    await printJson(host, { dry_run: true, connections });
    return exitCodes.ok;
  }
  if (connections.length > 0 && !yes && !(await confirm(host, "Disconnect all of them?"))) {
    host.stderr.write("Nothing was disconnected.\n");
    return exitCodes.refused;
  }
  return disconnectAll(connections, session, host);
}

function showConnections(connections: Connection[], host: Host): void {
  const lines = connections
    .slice(0, shownAtMost)
    .map(
      ({ id, integration, account, profile_id, last_used_at }) =>
        `  ${id}  ${integration}: ${account}  (of ${profile_id}, ${last_used_at ? `last used ${last_used_at}` : "never used"})\n`,
    );
  const hidden = connections.length - lines.length;
  const count = connections.length === 1 ? "1 connection fits" : `${connections.length} connections fit`;
  host.stderr.write(`${count}${lines.length > 0 ? ":" : "."}\n${lines.join("")}`);
  if (hidden > 0) host.stderr.write(`  … and ${hidden} more (--dry-run prints all)\n`);
}

/** Goes on after a failure. At Ctrl-C it tells how far it came, and stops. */
async function disconnectAll(connections: Connection[], session: Session, host: Host): Promise<number> {
  const { signal } = session;
  const progress = createProgress(host);
  const outcome: Outcome = { revoked: 0, not_revoked: [], failed: [] };
  let code: number = exitCodes.ok;
  for (const [at, connection] of connections.entries()) {
    progress.show(`${at + 1}/${connections.length} ${connection.integration}: ${connection.account}`);
    const own = await disconnectOne(connection, session, outcome);
    if (signal.aborted) break;
    code = Math.max(code, own);
  }
  progress.clear();
  await printJson(host, outcome);
  const done = outcome.revoked + outcome.not_revoked.length;
  const sum = `${done} of ${connections.length} disconnected`;
  if (signal.aborted) {
    host.stderr.write(`Stopped: ${sum}. Running it again goes on.\n`);
    return exitCodes.interrupted;
  }
  const [failure] = outcome.failed;
  if (failure) tell(host, `${sum}; ${failure.connection_id}: ${failure.message}`, []);
  else host.stderr.write(`${sum}.\n`);
  return code;
}

/** Adds to the outcome, unless Ctrl-C came first; gives the exit code. */
async function disconnectOne(
  { id, account }: Connection,
  session: Session,
  outcome: Outcome,
): Promise<number> {
  const { client, signal } = session;
  const entry = { connection_id: id, account };
  try {
    const { revoked, message } = await client.disconnect({ params: { connectionId: id }, signal });
    if (revoked) outcome.revoked++;
    else outcome.not_revoked.push({ ...entry, message });
    return exitCodes.ok;
  } catch (error) {
    const isAnswer = error instanceof ApiError;
    if (!isAnswer && !(error instanceof NetworkError) && !signal.aborted) throw error;
    if (!signal.aborted) outcome.failed.push({ ...entry, message: (error as Error).message });
    return isAnswer && error.status < 500 ? exitCodes.refused : exitCodes.unavailable;
  }
}
