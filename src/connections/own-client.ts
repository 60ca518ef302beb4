/** Paths and documents of OAuth clients of ours, one for each MCP server that a tenant adds. */

/**
 * Where the authorization server of one client sends people back to. Each has an address of its own, so that a code which
 * another server gave does not go to it, whatever the browser was told.
 *
 * @see RFC 9700 §4.4.2.2
 */
export const callbackPath = (client: string) => `/callback/${client}`;

/** The words of a client about itself. */
export interface ClientDocument {
  client_id: string;
  client_name: string;
  client_uri: string;
  redirect_uris: string[];
  grant_types: string[];
  response_types: string[];
  token_endpoint_auth_method: string;
}

/**
 * The document of a client by its own address. It is the same for every name, whether there is such a client or not, so
 * that nobody finds out which there are.
 *
 * @see draft-ietf-oauth-client-id-metadata-document
 */
export function clientDocumentOf(publicUrl: string, client: string): ClientDocument {
  const callbackUrl = publicUrl + callbackPath(client);
  return { client_id: `${callbackUrl}/client.json`, ...clientMetadata(publicUrl, callbackUrl, "none") };
}

/** @see RFC 7591 §2 */
export function clientMetadata(
  publicUrl: string,
  callbackUrl: string,
  authMethod: string,
): Omit<ClientDocument, "client_id"> {
  return {
    client_name: "Skillett",
    client_uri: publicUrl,
    redirect_uris: [callbackUrl],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    token_endpoint_auth_method: authMethod,
  };
}
