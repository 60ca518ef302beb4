import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { text as readAll } from "node:stream/consumers";
import type { Reply } from "#support/skillett.js";

/** Sends a request as it is told to: unlike `fetch`, nothing of the path or the headers is put in order first. */
export async function sendRequest(
  url: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Uint8Array | undefined,
): Promise<Reply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const request = httpRequest({
      hostname,
      port,
      method,
      path,
      agent: false,
      headers: { ...length, ...headers },
    });
    request.on("response", (response) => {
      readAll(response).then(
        (text) => resolve(toReply(response.statusCode ?? 0, Object.entries(response.headersDistinct), text)),
        reject,
      );
    });
    // A server that refuses a body may close before it has read all of it.
    request.on("error", (error) => reject(error));
    request.end(body);
  });
}

/** Sends bytes that no HTTP client would, and reads until the server closes. */
export async function sendBytes(url: string, bytes: string): Promise<Reply> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.write(Buffer.from(bytes, "latin1"));
  const [head = "", ...rest] = (await readAll(socket)).split("\r\n\r\n");
  const [line = "", ...fields] = head.split("\r\n");
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(":");
    return [field.slice(0, colon), field.slice(colon + 1).trim()];
  });
  return toReply(Number(line.split(" ")[1]), headers, rest.join("\r\n\r\n"));
}

function toReply(status: number, fields: [string, string | string[] | undefined][], text: string): Reply {
  const headers = new Headers();
  for (const [name, value] of fields) headers.set(name, [value].flat().join(", "));
  return { status, headers, text, json: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
