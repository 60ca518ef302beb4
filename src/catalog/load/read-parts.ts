import { isUtf8 } from "node:buffer";
import type { ExampleContent, ExamplePart } from "#catalog/example.js";

/** Text where the bytes are UTF-8, else Base64. */
export function readContent(bytes: Buffer): ExampleContent {
  return isUtf8(bytes) ? { text: bytes.toString() } : { base64: bytes.toString("base64") };
}

/** The parts of a multipart body as a service reads them. @see RFC 2046 §5.1 */
export function readParts(contentType: string, body: Buffer): ExamplePart[] {
  const boundary = /boundary=(\S+)$/.exec(contentType)![1]!;
  const [, ...parts] = body.toString("latin1").split(`--${boundary}`);
  return parts.slice(0, -1).map(readPart);
}

function readPart(text: string): ExamplePart {
  const end = text.indexOf("\r\n\r\n");
  const head = Buffer.from(text.slice(0, end), "latin1").toString();
  const content = Buffer.from(text.slice(end + 4, -2), "latin1");
  const filename = /; filename="([^"]*)"/.exec(head)?.[1];
  const mediaType = /^Content-Type: (.*)$/m.exec(head)?.[1];
  return {
    name: /; name="([^"]*)"/.exec(head)![1]!,
    ...(filename === undefined ? {} : { filename }),
    ...(mediaType === undefined ? {} : { media_type: mediaType }),
    ...readContent(content),
  };
}
