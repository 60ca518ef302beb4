import { afterAll, beforeAll, expect, it } from "vitest";
import { publishSkills } from "#support/published-skills.js";
import { inChromium } from "./chromium.js";
import { type Office, openOffice } from "./office.js";
import { ada, heading, signIn } from "./steps.js";

/** What the files of a hostile skill can do to somebody who is signed in. */

const script = "(globalThis.top ?? globalThis).ran = true";
const markup = `<script>${script}</script>`;
const files = {
  "x.html": `<!doctype html>${markup}`,
  "x.xhtml": `<html xmlns="http://www.w3.org/1999/xhtml">${markup}</html>`,
  "x.svg": `<svg xmlns="http://www.w3.org/2000/svg">${markup}</svg>`,
  "x.xml": `<html xmlns="http://www.w3.org/1999/xhtml">${markup}</html>`,
  "x.js": script,
  "x.mjs": script,
  "x.css": ":root { --styled: yes }",
};

/** In the page: every way to have a file of one's own server run or applied. */
const tryToRun = `async (url) => {
  const add = (name, more) =>
    new Promise((resolve) => {
      const element = Object.assign(document.createElement(name), more);
      element.onload = element.onerror = resolve;
      document.body.append(element);
    });
  await add("script", { src: url });
  await add("script", { src: url, type: "module" });
  await add("link", { href: url, rel: "stylesheet" });
  const worker = await navigator.serviceWorker.register(url).then(() => "registered", () => "refused");
  const styled = getComputedStyle(document.documentElement).getPropertyValue("--styled");
  return { ran: globalThis.ran, styled, worker };
}`;

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  const { tenantId } = (await office.owner.call("GET", "/api/me")).json;
  await publishSkills(office.skillett.app.database, tenantId, [
    {
      ...{ slug: "hostile", description: "Means no good." },
      files: Object.entries(files).map(([path, bytes]) => ({ path, bytes })),
    },
  ]);
});
afterAll(() => office?.close());

inChromium("files of skills", (visit) => {
  it.each(Object.keys(files))(
    "the file %s of a skill does not run in the pages of this server",
    async (file) => {
      const first = await visit(office.skillett.url);
      await first.page.goto("/dashboard");
      await signIn(first.page, ada);
      await heading(first.page, "Dashboard");
      // Of the same person, but what the browser refuses is meant to be refused.
      const page = await first.context.newPage();
      await page.goto("/dashboard");
      await heading(page, "Dashboard");
      const url = `/api/skills/hostile/versions/1.0.0/files/${file}`;
      const found = await page.evaluate(`(${tryToRun})(${JSON.stringify(url)})`);
      expect(found).toEqual({ ran: undefined, styled: "", worker: "refused" });

      const download = page.waitForEvent("download");
      await page.goto(url).catch(() => undefined);
      expect((await download).suggestedFilename()).toBe(file);
      expect(await page.evaluate("globalThis.ran")).toBeUndefined();
    },
  );
});
