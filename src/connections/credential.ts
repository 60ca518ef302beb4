import type { Credential } from "#catalog/authorize.js";
import type { SealedConnection } from "#store/connections.js";
import type { Vault } from "#store/vault.js";

/** The row a credential's box is bound to. */
const boxRow = (tenantId: string, connectionId: string) => `credentials/${tenantId}/${connectionId}`;

export function sealCredential(
  vault: Vault,
  tenantId: string,
  connectionId: string,
  credential: Credential,
): string {
  return vault.seal(JSON.stringify(credential), boxRow(tenantId, connectionId));
}

export function openCredential(vault: Vault, { tenant_id, id, box }: SealedConnection): Credential {
  return JSON.parse(vault.open(box, boxRow(tenant_id, id)));
}
