import type { AuthMethod, Integration } from "#catalog/integration.js";

/** Does a person give the credential, rather than sign in? */
export function isTyped({ fields }: AuthMethod): boolean {
  return Object.keys(fields).length > 0;
}

/** Calls need no credential at all. */
export function isOpen({ fields, grant }: AuthMethod): boolean {
  return grant === null && Object.keys(fields).length === 0;
}

/** Can it be called by everybody, without an account? */
export function isOpenToAll({ auth }: Pick<Integration, "auth">): boolean {
  return Object.values(auth).some(isOpen);
}
