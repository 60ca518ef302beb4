import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect } from "vitest";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const built = fileURLToPath(new URL("../../dist/web/index.html", import.meta.url));

/** Somebody at a browser of their own. What the browser reports as an error while they are there fails the test. */
export interface Visit {
  page: Page;
  context: BrowserContext;
}

export type OpenVisit = (baseURL: string, options?: BrowserContextOptions) => Promise<Visit>;

/** Runs a suite in a real browser; where there is none, says so and skips it. */
export function inChromium(name: string, suite: (visit: OpenVisit) => void): void {
  const there = existsSync(executablePath);
  const title = there ? name : `${name} (no Chromium at ${executablePath}: install it, or set CHROMIUM)`;
  describe.skipIf(!there)(title, () => {
    let browser: Browser;
    const contexts: BrowserContext[] = [];
    const errors: string[] = [];

    beforeAll(async () => {
      if (!existsSync(built)) throw new Error(`${path.basename(built)} is not built: npm run build`);
      // Containers lack what its sandbox is made of; the pages are ours.
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    });
    afterEach(async () => {
      for (const context of contexts.splice(0)) await context.close();
      expect(errors.splice(0)).toEqual([]);
    });
    afterAll(() => browser?.close());

    suite(async (baseURL, options) => {
      const context = await browser.newContext({ baseURL, locale: "en-GB", ...options });
      contexts.push(context);
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      page.on("pageerror", ({ message }) => errors.push(message));
      page.on("console", (message) => {
        // A refusal is told in words on the page; the browser logs its status as well.
        if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
          errors.push(message.text());
      });
      return { page, context };
    });
  });
}
