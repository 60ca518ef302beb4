import { once } from "node:events";
import { connect } from "node:net";
import Fastify from "fastify";
import { expect, it } from "vitest";
import { drainOnClose } from "#http/drain.js";

it("a server that closes lets a request in flight finish and drops a connection that was never used", async () => {
  const server = Fastify();
  drainOnClose(server);
  let release = () => {};
  const arrived = new Promise<void>((resolve) => {
    server.get("/slow", async () => {
      resolve();
      await new Promise<void>((finish) => {
        release = finish;
      });
      return "done";
    });
  });
  const url = await server.listen({ port: 0 });
  const unused = connect(Number(new URL(url).port), "127.0.0.1");
  await once(unused, "connect");
  const answer = fetch(`${url}/slow`).then((response) => response.text());
  await arrived;

  const closed = server.close();
  const dropped = once(unused, "close");
  release();
  expect(await answer).toBe("done");
  await Promise.all([closed, dropped]);
});
