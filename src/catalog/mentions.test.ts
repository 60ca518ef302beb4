import { expect, test } from "vitest";
import { withoutMentions } from "#catalog/mentions.js";

const off = new Set(["merge_pull", "delete_ref", "search"]);
const cut = (text: string) => withoutMentions(text, "github", off);

const table = "| Do | With |\n| --- | --- |\n| read | `get_pull` |\n| merge | `merge_pull` |\n";

test.each([
  ["text that mentions none stays as it is", "# A\n\n\n\nText.\n", "# A\n\n\n\nText.\n"],
  ["a paragraph that mentions one goes", "One.\n\nMerge it\nwith `merge_pull`.\n\nTwo.\n", "One.\n\nTwo.\n"],
  ["a row of a table goes", table, "| Do | With |\n| --- | --- |\n| read | `get_pull` |\n"],
  ["an item of a list goes with its lines", "- one\n- two,\n  `delete_ref`\n- three\n", "- one\n- three\n"],
  [
    "a command goes with the lines it goes on in, and others of its block stay",
    "```sh\nskillett run github get_pull\nskillett run github merge_pull \\\n  --pull_number 7\n```\n",
    "```sh\nskillett run github get_pull\n```\n",
  ],
  ["a code block goes when nothing is left of it", "A.\n\n```sh\nrun merge_pull\n```\n\nB.\n", "A.\n\nB.\n"],
  [
    "a heading goes when nothing is left below it",
    "# A\n\nText.\n\n## B\n\n### C\n\n`merge_pull`\n\n## D\n\nText.\n",
    "# A\n\nText.\n\n## D\n\nText.\n",
  ],
  ["the last heading goes too", "# A\n\nText.\n\n## B\n\n`merge_pull`\n", "# A\n\nText.\n\n"],
  ["front matter stays", "---\na: merge_pull\n---\nMerge with `merge_pull`.\n", "---\na: merge_pull\n---\n"],
  ["a word of sentences is no endpoint", "You may search it.\n", "You may search it.\n"],
  ["a word that stands as code is one", "Use `search`.\n\nOr not.\n", "\nOr not.\n"],
  [
    "a word after the integration is one",
    "```sh\nskillett run github search --q x\nls\n```\n",
    "```sh\nls\n```\n",
  ],
  [
    "a longer name is another",
    "`merge_pull_request` and `undelete_ref`\n",
    "`merge_pull_request` and `undelete_ref`\n",
  ],
])("Markdown is cut: %s", (_, text, expected) => {
  expect(cut(text)).toBe(expected);
});
