import { domainToASCII } from "node:url";
import { wrap } from "nodemailer/lib/base64";
import { encodeWord } from "nodemailer/lib/mime-funcs";
import { type Piece, showPieces } from "#catalog/pieces.js";
import {
  attachmentsOf,
  attachmentsParam,
  freeBoundary,
  withAttachments,
} from "#catalog/request/attachments.js";
import type { Values } from "#catalog/request/values.js";
import { isAscii, lineIssue } from "#catalog/request/values.js";
import type { SchemaIssue } from "#core/schema-check.js";

/** The params that are text of an email. */
export const messageTexts = "to cc bcc reply_to subject text html in_reply_to references".split(" ");
/** The params an email is made of. */
export const messageParams = [...messageTexts, attachmentsParam];

const addressHeaders = { to: "To", cc: "Cc", bcc: "Bcc", reply_to: "Reply-To" };
const messageIdHeaders = { in_reply_to: "In-Reply-To", references: "References" };
const eol = "\r\n";
const fold = `${eol} `;

/** How texts that are not plain ASCII are written: encoded to be sent, or as they are to be shown. */
interface Writing {
  text(text: string): string;
  /** The transfer encoding of a content, and the content in it. */
  content(content: string): [encoding: string, encoded: string];
}

const sent: Writing = {
  text: encodeText,
  content: (content) =>
    /^[\t\r\n\x20-\x7e]*$/.test(content) && !/[^\r\n]{999}/.test(content)
      ? ["7bit", content]
      : ["base64", wrap(Buffer.from(content).toString("base64"), 76)],
};
const shown: Writing = { text: (text) => text, content: (content) => ["8bit", content] };

/**
 * An Internet message (RFC 5322, MIME) of the params, always the same for the same ones: it has no Date and
 * no Message-ID, which the service adds, as it does From.
 */
export function writeMessage(values: Values, issues: SchemaIssue[]): readonly Piece[] {
  return write(values, issues, sent);
}

/**
 * The same message for people to read: nothing in it is encoded, files are named only, and lines end as \n.
 *
 * @see RFC 6532
 */
export function showMessage(values: Values): string {
  return showPieces(write(values, [], shown)).replaceAll(eol, "\n");
}

function write(values: Values, issues: SchemaIssue[], writing: Writing): readonly Piece[] {
  const value = (param: string) => lineOf(values[param], param, issues);
  const headers: string[] = [];
  for (const [param, header] of Object.entries(addressHeaders)) {
    const addresses = splitAddresses(value(param)).map((text) => writeAddress(text, param, issues, writing));
    if (addresses.length > 0) headers.push(`${header}: ${addresses.join(`,${fold}`)}`);
  }
  const subject = value("subject");
  if (subject !== "") headers.push(`Subject: ${writing.text(subject)}`);
  for (const [param, header] of Object.entries(messageIdHeaders)) {
    const ids = messageIds(value(param), param, issues);
    if (ids.length > 0) headers.push(`${header}: ${ids.join(fold)}`);
  }
  const head = [...headers, "MIME-Version: 1.0", ""].join(eol);
  return withAttachments(head, writeContent(values, writing), attachmentsOf(values));
}

/** A line break in a header would begin another header. */
function lineOf(value: unknown, param: string, issues: SchemaIssue[]): string {
  if (typeof value !== "string") return "";
  const message = lineIssue(value);
  if (message === null) return value.trim();
  issues.push({ path: [param], message });
  return "";
}

function messageIds(text: string, param: string, issues: SchemaIssue[]): string[] {
  const ids = text.split(/\s+/).filter((id) => id !== "");
  if (ids.some((id) => !/^<[^<>\s]+>$/.test(id) || !isAscii(id))) {
    issues.push({ path: [param], message: "must be message ids such as <id@mail.example>" });
  }
  return ids;
}

/** Splits at commas that stand neither in quotes nor in angle brackets. */
export function splitAddresses(text: string): string[] {
  const parts = text.match(/(?:"(?:\\.|[^"\\])*"?|<[^>]*>?|[^",<])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

function writeAddress(text: string, param: string, issues: SchemaIssue[], writing: Writing): string {
  const open = text.endsWith(">") ? text.lastIndexOf("<") : -1;
  const mailbox = open < 0 ? text : text.slice(open + 1, -1).trim();
  const name = open < 0 ? "" : unquote(text.slice(0, open).trim());
  const address = asciiAddress(mailbox);
  if (address === null) {
    issues.push({
      path: [param],
      message: `has ${JSON.stringify(text.slice(0, 80))}, which is no email address`,
    });
    return "";
  }
  return name === ""
    ? address
    : `${writeName(name, writing)}${name.length > maxLength ? fold : " "}<${address}>`;
}

function asciiAddress(mailbox: string): string | null {
  const match = /^([^\s@<>()[\]\\,;:"]+)@([^\s@<>()[\]\\,;:"]+)$/.exec(mailbox);
  if (!match || !isAscii(match[1]!)) return null;
  const domain = isAscii(match[2]!) ? match[2] : domainToASCII(match[2]!);
  return domain ? `${match[1]}@${domain}` : null;
}

function unquote(name: string): string {
  return /^".*"$/.test(name) ? name.slice(1, -1).replace(/\\(.)/g, "$1") : name;
}

function writeName(name: string, { text }: Writing): string {
  if (text(name) !== name || /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(name)) return text(name);
  return `"${name.replace(/["\\]/g, "\\$&")}"`;
}

/** Characters that fit into one header line beside the header's name. */
const maxLength = 60;

/** As it is when it is short ASCII, else as encoded words (RFC 2047) of at most 64 characters, one to a line. */
function encodeText(text: string): string {
  if (isAscii(text) && text.length <= maxLength && !text.includes("=?")) return text;
  return encodeWord(text, "B", 64).replaceAll("?= =?", `?=${fold}=?`);
}

function writeContent({ text, html }: Values, writing: Writing): string {
  const parts = [
    typeof text === "string" || typeof html !== "string" ? writePart("plain", text ?? "", writing) : null,
    typeof html === "string" ? writePart("html", html, writing) : null,
  ].filter((part) => part !== null);
  if (parts.length === 1) return parts[0]!;
  const boundary = freeBoundary("part", parts.join(eol));
  return [
    `Content-Type: multipart/alternative; boundary="${boundary}"`,
    "",
    ...parts.flatMap((part) => [`--${boundary}`, part]),
    `--${boundary}--`,
    "",
  ].join(eol);
}

function writePart(subtype: "plain" | "html", value: unknown, writing: Writing): string {
  const [encoding, content] = writing.content(String(value).replace(/\r\n?|\n/g, eol));
  return [
    `Content-Type: text/${subtype}; charset=utf-8`,
    `Content-Transfer-Encoding: ${encoding}`,
    "",
    content,
  ].join(eol);
}
