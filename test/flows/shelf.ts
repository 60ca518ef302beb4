import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { closeServer, listen } from "#support/loopback.js";

export interface Arrived {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** A service that answers with what arrived; below `/away` it sends elsewhere, as `?to=` says. */
export async function startShelf() {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "" } = request;
    const body = (await buffer(request)).toString();
    const seen = { method, url, headers: request.headers as Record<string, string>, body };
    arrived.push(seen);
    const { pathname, searchParams } = new URL(url, "http://shelf.localhost");
    if (pathname.endsWith("/me") || pathname === "/acme/json")
      return void json(response, 200, { id: 1, name: "Reader" });
    if (pathname.endsWith("/away")) {
      return void response.writeHead(307, { location: searchParams.get("to") ?? "/" }).end();
    }
    if (pathname.endsWith("/refuse")) return void json(response, 422, { message: "no" });
    if (pathname.endsWith("/denied")) return void json(response, 401, { message: "a JWT is wanted" });
    if (pathname.endsWith("/bytes")) {
      return void response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from([0x89, 0xff, 0]));
    }
    json(response, 200, seen);
  });
  return { url: await listen(server), arrived, close: () => closeServer(server) };
}

function json(response: import("node:http").ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
