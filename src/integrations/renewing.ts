import type { RunJob } from "#core/job.js";
import { compiledFormat } from "#integrations/compiled.js";
import { importJob } from "#integrations/import-job.js";
import { toRows } from "#integrations/rows.js";
import type { StoredReader } from "#integrations/stored-reader.js";
import type { IntegrationRows } from "#store/integration-rows.js";

/** Compiles what an older Skillett has stored of a tenant anew, before it is read. */
export type Renew = (tenantId: string) => Promise<void>;

interface Deps {
  integrations: Pick<IntegrationRows, "catalogVersion" | "list" | "get" | "replaceImport">;
  stored: StoredReader;
  runJob: RunJob;
  warn: (text: string) => void;
}

export function createRenewing({ integrations, stored, runJob, warn }: Deps): Renew {
  async function renew(tenantId: string, slug: string): Promise<void> {
    const seen = await integrations.catalogVersion(tenantId);
    const { made, problems } = await runJob(tenantId, importJob, async () => ({
      slug,
      content: "stored" as const,
      body: Buffer.alloc(0),
      options: {},
      stored: await stored.read(tenantId, slug),
      keys: [],
    }));
    if (!made) {
      const [first] = problems;
      warn(
        `The integration ${slug} of tenant ${tenantId} is to be imported anew: ${first!.file}: ${first!.message}`,
      );
      return;
    }
    const row = await integrations.get(tenantId, slug);
    const { main, format, routes } = made;
    // Another server may have been faster: then there is nothing left to do.
    if (row)
      await integrations.replaceImport({ ...row, main, format }, toRows(tenantId, slug, routes), { seen });
  }

  return async (tenantId) => {
    const rows = await integrations.list(tenantId);
    for (const { slug, main, format } of rows) {
      if (main !== null && format < compiledFormat) await renew(tenantId, slug);
    }
  };
}
