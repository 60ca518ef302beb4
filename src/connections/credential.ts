import type { AuthMethod } from "#catalog/integration.js";
import type { Credential } from "#catalog/request/authorize.js";
import { isMachine } from "#connections/machine-tokens.js";
import type { Tokens } from "#connections/oauth.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";

/** Seals a SECRET for the one row it may be opened in. */
export function sealCredential(
  vault: Vault,
  tenantId: string,
  connectionId: string,
  credential: Credential,
): string {
  return vault.seal(JSON.stringify(credential), sealedRow.credential(tenantId, connectionId));
}

export async function openCredential(
  vault: Vault,
  { tenant_id, id, box }: { tenant_id: string; id: string; box: string },
): Promise<Credential> {
  return JSON.parse(await vault.open(box, sealedRow.credential(tenant_id, id)));
}

/** The credential with new tokens in it: a refresh token stays when the provider sends no other. */
export function withTokens(credential: Credential, { accessToken, refreshToken }: Tokens): Credential {
  return {
    ...credential,
    access_token: accessToken,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
  };
}

/**
 * Scopes to ask for again when a connection is renewed, so that it may do the same as before; undefined when none are
 * known.
 */
export function grantedScopes({ scopes: granted }: { scopes: string }): string[] | undefined {
  const scopes: string[] = JSON.parse(granted);
  return scopes.length > 0 ? scopes : undefined;
}

/** Can a new access token be had without the person? */
export function isRenewable({ grant }: AuthMethod, credential: Credential): boolean {
  if (grant === null) return false;
  return isMachine(grant) || Object.hasOwn(credential, "refresh_token");
}
