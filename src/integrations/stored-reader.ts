import { setImmediate as nextTurn } from "node:timers/promises";
import type { StoredFile } from "#integrations/stored.js";
import type { IntegrationRows } from "#store/integration-rows.js";
import type { RouteRows } from "#store/route-rows.js";
import type { RouteRow } from "#store/schema/integration-tables.js";

/** Reads what there is of an integration, for the thread that works on it. */
export interface StoredReader {
  /** Empty where there is nothing. @see readStored */
  read(tenantId: string, slug: string): Promise<Buffer>;
}

/** So few at a time that others can run in between. */
const pageRows = 100;

export function createStoredReader(
  integrations: Pick<IntegrationRows, "get">,
  routes: Pick<RouteRows, "pageOf">,
): StoredReader {
  return {
    async read(tenantId, slug) {
      const row = await integrations.get(tenantId, slug);
      if (!row || row.kind === "shipped") return Buffer.alloc(0);
      const chunks = [Buffer.from(`{"texts":${row.texts},"overlay":${row.overlay}}\n`)];
      let name = "";
      for (;;) {
        const page = await routes.pageOf(tenantId, { slug, name }, pageRows);
        chunks.push(Buffer.from(page.map((it) => `${JSON.stringify(toStored(it))}\n`).join("")));
        if (page.length < pageRows) return Buffer.concat(chunks);
        name = page.at(-1)!.name;
        await nextTurn();
      }
    },
  };
}

function toStored({ name, path, text, enabled, off_reason, compiled, effect, hash }: RouteRow): StoredFile {
  const { formerly = [] } = JSON.parse(compiled!.slice(0, compiled!.indexOf("\n")));
  return {
    name,
    path,
    text,
    enabled: enabled === 1,
    offReason: off_reason,
    effect: effect as StoredFile["effect"],
    hash: hash!,
    formerly,
  };
}
