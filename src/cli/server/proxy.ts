import type { Agent, ClientRequest } from "node:http";
import type { Env } from "#cli/server/settings.js";
import { UsageError } from "#cli/terminal/failure.js";
import { NetworkError } from "#client/errors.js";

const loopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The proxy by which a URL is reached: `HTTPS_PROXY` or `HTTP_PROXY` by its scheme, unless `NO_PROXY` names its host.
 * Of upper and lower case the lower counts first, as with curl. This machine is always reached directly.
 *
 * @returns undefined when there is none. SECRET: it may hold a password
 * @throws UsageError when the variable holds no URL of an HTTP proxy
 */
export function proxyFor(url: URL, env: Env): URL | undefined {
  const isSecure = url.protocol === "https:";
  const text = (isSecure ? env.https_proxy || env.HTTPS_PROXY : env.http_proxy || env.HTTP_PROXY)?.trim();
  const noProxy = env.no_proxy || env.NO_PROXY || "";
  if (!text || loopback.test(url.hostname) || isExempt(url, noProxy)) return undefined;
  const withScheme = text.includes("://") ? text : `http://${text}`;
  const proxy = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (proxy && /^https?:$/.test(proxy.protocol)) return proxy;
  throw new UsageError(
    `${isSecure ? "HTTPS_PROXY" : "HTTP_PROXY"} must look like http://proxy.example.com:3128.`,
  );
}

/**
 * `*`, or hosts by commas: each means itself and what lies below it, with a port only that port. A dot or `*.` in
 * front changes nothing.
 */
function isExempt({ hostname, port, protocol }: URL, noProxy: string): boolean {
  const host = hostname.replace(/^\[|\]$|\.$/g, "");
  const used = port || (protocol === "https:" ? "443" : "80");
  return noProxy.split(/[\s,]+/).some((entry) => {
    if (entry === "" || entry === "*") return entry === "*";
    // An IPv6 address without brackets has colons of its own, and no port.
    const [, bracketed, plain, only] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
    const name = (bracketed ?? plain ?? entry)
      .toLowerCase()
      .replace(/^\*?\./, "")
      .replace(/\.$/, "");
    if (only !== undefined && only !== used) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}

/**
 * Loaded only where there is a proxy: most starts have none.
 *
 * @param signal drops all connections, also those that the proxy has not let through yet
 */
export async function proxyAgent(
  proxy: URL,
  isSecure: boolean,
  options: { keepAlive: boolean; signal: AbortSignal },
): Promise<Agent> {
  if (!isSecure) return new (await import("http-proxy-agent")).HttpProxyAgent(proxy, options);
  return new (await import("https-proxy-agent")).HttpsProxyAgent(proxy, options);
}

/**
 * Fails the request when the proxy answers in place of the server, so that nobody takes that for the server's answer.
 */
export function watchProxy(outgoing: ClientRequest, isSecure: boolean): void {
  outgoing.on("proxyConnect", ({ statusCode }: { statusCode: number }) => {
    if (isSecure && statusCode !== 200) outgoing.destroy(new ProxyRefusal(statusCode));
  });
  outgoing.prependListener("response", ({ statusCode }) => {
    if (statusCode === 407) outgoing.destroy(new ProxyRefusal(407));
  });
}

/** A proxy that answered, and let nothing through. */
class ProxyRefusal extends Error {
  constructor(status: number) {
    const why = status === 407 ? "it wants a user name and a password (HTTP 407)" : `it answered ${status}`;
    super(why);
    this.name = "ProxyRefusal";
  }
}

/** Names the proxy as well, without its password: the cause may lie with either. */
export function proxyError(url: string, proxy: URL, cause: Error): NetworkError {
  if (cause instanceof NetworkError) return cause;
  const code = (cause as NodeJS.ErrnoException).code;
  const why = cause instanceof ProxyRefusal ? cause.message : (code ?? cause.message);
  const message = `${new URL(url).origin} could not be reached through the proxy ${proxy.host}: ${why}. Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY.`;
  // A proxy that is away says nothing about the server: its code is not that of one.
  return new NetworkError(message, { cause });
}
