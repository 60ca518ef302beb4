import type { Account } from "#catalog/answer/account.js";
import type { Integration } from "#catalog/integration.js";
import type { Credential } from "#catalog/request/authorize.js";
import { asName } from "#core/display-text.js";

/**
 * The account of an integration that has no request to tell whose it is: a person has one of it. It is named by the first
 * field that was typed in and is no secret, such as a user name, else after the integration. Its id is empty, which none that a service gives is (`readAccount`).
 */
export function unaskedAccount({ name, auth }: Integration, method: string, credential: Credential): Account {
  const shown = Object.entries(auth[method]!.fields).find(
    ([field, { secret }]) => !secret && credential[field] !== undefined,
  );
  return { id: "", name: (shown && asName(credential[shown[0]]!)) || name };
}

/** Beside a connection that nothing was checked of; undefined where the service has said whose account it is. */
export function uncheckedHint({ account, name }: Integration): { message: string } | undefined {
  if (account) return undefined;
  return {
    message: `${name} was not asked about this account, since there is no request for that: the first call shows whether it works.`,
  };
}
