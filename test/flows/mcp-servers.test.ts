import { describe, expect, it } from "vitest";
import { type Era, eras } from "#support/mcp-stand-in.js";
import { onEachEngine } from "#support/skillett.js";
import { reply, useTracker } from "./tracker-stage.js";

/** Calls of tools of an MCP server, in all revisions of the protocol. */

onEachEngine("tools of an MCP server", (engine) => {
  describe.each(eras)("a server of %s", (era: Era) => {
    const { server, skillett, run, answerCall } = useTracker(engine, era);

    it("a call is a call of the tool, and its answer is data", async () => {
      const { status, json } = await run("find_tickets", { words: "late" });
      expect(status).toBe(200);
      expect(json).toEqual({
        status: 200,
        data: { name: "tickets.find", given: { "search.words": "late" } },
      });
      expect(server().calls).toEqual([{ name: "tickets.find", arguments: { "search.words": "late" } }]);
    });

    it("the second call needs no introduction, unless the session has ended", async () => {
      await run("find_tickets", { words: "a" });
      server().messages = [];
      await run("find_tickets", { words: "b" });
      expect(server().messages.map(({ method }) => method)).toEqual(["tools/call"]);
      server().endSessions();
      expect((await run("find_tickets", { words: "c" })).json.status).toBe(200);
      expect(server().calls.map((it) => it.arguments["search.words"])).toEqual(["a", "b", "c"]);
    });

    it("structured content comes first, and numbers keep their digits", async () => {
      server().intercept = (_, response, message) => {
        if (message?.method !== "tools/call") return false;
        const result = `{"content":[{"type":"text","text":"x"}],"structuredContent":{"id":12345678901234567890},"resultType":"complete"}`;
        response.setHeader("content-type", "application/json");
        response.end(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${result}}`);
        return true;
      };
      const { text } = await run("find_tickets", { words: "late" });
      expect(text).toBe('{"status":200,"data":{"id":12345678901234567890}}');
    });

    it.each<[string, unknown, unknown]>([
      ["a plain text", { content: [{ type: "text", text: "done" }] }, "done"],
      ["a number in a text", { content: [{ type: "text", text: "42" }] }, "42"],
      ["a list in a text", { content: [{ type: "text", text: "[1,2]" }] }, [1, 2]],
      ["nothing", { content: [] }, null],
      [
        "several contents",
        {
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
        [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      ],
      [
        "a content that is not known",
        { content: [{ type: "hologram", x: 1 }] },
        [{ type: "hologram", x: 1 }],
      ],
      ["no content at all", {}, null],
      ["structured content that does not fit", { content: [], structuredContent: [1] }, [1]],
    ])("%s is an answer that can be read", async (_, result, data) => {
      answerCall((id, response) =>
        reply(id, response, { result: { resultType: "complete", ...(result as object) } }),
      );
      expect((await run("find_tickets", { words: "a" })).json).toEqual({ status: 200, data });
    });

    it("an image is bytes", async () => {
      server().answer = () => ({ content: [{ type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" }] });
      expect((await run("find_tickets", { words: "a" })).json).toEqual({
        status: 200,
        encoding: "base64",
        content_type: "image/png",
        data: "iVBORw0KGgo=",
      });
    });

    it("an error of the tool is a refusal, and stands so in the log", async () => {
      server().answer = () => ({ isError: true, content: [{ type: "text", text: "No such ticket" }] });
      expect((await run("create_ticket", { title: "a" })).json).toEqual({
        status: 200,
        refused: { message: "No such ticket" },
        data: "No such ticket",
      });
      const { calls } = (await skillett().call("GET", "/v1/calls?limit=1")).json;
      expect(calls[0]).toMatchObject({
        endpoint: "create_ticket",
        status: "refused_upstream",
        effect: "write",
      });
    });

    it.each([
      [-32602, 400],
      [-32601, 404],
      [-32603, 500],
    ])("the error %d of JSON-RPC is a refusal with the status %d", async (code, status) => {
      answerCall((id, response) => reply(id, response, { error: { code, message: "No", data: { a: 1 } } }));
      const { json } = await run("find_tickets", { words: "a" });
      expect(json).toMatchObject({
        status,
        refused: { message: "No" },
        data: { code, message: "No", data: { a: 1 } },
      });
    });

    it("a raw request is refused, since it could call any tool", async () => {
      const request = { method: "POST", path: "/", body: { jsonrpc: "2.0", method: "tools/call" } };
      const { status, json } = await skillett().call("POST", "/v1/tracker/request", { body: request });
      expect([status, json.error, server().messages]).toEqual([400, "bad_request", []]);
      expect(json.message).toContain("its tools are endpoints");
    });

    it("a refusal of HTTP is handed on", async () => {
      answerCall((_, response) => response.writeHead(429, { "retry-after": "30" }).end("slow"));
      const { json } = await run("find_tickets", { words: "a" });
      expect(json).toMatchObject({ status: 429, hint: { class: "rate" }, page: { retry_after: 30 } });
    });

    it("a dry run shows the message, and sends nothing", async () => {
      const { json } = await run("find_tickets", { words: "a" }, "?dry_run=true");
      const params = { name: "tickets.find", arguments: { "search.words": "a" } };
      expect(json.request).toMatchObject({
        method: "POST",
        url: server().url,
        body: { method: "tools/call", params },
      });
      expect(server().messages).toEqual([]);
    });
  });
});
