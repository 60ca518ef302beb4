import Type from "typebox";
import { isoTime } from "#core/clock.js";
import { file, json, notFound, ok, Refusal } from "#sandbox/answer.js";
import { readCursor, toCursor } from "#sandbox/cursor.js";
import { invoicePdf } from "#sandbox/invoice.js";
import { changes, type Route, reads } from "#sandbox/route.js";
import { addresses, id, line, strict, text } from "#sandbox/schemas.js";
import type { Change, Records } from "#sandbox/state.js";
import { type Mail, you } from "#sandbox/things.js";

const listQuery = strict({
  folder: Type.Optional(Type.Enum(["inbox", "sent", "drafts"])),
  unread: Type.Optional(Type.Boolean()),
  q: Type.Optional(line()),
  page_size: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  page_token: Type.Optional(Type.String({ maxLength: 20 })),
});

const newMail = (minRecipients: number) =>
  strict({
    to: addresses(minRecipients),
    cc: Type.Optional(addresses(0)),
    subject: line(),
    text: text(),
    in_reply_to: Type.Optional(id()),
  });
type NewMail = Type.Static<ReturnType<typeof newMail>>;

export const mailRoutes: Route[] = [
  reads("/mail", { query: listQuery }, async (records, { query }) => {
    const { page_size: pageSize = 5, page_token: token } = query;
    const found = (await records.list("mail")).filter(isLike(query)).reverse();
    const rest = token === undefined ? found : found.filter((mail) => mail.id < toId(token));
    const shown = rest.slice(0, pageSize);
    const next = rest.length > pageSize ? toCursor(shown.at(-1)!.id) : null;
    return ok({ mails: shown.map(toSummary), next_page_token: next });
  }),
  reads("/mail/{}", {}, async (records, { ids: [id] }) => ok(await findMail(records, id))),
  reads("/mail/{}/attachments/{}", {}, async (records, { ids: [id, attachment] }) => {
    const mail = await findMail(records, id);
    const found = mail.attachments.find((it) => it.id === attachment);
    if (!found) throw notFound(`attachment ${attachment} of mail ${id}`);
    return file(found.media_type, found.filename, invoicePdf());
  }),
  changes("POST /mail", { body: newMail(1) }, async (change, { body, now }) =>
    json(201, await write(change, body, "sent", now)),
  ),
  changes("POST /drafts", { body: newMail(0) }, async (change, { body, now }) =>
    json(201, await write(change, body, "drafts", now)),
  ),
  changes("POST /drafts/{}/send", {}, async (change, { ids: [id], now }) => {
    const mail = await findMail(change, id);
    if (mail.folder !== "drafts") throw new Refusal(409, "not_a_draft", `Mail ${id} is no draft.`);
    if (mail.to.length === 0) throw new Refusal(422, "no_recipient", `Draft ${id} says nobody in to.`);
    const sent: Mail = { ...mail, folder: "sent", date: isoTime(now) };
    await change.put("mail", mail.id, sent);
    return ok(sent);
  }),
];

async function findMail(records: Records, id = 0): Promise<Mail> {
  const mail = await records.find("mail", id);
  if (mail) return mail;
  throw notFound(`mail ${id}`);
}

async function write(change: Change, given: NewMail, folder: Mail["folder"], now: number): Promise<Mail> {
  const { to, cc = [], subject, text, in_reply_to: answered } = given;
  const thread = answered === undefined ? undefined : (await findMail(change, answered)).thread_id;
  return change.add("mail", (id) => ({
    id,
    thread_id: thread ?? id,
    folder,
    from: you.address,
    to,
    cc,
    subject,
    date: isoTime(now),
    unread: false,
    text,
    html: null,
    attachments: [],
  }));
}

function toId(token: string): number {
  const id = readCursor(token);
  if (id !== undefined) return id;
  throw new Refusal(422, "invalid", "query.page_token is none that this service has given.");
}

function isLike({ folder = "inbox", unread, q }: Type.Static<typeof listQuery>) {
  const sought = q?.toLowerCase();
  return (mail: Mail) =>
    mail.folder === folder &&
    (unread === undefined || mail.unread === unread) &&
    (sought === undefined ||
      `${mail.from}\n${mail.subject}\n${mail.text}\n${mail.html}`.toLowerCase().includes(sought));
}

function toSummary({ text, html, cc, ...mail }: Mail) {
  return { ...mail, attachments: mail.attachments.length };
}
