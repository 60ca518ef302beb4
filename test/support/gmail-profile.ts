import type { Ask } from "#support/emulator.js";
import type { Answer } from "#support/service-front.js";

export const profilePath = /^\/gmail\/v1\/users\/[^/]+\/profile$/;

/** What the emulator lacks of Gmail, made from what it has. */
export async function gmailProfile(emailAddress: string, ask: Ask): Promise<Answer> {
  const [messagesTotal, threadsTotal] = await Promise.all(
    ["messages", "threads"].map(async (kind) => {
      const { text } = await ask("GET", `/gmail/v1/users/me/${kind}?maxResults=500`);
      return JSON.parse(text)[kind]?.length ?? 0;
    }),
  );
  return { status: 200, body: { emailAddress, messagesTotal, threadsTotal, historyId: "1" } };
}
