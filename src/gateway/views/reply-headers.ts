import { splitAddresses } from "#catalog/request/rfc822.js";
import { decodeWords } from "#gateway/views/encoded-words.js";
import { isObject, type JsonObject } from "#gateway/views/json-values.js";
import { headerOf } from "#gateway/views/mime-tree.js";

/** Ids that a reply names; a thread of thousands is known by its beginning and its end. */
const maxReferences = 50;

/**
 * The header fields of a reply to a message, which is given as a tree of parts: whom it goes to, `Re:` and the subject, and
 * which messages it refers to. Fields that the message does not have are left out.
 *
 * @returns undefined when it is no such tree
 * @see readMimeTree
 * @see RFC 5322 §3.6.2 (Reply-To), §3.6.4 (In-Reply-To and References), §3.6.5 (Re:)
 */
export function readReplyHeaders(value: unknown): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const raw = (name: string) => headerOf(value, name) ?? "";
  const line = (name: string) => unfolded(decodeWords(raw(name)));
  const id = messageIds(line("message-id"))[0];
  return present({
    to: addresses(raw("reply-to")) || addresses(raw("from")),
    subject: replySubject(line("subject")),
    in_reply_to: id ?? "",
    references: id === undefined ? "" : referencesOf(line("references"), line("in-reply-to"), id),
  });
}

/** Names are read after the list is split, since there may be commas in them. @see RFC 2047 §5 */
const addresses = (list: string) => splitAddresses(unfolded(list)).map(withReadName).join(", ");

function withReadName(address: string): string {
  const open = address.endsWith(">") ? address.lastIndexOf("<") : 0;
  const name = address.slice(0, open).trim();
  if (!name.includes("=?")) return address;
  const read = unfolded(decodeWords(name)).replace(/["\\]/g, "\\$&");
  return `"${read}" ${address.slice(open)}`;
}

/** On one line: a line break would begin another field. */
const unfolded = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();

const replySubject = (subject: string) =>
  subject === "" || /^re\s*:/i.test(subject) ? subject : `Re: ${subject}`;

/** Those of the message and its own id; a message without any that answers one message refers to that. */
function referencesOf(references: string, inReplyTo: string, id: string): string {
  const parents = messageIds(inReplyTo);
  const before = messageIds(references);
  const earlier = before.length > 0 || parents.length !== 1 ? before : parents;
  const all = [...earlier.filter((it) => it !== id), id];
  if (all.length <= maxReferences) return all.join(" ");
  return [all[0], ...all.slice(1 - maxReferences)].join(" ");
}

/** The ids in a text. Anything else in it could not be written into the reply. */
const messageIds = (text: string) => text.match(/<[!-;=?-~]+>/g) ?? [];

const present = (fields: Record<string, string>) =>
  Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== ""));
