import { connect, type Socket } from "node:net";
import { afterAll, beforeAll } from "vitest";
import type { Engine } from "#store/engine/database.js";
import { createCleanup } from "#support/cleanup.js";
import { type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { type Depot, startDepot } from "./depot.js";

/** A server that takes files of two mebibytes, a service beside it, and a clock to set. For one suite. */
export function useFileStage(engine: Engine) {
  const cleanup = createCleanup();
  const stage = { now: Date.now() } as { now: number; depot: Depot; skillett: Skillett };
  beforeAll(async () => {
    stage.depot = await startDepot();
    cleanup.add(stage.depot.close);
    const env = {
      SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/depot", import.meta.url).pathname,
      SKILLETT_DEPOT_BASE_URL: stage.depot.url,
      SKILLETT_MAX_FILE_MB: "2",
    };
    stage.skillett = await startSkillett(engine, { env, clock: () => stage.now });
    cleanup.add(stage.skillett.close);
    await stage.skillett.connect("depot");
  });
  afterAll(() => cleanup.run());

  return Object.assign(stage, {
    upload: (bytes: Uint8Array, name = "notes.txt", type = "text/plain", key = stage.skillett.key) =>
      stage.skillett.call("POST", `/v1/files?name=${encodeURIComponent(name)}`, {
        key,
        body: bytes,
        headers: { "content-type": type },
      }),
    run: (endpoint: string, params: object, query = "", key = stage.skillett.key): Promise<Reply> =>
      stage.skillett.call("POST", `/v1/depot/${endpoint}${query}`, { key, body: { params } }),
    async content(id: string) {
      const { url, key } = stage.skillett;
      const headers = { authorization: `Bearer ${key}` };
      const response = await fetch(`${url}/v1/files/${id}/content`, { headers });
      const bytes = Buffer.from(await response.arrayBuffer());
      return { status: response.status, headers: response.headers, bytes };
    },
    files: () => stage.skillett.app.database.kysely.selectFrom("files").selectAll().orderBy("id").execute(),
    chunks: () =>
      stage.skillett.app.database.kysely
        .selectFrom("file_chunks")
        .selectAll()
        .orderBy("file_id")
        .orderBy("number")
        .execute(),
    /** Sends the head of an upload. */
    beginUpload(header: string): Socket {
      const { url, key } = stage.skillett;
      const socket = connect(Number(new URL(url).port), "127.0.0.1");
      const head = ["POST /v1/files HTTP/1.1", "host: a", `authorization: Bearer ${key}`, header];
      socket.on("error", () => {}).write(`${head.join("\r\n")}\r\n\r\n`);
      return socket;
    },
  });
}
