import Type from "typebox";
import { isoTime } from "#core/clock.js";
import { json, ok } from "#sandbox/answer.js";
import { readCursor, toCursor } from "#sandbox/cursor.js";
import { changes, type Route, reads } from "#sandbox/route.js";
import { id, strict } from "#sandbox/schemas.js";
import { channels, you } from "#sandbox/things.js";

/** The chat refuses with HTTP 200, as some services do: `ok` tells. */
const refused = (error: string) => json(200, { ok: false, error });

const maxLength = 4_000;
const channel = () => Type.String({ maxLength: 40 });
const isChannel = (id: string) => channels.some((it) => it.id === id);

const listQuery = strict({
  channel: channel(),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  cursor: Type.Optional(Type.String({ maxLength: 20 })),
});

const reaction = strict({ message: id(), emoji: Type.String({ pattern: "^[a-z0-9_+-]{1,40}$" }) });

export const chatRoutes: Route[] = [
  reads("/channels", {}, async () => ok({ ok: true, channels })),
  reads("/messages", { query: listQuery }, async (records, { query }) => {
    const { channel, limit = 5, cursor } = query;
    if (!isChannel(channel)) return refused("channel_not_found");
    const before = cursor === undefined ? Number.POSITIVE_INFINITY : readCursor(cursor);
    if (before === undefined) return refused("invalid_cursor");
    const all = (await records.list("message")).reverse();
    const rest = all.filter((it) => it.channel === channel && it.id < before);
    const shown = rest.slice(0, limit);
    const next = rest.length > limit ? toCursor(shown.at(-1)!.id) : "";
    return ok({ ok: true, messages: shown, next_cursor: next });
  }),
  changes(
    "POST /messages",
    { body: strict({ channel: channel(), text: Type.String({ maxLength: 20_000 }) }) },
    async (change, { body: { channel, text }, now }) => {
      if (!isChannel(channel)) return refused("channel_not_found");
      if (text.trim() === "") return refused("no_text");
      if (text.length > maxLength) return refused("message_too_long");
      const message = await change.add("message", (id) => ({
        id,
        channel,
        author: you.login,
        text,
        sent_at: isoTime(now),
        reactions: {},
      }));
      return ok({ ok: true, message });
    },
  ),
  changes("POST /reactions", { body: reaction }, async (change, { body: { message: id, emoji } }) => {
    const message = await change.find("message", id);
    if (!message) return refused("message_not_found");
    const by = Object.hasOwn(message.reactions, emoji) ? message.reactions[emoji]! : [];
    if (by.includes(you.login)) return refused("already_reacted");
    const reactions = { ...message.reactions, [emoji]: [...by, you.login] };
    await change.put("message", id, { ...message, reactions });
    return ok({ ok: true, message: id, reactions });
  }),
];
