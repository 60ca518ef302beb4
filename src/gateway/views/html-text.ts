import { compile, type HtmlToTextOptions } from "html-to-text";
import { Parser } from "htmlparser2";

/** HTML beyond this is not read: its text would be longer than anybody reads at once. */
const maxCharacters = 500_000;
/** Elements within each other; the parser takes time by their square. */
const maxDepth = 500;
/** Of them, those that put something before each line of their text. */
const maxIndents = 30;
const indents = ["blockquote", "ul", "ol"];

/** Shown to nobody, so that it is no text. Style sheets and scripts never are. */
const hidden = [
  "head",
  "title",
  "img",
  "[hidden]",
  '[style*="display:none" i]',
  '[style*="display: none" i]',
];

const options: HtmlToTextOptions = {
  wordwrap: false,
  limits: { maxInputLength: maxCharacters, maxDepth },
  selectors: [
    ...hidden.map((selector) => ({ selector, format: "skip" })),
    { selector: "a", options: { hideLinkHrefIfSameAsText: true, noAnchorUrl: true } },
    { selector: "tr", format: "block", options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    ...["td", "th"].map((selector) => ({ selector, format: "inlineSurround", options: { suffix: " " } })),
    ...["h1", "h2", "h3", "h4", "h5", "h6"].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
};

/**
 * The text of HTML, with the addresses of its links. Never throws; HTML that is too long or too deep is read up to
 * there, and the text says so.
 */
export const htmlToText: (html: string) => string = createReader();

function createReader() {
  const convert = compile(options);
  return (html: string) => {
    const end = readableLength(html);
    const text = tidy(convert(html.slice(0, end)).slice(0, 2 * maxCharacters));
    return end < html.length ? `${text}\n\n[${html.length - end} characters of HTML follow]` : text;
  };
}

/** Without what tables that are there for looks leave behind: space at ends of lines, and many empty ones. */
function tidy(text: string): string {
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Where the HTML gets too deep, or its end. */
function readableLength(html: string): number {
  let [depth, indented, end] = [0, 0, Math.min(html.length, maxCharacters)];
  const parser = new Parser({
    onopentag(name) {
      depth += 1;
      if (indents.includes(name)) indented += 1;
      if (depth <= maxDepth && indented <= maxIndents) return;
      end = parser.startIndex;
      parser.pause();
    },
    onclosetag(name) {
      depth -= 1;
      if (indents.includes(name)) indented -= 1;
    },
  });
  parser.write(html.slice(0, end));
  return end;
}
