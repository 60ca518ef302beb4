import { type Clock, dayMs, isoTime } from "#core/clock.js";
import type { Mailer } from "#identity/mail.js";
import type { ApiKeyRows, EndingKey } from "#store/api-key-rows.js";

/** Time before the end of a key at which its owner gets a mail. */
const aheadMs = 7 * dayMs;
/** Keys in one step; further ones wait for the next hour. */
const batch = 200;

interface Deps {
  apiKeys: Pick<ApiKeyRows, "takeEnding">;
  mailer: Mailer;
  publicUrl: () => string;
  clock: Clock;
}

/**
 * Sends people a mail, once for each key, when a key of theirs is about to end. Without a mail server it does
 * nothing; the pages and `skillett doctor` say it as well.
 */
export function createKeyEndMail({ apiKeys, mailer, publicUrl, clock }: Deps): () => Promise<void> {
  return async () => {
    if (!mailer.delivers) return;
    const now = clock();
    for (const key of await apiKeys.takeEnding(now, now + aheadMs, batch)) {
      await mailer.send({ to: key.email, ...keyEndMail(key, publicUrl()) });
    }
  };
}

function keyEndMail({ id, name, key_prefix, expires_at, agent_name }: EndingKey, url: string) {
  const whose = agent_name === null ? "" : ` of the agent ${oneLine(agent_name)}`;
  return {
    subject: "A key of yours at Skillett is about to end",
    text: `The key ${oneLine(name)} (${key_prefix}…, ${id})${whose} ends at ${isoTime(expires_at)}. What calls with it is refused from then on.\nTo go on, make a new one and put it in its place: skillett keys create\nThis Skillett is at:\n${url}`,
  };
}

/** A name stands in a line of its own mail: no line may come with it. */
const oneLine = (text: string) => text.replace(/\s+/g, " ");
