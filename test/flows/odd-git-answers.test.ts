import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeServer, listen } from "#support/loopback.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type Person, signUp } from "#support/world.js";

/** Sources that are named as git repositories, and are something else. */

onEachEngine("servers that do not speak git", (engine) => {
  let skillett: Skillett;
  let server: Server;
  let url: string;
  let ada: Person;
  let answer: { status?: number; type?: string; location?: string; body: string | Buffer };
  let asked = 0;
  beforeAll(async () => {
    server = createServer((_request, response) => {
      asked += 1;
      response
        .writeHead(answer.status ?? 200, {
          "content-type": answer.type ?? "text/html",
          ...(answer.location === undefined ? {} : { location: answer.location }),
        })
        .end(answer.body);
    });
    url = await listen(server);
    skillett = await startSkillett(engine, {
      env: { SKILLETT_SIGN_UP: "open", SKILLETT_ALLOW_HOSTS: "127.0.0.1" },
    });
    ada = await signUp(skillett, "Ada");
  });
  afterAll(async () => {
    await skillett?.close();
    await closeServer(server);
  });

  const pkt = (text: string) => (text.length + 4).toString(16).padStart(4, "0") + text;
  const type = "application/x-git-upload-pack-advertisement";
  const notGit = [422, "its answer is not that of a git server"] as const;
  it.each([
    ["a page", { body: "<html>Sign in</html>" }, notGit],
    ["nothing", { body: "" }, notGit],
    ["half a line", { type, body: "00ff# service" }, notGit],
    ["no refs", { type, body: `${pkt("# service=git-upload-pack\n")}00000000` }, [422, "it is empty"], 2],
    ["2 MB", { type, body: Buffer.alloc(2 * 1024 * 1024, "0") }, [413, "more than 1048576 bytes"]],
    ["a redirect in a circle", { status: 302, location: "/x.git", body: "" }, [422, "302"], 6],
    ["a fault", { status: 500, body: "boom" }, [422, "500"]],
  ] as const)(
    "a server that answers git with %s is refused as a source",
    async (_, given, [status, why], times: number = 1) => {
      answer = given;
      asked = 0;
      const reply = await ada.call("POST", "/api/listings/sources", {
        name: "odd",
        url: `${url}/x.git`,
      });
      expect(reply.status, reply.text).toBe(status);
      expect(reply.text).toContain(why);
      expect(reply.json.retryable).not.toBe(true);
      expect(asked).toBe(times);
      expect((await ada.call("GET", "/api/listings/sources")).text).not.toContain('"odd"');
    },
  );
});
