import { InvalidClientMetadata } from "oidc-provider/lib/helpers/errors.js";
import { isDocument } from "#identity/client-kind.js";

/** What we know of a client; whatever else it says of itself is dropped. */
const kept = new Set([
  "client_id",
  "client_secret",
  "client_id_issued_at",
  "client_secret_expires_at",
  "client_name",
  "client_uri",
  "redirect_uris",
  "token_endpoint_auth_method",
]);

const maxRedirectUris = 20;
const maxNameCharacters = 100;

/**
 * Makes of what a client says of itself what we take from it, in place. Clients ask for more than they need, such
 * as grants and scopes of other servers: they are told what they get, as RFC 7591 §3.2.1 has it.
 */
export function tidyClient(metadata: Record<string, unknown>): void {
  for (const name of Object.keys(metadata)) if (!kept.has(name)) delete metadata[name];
  const { client_id: id, client_name: name, redirect_uris: uris, client_secret: secret } = metadata;
  if (Array.isArray(uris) && uris.length > maxRedirectUris) {
    throw new InvalidClientMetadata(`redirect_uris must have ${maxRedirectUris} members at most`);
  }
  if (typeof name === "string") metadata.client_name = name.slice(0, maxNameCharacters);
  // A document that everybody can read has no secret to prove itself with.
  if (isDocument(String(id)) && secret === undefined) metadata.token_endpoint_auth_method = "none";
  // HTTPS, loopback on any port, or a scheme of its own: what native applications may have suits all of them.
  metadata.application_type = "native";
  metadata.grant_types = ["authorization_code", "refresh_token"];
  metadata.response_types = ["code"];
  metadata.response_modes = ["query"];
}
