import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "./sources.js";

/** A heading and everything up to the next one. */
export interface Section {
  level: number;
  /** Without backticks. */
  title: string;
  text: string;
}

export function readMarkdown(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}

export function sectionsOf(markdown: string): Section[] {
  const sections: Section[] = [];
  let fenced = false;
  for (const line of markdown.split("\n")) {
    if (line.startsWith("```")) fenced = !fenced;
    const heading = fenced ? null : /^(#+) (.+)$/.exec(line);
    if (heading)
      sections.push({ level: heading[1]!.length, title: heading[2]!.replaceAll("`", ""), text: "" });
    else if (sections.length > 0) sections.at(-1)!.text += `${line}\n`;
  }
  return sections;
}

/** The blocks fenced as `language`. */
export function codeOf(markdown: string, language: string): string[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter(([, fence]) => fence === language)
    .map(([, , code]) => code!);
}

/** The first cells of all tables, without backticks. */
export function firstCells(markdown: string): string[] {
  return [...markdown.matchAll(/^\| ([^|]+?) *\|/gm)].map(([, cell]) => cell!.replaceAll("`", ""));
}

/** Targets of links within the project: `errors.md`, `#names`, `../README.md#start`. */
export function linksOf(markdown: string): string[] {
  const prose = markdown
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replace(/`[^`\n]*`/g, (code) => code.replace(/[()[\]]/g, ""));
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((it) => !/^\w+:/.test(it));
}

/** How links name a heading. */
export function anchorOf({ title }: Section): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
