import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "#cli/cli.js";
import { readConfig } from "#cli/server/config-file.js";
import { type Answer, type Answers, createTestHost, type HostOptions, startServer } from "#support/cli.js";

/** For tests of `skillett login`: a server that lets devices in, and a config file of its own. */

/** The key that the server gives out. */
export const newKey = `sk_${"ab12".repeat(10)}`;
export const grant = {
  device_code: "de".repeat(20),
  user_code: "WDJB-MJHT",
  verification_uri: "http://skills.test/device",
  verification_uri_complete: "http://skills.test/device?user_code=WDJB-MJHT",
  expires_in: 900,
  interval: 5,
};
export const user = { email: "ada@example.com", display_name: "Ada" };
export const done: Answer = {
  json: {
    access_token: newKey,
    token_type: "Bearer",
    scope: "*",
    status: "complete",
    user,
    api_keys_url: "",
  },
};
export const refused = (error: string, status = 400, retryable = false): Answer => ({
  status,
  json: { error, message: `${error}!`, retryable, request_id: "r" },
});
export const waiting = refused("authorization_pending", 400, true);

/** A server that hands out a code, and answers one poll after the other; the last answer again and again. */
export function serving(...polls: Answer[]): Answers {
  const left = [...polls];
  return ({ url }) => {
    if (url === "/auth/device/code") return { json: grant };
    return (left.length > 1 ? left.shift() : left[0]) as Answer;
  };
}

/** A machine to log in on. */
export function createMachine() {
  const directory = mkdtempSync(join(tmpdir(), "skillett-"));
  const file = join(directory, "config.json");
  const closers: (() => unknown)[] = [];

  async function serve(answers: Answers, port = 0) {
    const server = await startServer(answers, port);
    closers.push(server.close);
    return server;
  }

  /** Logs in to a server that answers as told; `waits` are the pauses before its polls. */
  async function login(answers: Answers, args: string[] = [], options: HostOptions = {}) {
    const server = await serve(answers);
    const slept: number[] = [];
    const asleep = (elapsed: number) => {
      slept.push(elapsed);
      return options.asleep?.(elapsed);
    };
    const env = { SKILLETT_CONFIG_FILE: file, ...options.env };
    const { host, output, opened } = createTestHost({ ...options, env, asleep });
    const code = await runCli(["login", "--url", server.url, ...args], host);
    const waits = slept.map((elapsed, at) => (slept[at + 1] ?? host.now()) - elapsed);
    return { code, ...output, opened, waits, received: server.received, url: server.url };
  }

  return {
    file,
    serve,
    login,
    config: () => readConfig(file),
    async close() {
      for (const close of closers.splice(0)) await close();
      rmSync(directory, { recursive: true });
    },
  };
}
