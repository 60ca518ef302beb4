import { InvalidClientMetadata, InvalidRedirectUri } from "oidc-provider/lib/helpers/errors.js";
import { asName, nameIssue } from "#core/display-text.js";
import { isDocument } from "#identity/client-kind.js";
import { redirectUriIssue } from "#identity/redirect-uri.js";

/** Metadata of a client that we keep; its other members are dropped. */
const keptMembers = new Set([
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
 * Reduces the metadata of a client, in place, to the part that we keep. Clients ask for more than they need, such as
 * grants and scopes of other servers: the answer says which they got, as RFC 7591 §3.2.1 allows. Members that are
 * null or empty are left out, since many clients write every field they know.
 */
export function tidyClient(metadata: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(metadata))
    if (!keptMembers.has(name) || value === null || value === "") delete metadata[name];
  const { client_id: id, client_name: name, redirect_uris: uris, client_secret: secret } = metadata;
  if (Array.isArray(uris)) checkRedirectUris(uris);
  if (typeof name === "string") tidyName(metadata, name);
  // A document that everybody can read has no secret to prove itself with.
  if (isDocument(String(id)) && secret === undefined) metadata.token_endpoint_auth_method = "none";
  // HTTPS, loopback on any port, or a scheme of its own: the rules for native applications suit all clients.
  metadata.application_type = "native";
  metadata.grant_types = ["authorization_code", "refresh_token"];
  metadata.response_types = ["code"];
  metadata.response_modes = ["query"];
}

function checkRedirectUris(uris: unknown[]): void {
  if (uris.length > maxRedirectUris) {
    throw new InvalidClientMetadata(`redirect_uris must have ${maxRedirectUris} members at most`);
  }
  uris.forEach((uri, at) => {
    const issue = typeof uri === "string" ? redirectUriIssue(uri) : "must be a string";
    if (issue !== null) throw refusedUri(`redirect_uris[${at}] ${issue}`);
  });
}

function refusedUri(message: string): Error {
  return Object.assign(new InvalidRedirectUri(), { error_description: message });
}

/** A client that registers itself gets the error; the author of a client document does not see it. */
function tidyName(metadata: Record<string, unknown>, name: string): void {
  const issue = isDocument(String(metadata.client_id)) ? null : nameIssue(name);
  if (issue !== null) throw new InvalidClientMetadata(`client_name ${issue}`);
  const shown = [...asName(name)].slice(0, maxNameCharacters).join("");
  if (shown === "") delete metadata.client_name;
  else metadata.client_name = shown;
}
