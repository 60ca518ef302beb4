import pluralize from "pluralize";

/** `listPullRequests`, `pulls/list-files` and `gmail.users.getProfile` in lower-case words. */
export function wordsOf(text: string): string[] {
  return text
    .slice(0, 300)
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
}

/** Verbs of endpoints, as the names of operations say them. */
export const verbs: ReadonlySet<string> = new Set(
  (
    "get list search find query create add insert post update edit patch put set replace upsert delete remove destroy " +
    "send reply forward draft cancel close open reopen archive unarchive restore move copy clone merge approve reject " +
    "accept decline start stop pause resume run execute trigger retry rerun enable disable invite join leave assign " +
    "unassign lock unlock pin unpin star unstar follow unfollow subscribe unsubscribe publish unpublish upload download " +
    "import export check validate verify test compare count read fetch retrieve lookup resolve batch bulk convert " +
    "generate render preview refund capture confirm void pay attach detach link unlink mark watch unwatch block unblock " +
    "rename transfer register revoke rotate reset sync submit request schedule transition snooze mute unmute ban unban " +
    "kick purge erase wipe terminate uninstall trash untrash undelete duplicate hide unhide fork acknowledge describe calculate estimate"
  ).split(" "),
);

/** Words that only look like a plural, or whose singular nobody uses. */
const noPlural = /^.{1,3}$|(data|media|ics|ss|us|is)$/;

/** One of what the word names. */
export function singular(word: string): string {
  return noPlural.test(word) ? word : pluralize.singular(word);
}

export function isPlural(word: string): boolean {
  return singular(word) !== word;
}
