import type { ConnectionRow } from "#store/schema/tables.js";

/** Does nobody know whose account it is, since its integration has no request to ask the service? Its own id is empty then. */
export function isUnasked({ account_id, settings }: Pick<ConnectionRow, "account_id" | "settings">): boolean {
  return account_id === (settings === "{}" ? "" : ` ${settings}`);
}
