import type { Transaction } from "#store/engine/database.js";
import { raiseCatalogVersion } from "#store/integration-changes.js";

/** An endpoint that calls a tool, in the version that somebody has seen. */
export interface SeenTool {
  tenant_id: string;
  slug: string;
  name: string;
  /** The beginning of its pin, hexadecimal. */
  pin: string;
}

/** Switches the endpoint on. Answers false when it is gone, or calls another version of the tool by now. */
export async function switchOnTool(
  transaction: Transaction,
  { tenant_id, slug, name, pin }: SeenTool,
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable("routes")
    .set({ enabled: 1, off_reason: null })
    .where((eb) => eb.and({ tenant_id, slug, name }))
    .where("hash", "like", `%"${pin}%`)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await raiseCatalogVersion(transaction, tenant_id);
  return true;
}
