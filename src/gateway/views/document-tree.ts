import { isObject, type JsonObject, objectsOf, textOf } from "#gateway/views/json-values.js";

/** Tables within each other beyond this are not looked at. */
const maxDepth = 20;

/** The surroundings of a block. */
interface Context {
  /** Lists of the document by id. */
  lists: JsonObject;
  /** How many tables it is in. */
  depth: number;
}

/**
 * A document as a tree: `body.content` (or `tabs`, each with a document) is a list of `paragraph`, with `elements` that
 * have a `textRun`, and of `table`, with `tableRows`, `tableCells` and their `content`. Gives Markdown: headings, bold and
 * italic text, links, lists and tables.
 *
 * @returns undefined when it is no such tree
 */
export function readDocumentTree(value: unknown): string | undefined {
  if (!isObject(value)) return undefined;
  const tabs = objectsOf(value.tabs).map(({ documentTab }) => documentTab);
  const documents = [value, ...tabs].filter(isObject).filter(({ body }) => isObject(body));
  if (documents.length === 0) return undefined;
  return documents
    .map(({ body, lists }) => {
      const context = { lists: isObject(lists) ? lists : {}, depth: 0 };
      return blocks((body as JsonObject).content, context);
    })
    .join("\n\n");
}

/** List items stand line below line, everything else is set apart. */
function blocks(content: unknown, context: Context): string {
  if (context.depth > maxDepth) return "";
  let text = "";
  let wasItem = false;
  for (const element of objectsOf(content)) {
    const isItem = isObject(element.paragraph) && isObject(element.paragraph.bullet);
    const block = blockText(element, context);
    if (block === "") continue;
    text += text === "" ? block : `${isItem && wasItem ? "\n" : "\n\n"}${block}`;
    wasItem = isItem;
  }
  return text;
}

function blockText({ paragraph, table, tableOfContents }: JsonObject, context: Context): string {
  if (isObject(paragraph)) return paragraphText(paragraph, context);
  if (isObject(table)) return tableText(table, context);
  return isObject(tableOfContents) ? blocks(tableOfContents.content, below(context)) : "";
}

const below = ({ lists, depth }: Context): Context => ({ lists, depth: depth + 1 });

function paragraphText(paragraph: JsonObject, { lists }: Context): string {
  const text = objectsOf(paragraph.elements).map(elementText).join("").trim();
  if (text === "") return "";
  const { bullet, paragraphStyle } = paragraph;
  if (isObject(bullet)) return `${itemMark(bullet, lists)}${text}`;
  const style = isObject(paragraphStyle) ? textOf(paragraphStyle.namedStyleType) : undefined;
  const level = style === "TITLE" ? 1 : Number(/^HEADING_([1-6])$/.exec(style ?? "")?.[1] ?? 0);
  return level === 0 ? text : `${"#".repeat(level)} ${text.replaceAll("\n", " ")}`;
}

function elementText({ textRun, person, richLink, footnoteReference }: JsonObject): string {
  if (isObject(textRun)) return runText(textRun);
  if (isObject(person) && isObject(person.personProperties)) {
    const { name, email } = person.personProperties;
    return textOf(name) ?? textOf(email) ?? "";
  }
  if (isObject(richLink) && isObject(richLink.richLinkProperties)) {
    const { title, uri } = richLink.richLinkProperties;
    return link(textOf(title) ?? "", textOf(uri));
  }
  return isObject(footnoteReference) ? `[^${textOf(footnoteReference.footnoteNumber) ?? ""}]` : "";
}

/** Marks stand at the words, since Markdown knows none with a space inside. */
function runText(run: JsonObject): string {
  // A vertical tab is a line break within a paragraph.
  const content = (textOf(run.content) ?? "").replaceAll("\v", "\n");
  const text = content.trim();
  const style = isObject(run.textStyle) ? run.textStyle : {};
  if (text === "" || text.includes("\n")) return content;
  const before = content.slice(0, content.indexOf(text));
  const after = content.slice(before.length + text.length);
  const bold = style.bold === true ? `**${text}**` : text;
  const marked = style.italic === true ? `*${bold}*` : bold;
  const url = isObject(style.link) ? textOf(style.link.url) : undefined;
  return before + link(marked, url) + after;
}

const link = (text: string, url: string | undefined) => (url === undefined ? text : `[${text}](${url})`);

function itemMark({ listId, nestingLevel }: JsonObject, lists: JsonObject): string {
  const level = typeof nestingLevel === "number" && nestingLevel > 0 ? Math.min(nestingLevel, 8) : 0;
  const id = textOf(listId) ?? "";
  const list = Object.hasOwn(lists, id) ? lists[id] : undefined;
  const properties = isObject(list) && isObject(list.listProperties) ? list.listProperties : {};
  const glyph = textOf(objectsOf(properties.nestingLevels)[level]?.glyphType);
  const isNumbered = glyph !== undefined && !["GLYPH_TYPE_UNSPECIFIED", "NONE"].includes(glyph);
  return `${"   ".repeat(level)}${isNumbered ? "1. " : "- "}`;
}

function tableText(table: JsonObject, context: Context): string {
  const rows = objectsOf(table.tableRows).map(({ tableCells }) =>
    objectsOf(tableCells).map(({ content }) => cellText(blocks(content, below(context)))),
  );
  const [head, ...rest] = rows;
  if (!head) return "";
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rest.map(line)].join("\n");
}

/** On one line. */
function cellText(text: string): string {
  const lines = text.replaceAll("|", "\\|").split("\n");
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" ");
}
