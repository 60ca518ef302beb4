import { exitCodes, exitOfStatus } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";
import { tell, warn } from "#cli/terminal/report.js";
import { readText } from "#client/client.js";
import { NetworkError } from "#client/errors.js";
import type { TransportReply } from "#client/transport.js";
import { accountOf } from "#core/account-header.js";
import { parseAnswer } from "#core/answer-json.js";
import { type Picked, parseFields, pick } from "#core/fields.js";
import { compact, findMember, isDeeperThan, replaceSpan } from "#core/json-text.js";

/** The integration, and the endpoint or request of it, for words about its answer. */
export interface Called {
  integration: string;
  endpoint: string;
}

/**
 * Prints the answer to a call and gives the exit code. Without `fields` the bytes pass as they come; only their
 * beginning is read, which says how the call ended. A refusal is never cut down to fields.
 */
export async function printReply(
  reply: TransportReply,
  called: Called,
  fields: string | undefined,
  host: Host,
) {
  tellAccount(reply.headers, host);
  const opening = await readOpening(reply.body);
  const { status, refused } = beginningOf(opening.text);
  if (fields !== undefined && (status ?? 200) < 400 && !refused) {
    const answer = await readText({ ...reply, body: opening.body });
    await printFields(host, answer, fields);
  } else {
    await printBody(host, opening.body);
  }
  if (status === undefined) return exitCodes.ok;
  if (status >= 400 || refused) tell(host, explainStatus(called, status, refused), []);
  return status < 400 && refused ? exitCodes.refused : exitOfStatus(status);
}

/** Names the account that was used, for people with several. */
export function tellAccount(headers: TransportReply["headers"], host: Host): void {
  const account = accountOf(headers);
  // A name comes from the service: it must not write on the terminal what it likes.
  if (account !== undefined)
    host.stderr.write(`Account: ${account.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, "\uFFFD")}\n`);
}

function explainStatus({ integration, endpoint }: Called, status: number, refused: boolean): string {
  const what = `${integration} answered ${status} to ${endpoint}`;
  return status < 400 && refused ? `${what}, and refused it: see refused.message.` : `${what}.`;
}

/** The call was made, so its answer is not lost: one that is nested too deep to be laid out is printed on one line. */
async function printFields(host: Host, answer: string, fields: string): Promise<void> {
  const { json, warning } = onlyFields(answer, fields);
  if (isDeeperThan(json, maxLaidOutDepth)) await printBody(host, [Buffer.from(json)]);
  else await printJson(host, parseAnswer(json));
  if (warning !== undefined) warn(host, warning);
}

/** Laying out takes stack by depth. */
const maxLaidOutDepth = 500;

function onlyFields(text: string, fields: string): Picked {
  // Throws when the text is not JSON.
  JSON.parse(text);
  const answer = compact(text);
  const data = findMember(answer, "data");
  if (!data) return { json: answer, warning: undefined };
  const { json, warning } = pick(answer.slice(data.from, data.to), parseFields(fields));
  return { json: replaceSpan(answer, data, json), warning };
}

/** Bytes that surely hold the status, which an answer begins with. */
const openingBytes = 64;

async function readOpening(body: AsyncIterable<Uint8Array>) {
  const chunks = body[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let size = 0;
  while (size < openingBytes) {
    const { value, done } = await chunks.next();
    if (done) break;
    held.push(value);
    size += value.length;
  }
  async function* whole() {
    yield* held;
    yield* { [Symbol.asyncIterator]: () => chunks };
  }
  return { text: Buffer.concat(held).toString(), body: whole() };
}

interface Beginning {
  /** HTTP status of the service's answer; undefined for a dry run, which asked nobody. */
  status?: number;
  /** The service refused although its status does not say so. */
  refused: boolean;
}

function beginningOf(opening: string): Beginning {
  const [, status, refused] = /^\s*\{\s*"status"\s*:\s*(\d{3})\b(\s*,\s*"refused")?/.exec(opening) ?? [];
  if (status !== undefined) return { status: Number(status), refused: refused !== undefined };
  if (/^\s*\{\s*"dry_run"\s*:\s*true\b/.test(opening)) return { refused: false };
  throw new NetworkError(
    "The server's answer does not begin with a status. Are server and CLI of the same version?",
  );
}
