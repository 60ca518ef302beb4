import type { IncomingHttpHeaders } from "node:http";
import { createEmulator } from "emulate";
import { type Dispatcher, Pool } from "undici";
import type { FrontRequest } from "#support/service-front.js";

export interface Emulator {
  send(request: EmulatorRequest): Promise<EmulatorAnswer>;
  close(): Promise<void>;
}

export interface EmulatorRequest {
  method: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface EmulatorAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * A service of the `emulate` package. It takes any bearer token and any OAuth client, so it never stands in the
 * open: a front before it lets through what the real service would.
 *
 * @param publicUrl the front's, which links in the answers lead to
 */
export async function startEmulator(
  service: "github" | "google" | "slack",
  seed: object,
  publicUrl: () => string,
): Promise<Emulator> {
  const emulator = await createEmulator({ service, port: 0, hostname: "127.0.0.1", seed: { ...seed } });
  const pool = new Pool(emulator.url.replace("localhost", "127.0.0.1"));
  return {
    async send({ method, path, headers = {}, body }) {
      const answer = await pool.request({
        method: method as Dispatcher.HttpMethod,
        path,
        headers,
        body: body?.length ? body : null,
      });
      const text = (await answer.body.text()).replaceAll(emulator.url, publicUrl());
      return { status: answer.statusCode, headers: answer.headers as IncomingHttpHeaders, text };
    },
    async close() {
      await pool.destroy();
      await emulator.close();
    },
  };
}

/** Asks in the name of one user; bodies are JSON. */
export type Ask = (method: string, path: string, body?: object) => Promise<EmulatorAnswer>;

export function askAs(emulator: Emulator, token: string): Ask {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  return (method, path, body) =>
    emulator.send({ method, path, headers, ...(body && { body: JSON.stringify(body) }) });
}

/** With the client's `host`: the emulator makes the links to further pages from it. */
export function asUser(request: FrontRequest, token: string): EmulatorRequest {
  const { method, path, headers, body } = request;
  return {
    method,
    path,
    headers: {
      ...pick(headers, ["host", "accept", "content-type", "user-agent"]),
      authorization: `Bearer ${token}`,
    },
    body,
  };
}

export function pick(headers: IncomingHttpHeaders, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers[name];
      return typeof value === "string" ? [[name, value]] : [];
    }),
  );
}
