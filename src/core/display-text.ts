/**
 * Characters that a name may have, wherever it comes from: clients, devices, agents, keys, tenants, people, accounts,
 * sources. A caller's name with misleading characters is refused; from names of third parties they are removed.
 */

/** Nearly every text consists of these, and needs no closer look. */
const onlyPrintableAscii = /^[ -~]*$/;

/** Why a text cannot be stored and shown; null when it can. With `lines` it may have line breaks and tabs. */
export function textIssue(text: string, lines = false): string | null {
  if (onlyPrintableAscii.test(text)) return null;
  if (/\p{Control}/u.test(lines ? text.replace(/[\t\r\n]/g, "") : text)) {
    return `must not have ${lines ? "" : "line breaks or other "}control characters`;
  }
  return /\p{Surrogate}/u.test(text) ? "has half a character in it (a lone surrogate)" : null;
}

/** Why a text cannot be a name or another text of one line by which people know something; null when it can. */
export function nameIssue(text: string): string | null {
  if (onlyPrintableAscii.test(text)) return null;
  const issue = textIssue(text);
  if (issue !== null) return issue;
  const [found] = invisible.exec(text.replace(joiners, "").replace(variations, "")) ?? [];
  if (found === undefined) return null;
  const code = found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  return `must not have characters that are invisible or change the direction of text (U+${code})`;
}

/** The text without the characters that a name must not have. Texts that differ only in those become the same. */
export function asName(text: string): string {
  if (nameIssue(text) === null) return text;
  // Joiners and variation selectors that are allowed stand aside as U+E000 while the invisible characters are
  // removed.
  const kept: string[] = [];
  const marked = text
    .replace(/\p{Surrogate}|\uE000/gu, "\uFFFD")
    .replace(new RegExp(`${joiners.source}|${variations.source}`, "gu"), (one) => {
      kept.push(one);
      return "\uE000";
    });
  return marked
    .replace(/\p{Control}+/gu, " ")
    .replace(new RegExp(invisible.source, "gu"), "")
    .replace(/\uE000/g, () => kept.shift()!)
    .trim();
}

/**
 * Marks of direction, zero-width and other characters that are not seen, tags, separators of lines.
 *
 * @see Unicode Standard Annex #44, Default_Ignorable_Code_Point; Unicode Technical Standard #55, §5
 */
const invisible = /[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\uFFF9-\uFFFB]/u;

/** Scripts that never need a joiner: there it could only make two names look the same. */
const plainLetter =
  "[\\p{sc=Latin}\\p{sc=Greek}\\p{sc=Cyrillic}\\p{sc=Hebrew}\\p{sc=Han}\\p{sc=Hangul}\\p{sc=Kana}]";
const joined = `(?:(?!${plainLetter})[\\p{L}\\p{M}])`;
const emoji = "[\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\uFE0F]";

/** Zero-width (non-)joiners within words of Persian, Hindi and the like, and within emoji such as 👩‍🚀. */
const joiners = new RegExp(
  `(?<=${joined})[\\u200C\\u200D](?=${joined})|(?<=${emoji})\\u200D(?=\\p{Extended_Pictographic})`,
  "gu",
);

/** One variation selector after a character that is seen, as in ❤️ or 葛󠄀. */
const variations =
  /(?<=[^\p{Default_Ignorable_Code_Point}\p{Z}\p{Control}])[\uFE00-\uFE0F\u180B-\u180D\u{E0100}-\u{E01EF}](?![\uFE00-\uFE0F\u{E0100}-\u{E01EF}])/gu;
