const conversationKinds = ["channels", "groups", "im", "mpim"];
const ofConversations = (action: string) => conversationKinds.map((kind) => `${kind}:${action}`);

/** One scope of the list is enough. @see https://docs.slack.dev/reference/methods for each method */
const scopes: Record<string, string[]> = {
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "chat.delete": ["chat:write"],
  "chat.scheduleMessage": ["chat:write"],
  "conversations.history": ofConversations("history"),
  "conversations.replies": ofConversations("history"),
  "conversations.info": ofConversations("read"),
  "conversations.list": ofConversations("read"),
  "conversations.members": ofConversations("read"),
  "conversations.join": ["channels:write"],
  "conversations.open": ["im:write", "mpim:write"],
  "pins.add": ["pins:write"],
  "reactions.add": ["reactions:write"],
  "reactions.remove": ["reactions:write"],
  "users.list": ["users:read"],
  "users.info": ["users:read"],
  "users.lookupByEmail": ["users:read.email"],
};

/** What opens everything here. */
export const allSlackScopes = [...new Set(Object.values(scopes).flat())];

/** Empty where any token will do. */
export function slackScopesAccepted(method: string): string[] {
  return scopes[method] ?? [];
}
