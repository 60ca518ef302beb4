import type { Engine } from "#store/engine/database.js";
import { acmeTexts, bring } from "#support/brought.js";
import { createCleanup } from "#support/cleanup.js";
import { startGraphqlService } from "#support/graphql-service.js";
import { type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { type Arrived, startShelf } from "./shelf.js";

/** A server with services that show what arrives, and keys that may send requests of their own, and that may not. */
export interface RawStage {
  skillett: Skillett;
  /** By what they may: `raw`, `both` that and everything else, `reader`, `updater` one endpoint. SECRET. */
  keys: Record<string, string>;
  arrived: readonly Arrived[];
  close(): Promise<void>;
  /** To the shelf, unless `slug` names another service. With the owner's key, where the name is that of none. */
  send(body: object, key?: string, options?: SendOptions): Promise<Reply>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  lastRow(): Promise<any>;
}

interface SendOptions {
  query?: string;
  headers?: Record<string, string>;
}

export const shelfToken = "test-token-0123456789";

const scopesOfKeys: Record<string, string[]> = {
  raw: ["shelf:raw", "board:raw", "sandbox:raw", "written-bot:raw", "acme:raw"],
  both: ["*", "shelf:raw", "board:raw", "acme:raw"],
  reader: ["*:read"],
  updater: ["shelf.update_book"],
};

export async function startRawStage(engine: Engine): Promise<RawStage> {
  const cleanup = createCleanup();
  const shelf = await startShelf();
  cleanup.add(shelf.close);
  const board = await startGraphqlService();
  cleanup.add(board.close);
  const dirs = ["raw", "graphql", "written"].map(
    (name) => new URL(`../fixtures/${name}`, import.meta.url).pathname,
  );
  const skillett = await startSkillett(engine, {
    env: {
      SKILLETT_INTEGRATIONS_DIR: dirs.join(":"),
      SKILLETT_SHELF_BASE_URL: `${shelf.url}/api/v2`,
      SKILLETT_SHELF_MEDIA_BASE_URL: `${shelf.url}/media`,
      SKILLETT_BOARD_BASE_URL: board.url,
      SKILLETT_ALLOW_HOSTS: `tenant-integration=${new URL(shelf.url).host}`,
      SKILLETT_WRITTEN_BOT_BASE_URL: `${shelf.url}/bots`,
    },
  });
  cleanup.add(skillett.close);
  await skillett.connect("shelf", shelfToken);
  const { tenant } = (await skillett.call("GET", "/v1/me")).json;
  const texts = acmeTexts(`${shelf.url}/acme`);
  await bring(skillett.app.database, tenant.id, texts, { off: ["paint_widget"] });
  await skillett.connect("acme", shelfToken);
  const keys: Record<string, string> = {};
  for (const [name, scopes] of Object.entries(scopesOfKeys)) {
    const made = await skillett.call("POST", "/api-keys", { body: { name, scopes } });
    keys[name] = made.json.full_key;
  }
  return {
    skillett,
    keys,
    arrived: shelf.arrived,
    close: cleanup.run,
    send: (body, key = "raw", { query = "", headers = {} } = {}) => {
      const { slug = "shelf", ...request } = body as { slug?: string };
      const options = { key: keys[key] ?? skillett.key, body: request, headers };
      return skillett.call("POST", `/v1/${slug}/request${query}`, options);
    },
    lastRow: async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0],
  };
}
