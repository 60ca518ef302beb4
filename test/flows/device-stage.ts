import type { Engine } from "#store/engine/database.js";
import { type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { claimInstance, type Person } from "#support/world.js";

/** What a device sends, and what the person who lets it in does. */
export interface DeviceStage {
  skillett: Skillett;
  /** Ada, ada@example.com. */
  owner: Person;
  wait(seconds: number): void;
  post(path: string, body: unknown): Promise<Reply>;
  postForm(path: string, fields: [string, string][] | Record<string, string>): Promise<Reply>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  begin(fields?: object): Promise<any>;
  /** In the words of the RFC. */
  pollForm(deviceCode: string): Promise<Reply>;
  pollJson(deviceCode: string): Promise<Reply>;
  approve(userCode: string, more?: object): Promise<Reply>;
  deny(userCode: string): Promise<Reply>;
}

export const grant_type = "urn:ietf:params:oauth:grant-type:device_code";
export const client_id = "skillett-cli";

export async function startDeviceStage(engine: Engine): Promise<DeviceStage> {
  let now = Date.now();
  const skillett = await startSkillett(engine, { clock: () => now });
  const owner = await claimInstance(skillett);
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    skillett.call("POST", path, { key: null, body, headers });
  const postForm: DeviceStage["postForm"] = (path, fields) =>
    post(path, new URLSearchParams(fields).toString(), {
      "content-type": "application/x-www-form-urlencoded",
    });
  return {
    skillett,
    owner,
    wait: (seconds) => {
      now += seconds * 1000;
    },
    post,
    postForm,
    begin: async (fields = {}) => (await post("/auth/device/code", { client_id, ...fields })).json,
    pollForm: (device_code) => postForm("/auth/device/token", { grant_type, device_code, client_id }),
    pollJson: (device_code) => post("/auth/device/token", { device_code }),
    approve: (user_code, more = {}) => owner.call("POST", "/auth/device/authorize", { user_code, ...more }),
    deny: (user_code) => owner.call("POST", "/auth/device/deny", { user_code }),
  };
}
