import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, isIP, type Socket } from "node:net";
import { closeServer, listen } from "#support/loopback.js";

/** An HTTP proxy on loopback, as companies have one. */
export interface ProxyStandIn {
  /** With user name and password, where it wants them. */
  url: string;
  /** What it was asked for, in order: `CONNECT host:port`, or `GET http://…`. */
  asked: string[];
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** `user:password` that must come along. */
  credentials?: string;
  /** Lets nothing through that is named by a name. */
  addressesOnly?: boolean;
  /** Where connections really go; to where they are meant to, when left out. */
  route?: (host: string, port: number) => { host: string; port: number };
}

/** Nothing listens at this address: who is asked there was asked by a proxy with the route `throughProxy`. */
export const beyondProxy = "127.0.0.9";
export const throughProxy: NonNullable<ProxyOptions["route"]> = (host, port) => ({
  host: host === beyondProxy ? "127.0.0.1" : host,
  port,
});

export async function startProxy(options: ProxyOptions = {}): Promise<ProxyStandIn> {
  const { credentials, addressesOnly = false, route = (host, port) => ({ host, port }) } = options;
  const asked: string[] = [];
  const tunnels = new Set<Socket>();
  const server = createServer();

  function refusal(request: IncomingMessage, host: string): 403 | 407 | undefined {
    const given = request.headers["proxy-authorization"];
    const wanted = credentials && `Basic ${Buffer.from(credentials).toString("base64")}`;
    if (wanted && given !== wanted) return 407;
    return addressesOnly && isIP(host.replace(/^\[|\]$/g, "")) === 0 ? 403 : undefined;
  }

  server.on("request", (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? "");
    const refused = refusal(request, url.hostname);
    if (refused) return response.writeHead(refused).end("no");
    const { host, port } = route(url.hostname, Number(url.port || 80));
    const { "proxy-authorization": _, "proxy-connection": _kept, ...headers } = request.headers;
    const path = url.pathname + url.search;
    const onward = httpRequest({ host, port, path, method: request.method ?? "GET", headers, agent: false });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.writeHead(502).end());
    return request.pipe(onward);
  });

  server.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    asked.push(`CONNECT ${request.url}`);
    socket.on("error", () => {});
    const [, name = "", port = ""] = /^(.*):(\d+)$/.exec(request.url ?? "") ?? [];
    const refused = refusal(request, name);
    if (refused) return socket.end(`HTTP/1.1 ${refused} No\r\ncontent-length: 2\r\n\r\nno`);
    const onward = connect(route(name.replace(/^\[|\]$/g, ""), Number(port)));
    for (const one of [socket, onward]) {
      tunnels.add(one);
      one.on("close", () => tunnels.delete(one));
    }
    onward.on("connect", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    return onward.on("error", () => socket.end("HTTP/1.1 502 Bad gateway\r\n\r\n"));
  });

  const url = new URL(await listen(server));
  if (credentials) [url.username, url.password] = credentials.split(":") as [string, string];
  return {
    url: url.href.replace(/\/$/, ""),
    asked,
    close: async () => {
      for (const tunnel of tunnels) tunnel.destroy();
      await closeServer(server);
    },
  };
}
