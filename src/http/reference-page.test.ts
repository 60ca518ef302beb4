import { expect, it } from "vitest";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";
import { referencePage } from "#http/reference-page.js";

const route = (text: string) =>
  ({
    method: "GET",
    path: `/${text}`,
    summary: text,
    auth: "none",
    query: { type: "object", properties: { [text]: { type: "string", description: text } } },
    errors: ["not_found"],
    reply: { status: 200, description: text, body: { type: "string", description: text } },
  }) as unknown as Route;

it("the reference shows what a route says as text and nothing else", () => {
  const page = referencePage({ one: route("</pre><script>alert('1')</script>") }, "<b>1</b>");
  const escaped = "&#60;/pre&#62;&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62;";
  expect(page).toContain(escaped);
  expect(page.replaceAll(escaped, "WORD")).toBe(referencePage({ one: route("WORD") }, "<b>1</b>"));
  expect(page).not.toContain("<b>1</b>");
});

it("the reference has every route of the contract once, and links that lead somewhere", () => {
  const page = referencePage(contract, "1.0.0");
  for (const [name, { summary }] of Object.entries(contract) as [string, Route][]) {
    expect(page.split(`<details id="${name}">`), name).toHaveLength(2);
    expect(page, name).toContain(summary.replaceAll("'", "&#39;"));
  }
  expect(page).not.toContain(">Others<");
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
  expect(targets.length).toBeGreaterThan(9);
  expect(targets.filter((id) => !ids.includes(id))).toEqual([]);
});
