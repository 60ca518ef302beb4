import { parse } from "lossless-json";
import type { EndpointPage } from "#cli/endpoint-help.js";
import { exitCodes, exitOfStatus } from "#cli/failure.js";
import type { Host } from "#cli/host.js";
import { printBody, printJson } from "#cli/output.js";
import { tell, warn } from "#cli/report.js";
import { readText } from "#client/client.js";
import { NetworkError } from "#client/errors.js";
import type { TransportReply } from "#client/transport.js";
import { type Picked, parseFields, pick } from "#core/fields.js";
import { compact, findMember, replaceSpan } from "#core/json-text.js";

/**
 * Prints the answer to a call and gives the exit code. Without `fields` the bytes pass as they come;
 * only the status is read, from their beginning. An answer of 400 and above is never cut down to fields.
 */
export async function printReply(
  reply: TransportReply,
  page: EndpointPage,
  fields: string | undefined,
  host: Host,
) {
  const opening = await readOpening(reply.body);
  const status = statusOf(opening.text);
  if (fields !== undefined && (status ?? 200) < 400) {
    const answer = await readText({ ...reply, body: opening.body });
    const { json, warning } = onlyFields(answer, fields);
    await printJson(host, parse(json));
    if (warning !== undefined) warn(host, warning);
  } else {
    await printBody(host, opening.body);
  }
  if (status === undefined) return exitCodes.ok;
  if (status >= 400) tell(host, `${page.integration} answered ${status} to ${page.endpoint}.`, []);
  return exitOfStatus(status);
}

function onlyFields(text: string, fields: string): Picked {
  // Throws at what is no JSON.
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

/** HTTP status of the service's answer; undefined for a dry run, which asked nobody. */
function statusOf(opening: string): number | undefined {
  const status = /^\s*\{\s*"status"\s*:\s*(\d{3})\b/.exec(opening)?.[1];
  if (status !== undefined) return Number(status);
  if (/^\s*\{\s*"dry_run"\s*:\s*true\b/.test(opening)) return undefined;
  throw new NetworkError(
    "The server's answer does not begin with a status. Are server and CLI of the same version?",
  );
}
