import type { LookupAddress } from "node:dns";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP, isIPv6, type LookupFunction, type Socket } from "node:net";
import { buildConnector } from "undici";

export interface TunnelOptions {
  /** SECRET: `http://` or `https://`, perhaps with a user name and a password. */
  proxy: URL;
  /** Resolves names. The proxy gets an address, so that it cannot resolve a name differently. */
  lookup: LookupFunction;
  /** For each of: reaching the proxy and being let through, and TLS with the server. */
  timeoutMs: number;
}

/** The egress proxy could not be reached, or lets nothing through: the server behind it has seen nothing. */
export class EgressProxyError extends Error {
  readonly code = "ERR_EGRESS_PROXY";
}

/**
 * Connects through an HTTP proxy, with and without TLS, always by CONNECT. TLS is with the server, by its name: the
 * proxy sees an address and nothing else.
 *
 * @see RFC 9110 §9.3.6
 */
export function createTunnel({ proxy, lookup, timeoutMs }: TunnelOptions): buildConnector.connector {
  const startTls = buildConnector({ timeout: timeoutMs });

  async function open(hostname: string, port: number): Promise<Socket> {
    const host = hostname.replace(/^\[|\]$/g, "");
    const addresses = isIP(host) ? [host] : await resolve(lookup, host);
    let failure: unknown;
    for (const address of addresses) {
      try {
        return await connectThrough(
          proxy,
          isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`,
          timeoutMs,
        );
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  return (options, callback) => {
    const isSecure = options.protocol === "https:";
    open(options.hostname, Number(options.port || (isSecure ? 443 : 80))).then(
      (httpSocket) =>
        isSecure ? startTls({ ...options, httpSocket }, callback) : callback(null, httpSocket),
      (error) => callback(error, null),
    );
  };
}

function resolve(lookup: LookupFunction, host: string): Promise<string[]> {
  return new Promise((done, failed) => {
    lookup(host, { all: true }, (error, found) => {
      if (error) failed(error);
      else done((found as LookupAddress[]).map(({ address }) => address));
    });
  });
}

function connectThrough(proxy: URL, authority: string, timeoutMs: number): Promise<Socket> {
  const { protocol, hostname, port, username, password, host } = proxy;
  const isSecure = protocol === "https:";
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const credentials = Buffer.from(user).toString("base64");
  return new Promise((done, failed) => {
    const request = (isSecure ? httpsRequest : httpRequest)({
      host: hostname.replace(/^\[|\]$/g, ""),
      port: port || (isSecure ? 443 : 80),
      method: "CONNECT",
      path: authority,
      agent: false,
      timeout: timeoutMs,
      headers: {
        host: authority,
        ...(username || password ? { "proxy-authorization": `Basic ${credentials}` } : {}),
      },
    });
    const fail = (why: string, cause?: unknown) => {
      failed(new EgressProxyError(`The egress proxy ${host} ${why}.`, { cause }));
      request.destroy();
    };
    request.on("connect", ({ statusCode }: IncomingMessage, socket: Socket, head: Buffer) => {
      if (statusCode !== 200) {
        socket.destroy();
        return fail(`answered ${statusCode}`);
      }
      socket.setTimeout(0);
      if (head.length > 0) socket.unshift(head);
      return done(socket);
    });
    request.on("response", ({ statusCode }) => fail(`answered ${statusCode}`));
    request.on("timeout", () => fail("did not answer in time"));
    request.on("error", (error: NodeJS.ErrnoException) =>
      fail(`could not be reached (${error.code ?? error.message})`, error),
    );
    request.end();
  });
}
