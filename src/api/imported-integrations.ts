import type * as routes from "#contract/imported-integrations.js";
import type { Api, Upload } from "#contract/route.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { ImportIntegration } from "#integrations/importing.js";

export interface ImportedIntegrationsDeps {
  importIntegration: ImportIntegration;
}

/** Of a body. Descriptions may have 32 MiB, folders a little more as JSON. */
const maxBytes = 40 * 1024 * 1024;

export function createImportedIntegrationsApi({
  importIntegration,
}: ImportedIntegrationsDeps): Api<typeof routes> {
  return {
    async importIntegration({ caller, query, upload }) {
      const { slug = null, content = "description", dry_run: isDryRun = false } = query;
      const imported = await importIntegration(caller, {
        slug,
        content,
        body: await bytesOf(upload),
        options: {
          baseUrl: query.base_url,
          fetchedFrom: query.fetched_from,
          tags: listOf(query.tag),
          operations: listOf(query.operation),
          overlay: query.overlay,
        },
        isDryRun,
      });
      return { ...imported, integration: imported.slug };
    },
  };
}

const listOf = (value: string | string[] | undefined) => (value === undefined ? undefined : [value].flat());

/** The body as it came: a thread parses it, since one of this size would hold up everybody else. */
async function bytesOf({ length = 0, bytes }: Upload): Promise<Buffer> {
  if (length > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  if (size > 0) return Buffer.concat(chunks);
  throw badRequest([{ at: "body", message: "is empty: send the description, or the folder" }]);
}

function tooLarge(): SkillettError {
  return new SkillettError("payload_too_large", { facts: { limit: maxBytes } });
}
