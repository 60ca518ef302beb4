/** Is a client known by a document at this address? @see draft-ietf-oauth-client-id-metadata-document */
export function isDocument(clientId: string): boolean {
  return /^https:\/\//i.test(clientId);
}
