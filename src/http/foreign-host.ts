import type { FastifyRequest } from "fastify";
import { SkillettError } from "#core/errors.js";

const loopback = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Refuses a request that names another host than ours, or comes from a page of another site.
 *
 * @see MCP 2026-07-28, Streamable HTTP, Security Warning
 */
export function refuseForeignHost(
  { headers, host }: Pick<FastifyRequest, "headers" | "host">,
  publicUrl: string,
): void {
  const hostname = nameOf(`http://${host}`);
  if (hostname !== new URL(publicUrl).hostname && !loopback.has(hostname)) {
    throw new SkillettError("forbidden", {
      message: `This server is not known as ${JSON.stringify(host)}. If it should be, its operator sets SKILLETT_PUBLIC_URL.`,
    });
  }
  if (headers.origin === undefined || isOwnOrLoopback(headers.origin, publicUrl)) return;
  throw new SkillettError("forbidden", {
    message: "This request comes from a page of another site, and was not carried out.",
  });
}

/** Is an origin ours, or one of this machine's? */
export function isOwnOrLoopback(origin: string, publicUrl: string): boolean {
  return origin === new URL(publicUrl).origin || loopback.has(nameOf(origin));
}

const nameOf = (url: string) => (URL.canParse(url) ? new URL(url).hostname : "");
