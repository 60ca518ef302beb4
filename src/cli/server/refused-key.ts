import type { Settings } from "#cli/server/settings.js";
import { readText } from "#client/client.js";
import type { TransportReply } from "#client/transport.js";
import type { ErrorBody } from "#core/errors.js";

/** Error codes of the server for a key that is not valid, or not any more. */
const refusals: readonly unknown[] = [
  "unauthorized",
  "api_key_invalid",
  "api_key_revoked",
  "api_key_expired",
] satisfies ErrorBody["error"][];

export function isRefusedKey({ error }: ErrorBody): boolean {
  return refusals.includes(error);
}

/** The transport, with the refusal of a key extended by how to get a good one. */
export function explainRefusedKey<Request>(
  send: (request: Request) => Promise<TransportReply>,
  { logIn }: Pick<Settings, "logIn">,
): (request: Request) => Promise<TransportReply> {
  return async (request) => {
    const reply = await send(request);
    return reply.status === 401 ? explained(reply, logIn) : reply;
  };
}

async function explained(reply: TransportReply, logIn: string | undefined): Promise<TransportReply> {
  const text = await readText(reply);
  const body = bodyOf(text);
  if (!body || !isRefusedKey(body) || body.next) return { ...reply, body: bytes(text) };
  return { ...reply, body: bytes(JSON.stringify({ ...body, ...wayOut(body, logIn) })) };
}

/** With a key from the environment, logging in would change nothing. */
function wayOut({ message }: ErrorBody, logIn: string | undefined): Partial<ErrorBody> {
  if (logIn === undefined)
    return {
      message: `${message} It is from SKILLETT_API_KEY: set that to a good one, or unset it and run \`skillett login\`.`,
    };
  return { next: [logIn] };
}

function bodyOf(text: string): ErrorBody | undefined {
  try {
    const body = JSON.parse(text) as Partial<ErrorBody> | null;
    return typeof body?.message === "string" ? (body as ErrorBody) : undefined;
  } catch {
    // Some other server or a proxy spoke: the client says so.
    return undefined;
  }
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
