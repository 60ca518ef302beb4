import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A service that takes files and gives them back. What it is sent is kept as a hash, or whole below a megabyte. */

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage["headers"];
  size: number;
  sha256: string;
  body: Buffer;
}

export interface Depot {
  url: string;
  /** All requests so far but those for the account. */
  received: Received[];
  /** Answers the next request instead of the usual answer. */
  next(answer: (request: IncomingMessage, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

/** Accounts of this service, and of those in whose place it stands. */
const accounts: Record<string, object> = {
  "/me": { id: 1, name: "ada" },
  "/gmail/v1/users/me/profile": { emailAddress: "ada@example.com" },
  "/user": { id: 1, login: "ada" },
  "/auth.test": { ok: true, team_id: "T1", user_id: "U1", user: "ada", team: "acme" },
};

export async function startDepot(): Promise<Depot> {
  const received: Received[] = [];
  const planned: Parameters<Depot["next"]>[0][] = [];
  const server = createServer(async (request, response) => {
    const account = accounts[request.url!];
    if (account)
      return void response.setHeader("content-type", "application/json").end(JSON.stringify(account));
    const answer = planned.shift();
    if (answer) return answer(request, response);
    const one = await receive(request).catch(() => undefined);
    if (!one) return;
    received.push(one);
    const { size, sha256 } = one;
    response.setHeader("content-type", "application/json").end(JSON.stringify({ size, sha256 }));
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    next: (answer) => void planned.push(answer),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export async function receive(request: IncomingMessage): Promise<Received> {
  const hash = createHash("sha256");
  const whole = Number(request.headers["content-length"]) < 1_000_000;
  let size = 0;
  const body: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
    if (whole) body.push(chunk);
  }
  const { method = "", url: path = "", headers } = request;
  return { method, path, headers, size, sha256: hash.digest("hex"), body: Buffer.concat(body) };
}

/** Reads a request to its end. */
export const readAll = (request: IncomingMessage) => buffer(request);
