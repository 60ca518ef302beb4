import type { FastifyInstance, FastifyReply } from "fastify";

/** Whoever answers in this scope reads bodies by itself, whatever they are. */
export function leaveBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
}

/** From here on Fastify has nothing to do with the reply but what it has set already. */
export function handOver(reply: FastifyReply): void {
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value);
}
