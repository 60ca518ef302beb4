import type { Decoder } from "#catalog/view.js";
import { decodeBase64Text } from "#gateway/views/base64-text.js";
import { readDocumentTree } from "#gateway/views/document-tree.js";
import { htmlToText } from "#gateway/views/html-text.js";
import { readMimeTree } from "#gateway/views/mime-tree.js";
import { readReplyHeaders } from "#gateway/views/reply-headers.js";

/** Each gives undefined for a value that it cannot read, and throws for none. */
export const readers: Record<Decoder, (value: unknown) => unknown> = {
  base64url: decodeBase64Text,
  html: (value) => (typeof value === "string" ? htmlToText(value) : undefined),
  mime_tree: readMimeTree,
  reply_headers: readReplyHeaders,
  document_tree: readDocumentTree,
};
