import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { afterEach, beforeEach, expect, it } from "vitest";
import { minuteMs } from "#core/clock.js";
import { closeServer, listen } from "#support/loopback.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertAgent, type Person, signUp } from "#support/world.js";

/** Other programs hear of new tasks and of decisions. */

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** Takes webhooks, and answers with the statuses it is given, then 204. */
async function startReceiver(port = 0) {
  const received: Received[] = [];
  const statuses: number[] = [];
  let heard = () => {};
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(statuses.shift() ?? 204).end();
      heard();
    });
  });
  const url = await listen(server, port);
  return {
    url: `${url}/hook?for=tests`,
    received,
    statuses,
    /** Resolves when this many have come. */
    async count(wanted: number): Promise<Received[]> {
      while (received.length < wanted) await new Promise<void>((resolve) => (heard = resolve));
      return received;
    },
    close: () => closeServer(server),
  };
}

onEachEngine("webhooks", (engine) => {
  const secret = Buffer.alloc(32, 7);
  let now = 1_900_000_000_000;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let skillett: Skillett;
  let ada: Person;
  let key: string;

  beforeEach(async () => {
    receiver = await startReceiver();
    skillett = await startSkillett(engine, {
      clock: () => now,
      env: {
        SKILLETT_SIGN_UP: "open",
        SKILLETT_WEBHOOK_URL: receiver.url,
        SKILLETT_WEBHOOK_SECRET: `whsec_${secret.toString("base64")}`,
      },
    });
    ada = await signUp(skillett, "Ada");
    ({ key } = await insertAgent(skillett.app.database, ada, "Bot"));
  });
  afterEach(async () => {
    await skillett?.close();
    await receiver?.close();
  });

  const ask = async (subject: string): Promise<string> => {
    const body = { type: "connector_request", subject, reason: "To work" };
    const { json, text } = await skillett.call("POST", "/v1/tasks", { key, body });
    if (!json.task_id) throw new Error(text);
    return json.task_id;
  };
  const waiting = () =>
    skillett.app.database.kysely
      .selectFrom("webhook_deliveries")
      .select(["attempts", "next_at"])
      .orderBy("id")
      .execute();
  /** The row is written after the answer has come: until then the message could still be lost. */
  const waitingAre = (rows: object[]) =>
    expect.poll(waiting, { interval: 10, timeout: 20_000 }).toEqual(rows);

  it("webhooks tell of a request and of its decision, signed so that anybody with the secret can check", async () => {
    const id = await ask("slack");
    await receiver.count(1);
    await ada.call("POST", `/api/tasks/${id}/reject`, { note: "Not now" });
    const [created, rejected] = await receiver.count(2);
    expect(JSON.parse(created!.body)).toMatchObject({
      type: "task.created",
      id: created!.headers["webhook-id"],
      created_at: new Date(now).toISOString(),
      data: { task: { id, status: "pending", subject: "slack", subjectName: "Slack", reason: "To work" } },
    });
    expect(JSON.parse(rejected!.body)).toMatchObject({
      type: "task.rejected",
      data: { task: { id, status: "rejected", note: "Not now", decidedBy: ada.profileId } },
    });
    for (const { headers, body } of receiver.received) {
      const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
      const signature = createHmac("sha256", secret).update(signed).digest("base64");
      expect(headers["webhook-signature"]).toBe(`v1,${signature}`);
      expect(headers["webhook-timestamp"]).toBe(String(now / 1000));
    }
    await waitingAre([]);
  });

  it("one webhook is sent for requests that collapse", async () => {
    const ids = await Promise.all([ask("slack"), ask("slack"), ask("slack")]);
    expect(new Set(ids).size).toBe(1);
    await ask("gmail");
    const subjects = (await receiver.count(2)).map(({ body }) => JSON.parse(body).data.task.subject);
    expect(subjects).toEqual(["slack", "gmail"]);
    await waitingAre([]);
    expect(receiver.received).toHaveLength(2);
  });

  it("a webhook is tried again after a minute, five, thirty, two hours and eight, as one message, then dropped", async () => {
    receiver.statuses.push(...Array(6).fill(503));
    await ask("slack");
    for (const [at, minutes] of [1, 5, 30, 120, 480].entries()) {
      await receiver.count(at * 2 + 1);
      await waitingAre([{ attempts: at + 1, next_at: now + minutes * minuteMs }]);
      now += minutes * minuteMs;
      // Whatever is new takes along what is due; the due one goes first and fails, the new one arrives.
      receiver.statuses.splice(1, 0, 204);
      await ask(["gmail", "github", "google-calendar", "odd", "odd-key"][at]!);
    }
    const all = await receiver.count(11);
    const failing = all.filter(({ body }) => JSON.parse(body).data.task.subject === "slack");
    expect(failing).toHaveLength(6);
    expect(new Set(failing.map(({ body }) => body)).size).toBe(1);
    expect(new Set(failing.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(failing.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(6);
    await waitingAre([]);
  });

  it("a webhook is not lost when the receiver is away", async () => {
    const { port } = new URL(receiver.url);
    await receiver.close();
    await ask("slack");
    await waitingAre([{ attempts: 1, next_at: now + minuteMs }]);
    receiver = await startReceiver(Number(port));
    now += minuteMs;
    await ask("gmail");
    const subjects = (await receiver.count(2)).map(({ body }) => JSON.parse(body).data.task.subject);
    expect(subjects).toEqual(["slack", "gmail"]);
    await waitingAre([]);
  });
});
