import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { inChromium } from "./chromium.js";
import { ada, heading, signIn, signUp } from "./steps.js";

const maxScriptBytes = 120_000;
const dist = fileURLToPath(new URL("../../dist/web", import.meta.url));

let skillett: Skillett;
const printed: string[] = [];

beforeAll(async () => {
  skillett = await startSkillett("sqlite", {
    env: { SKILLETT_SIGN_UP: "open" },
    print: (text) => printed.push(text),
  });
});
afterAll(() => skillett?.close());

inChromium("the pages", (visit) => {
  it("the pages fit a narrow phone, in light and dark, and label every field", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const viewport = { width: 320, height: 568 };
      const { page } = await visit(skillett.url, { colorScheme, viewport });
      for (const path of ["/sign-in", "/sign-up", "/forgot-password", "/reset-password?token=x"]) {
        await page.goto(path);
        await page.getByRole("button").first().waitFor();
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
        expect(await page.locator("h1").count()).toBe(1);
        for (const input of await page.locator("input").all())
          expect(await input.evaluate((it) => it.labels?.[0]?.textContent ?? "")).not.toBe("");
      }
      const background = await page.evaluate("getComputedStyle(document.documentElement).backgroundColor");
      expect(background).toBe(colorScheme === "light" ? "rgb(246, 247, 249)" : "rgb(16, 18, 22)");
    }
  });

  it("the page to sign in loads little", async () => {
    const { page } = await visit(skillett.url);
    const scripts = new Set<string>();
    page.on("request", (request) => {
      if (request.resourceType() === "script") scripts.add(new URL(request.url()).pathname);
    });
    await page.goto("/sign-in");
    await heading(page, "Sign in");
    expect(scripts.size).toBeGreaterThan(0);
    const bytes = [...scripts].reduce((sum, script) => sum + statSync(`${dist + script}.gz`).size, 0);
    expect(bytes).toBeLessThan(maxScriptBytes);
  });

  it("the page to sign in needs no mouse, and leads nowhere else", async () => {
    await signUp((await visit(skillett.url)).page, ada);
    const { page } = await visit(skillett.url);
    await page.goto("/sign-in?next=%2F%2Fevil.example%2F");
    await heading(page, "Sign in");
    await page.keyboard.type(ada.email);
    await page.keyboard.press("Tab");
    await page.keyboard.type(ada.password);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await heading(page, "Your account");
    expect(page.url()).toBe(`${skillett.url}/account`);
  });

  it("a page that is not there and a link that has ended say so", async () => {
    const { page } = await visit(skillett.url);
    await page.goto("/dashboard/nothing");
    await heading(page, "There is no such page");
    expect(await page.getByRole("navigation").count()).toBe(0);
    await page.goto("/reset-password?error=INVALID_TOKEN");
    await heading(page, "This link does not work any more");
  });

  it("a new password is set by the link that is sent", async () => {
    const { page } = await visit(skillett.url);
    const grace = { name: "Grace", email: "grace@example.com", password: "the first password" };
    await signUp(page, grace);
    await page.context().clearCookies();
    await page.goto("/forgot-password");
    await page.getByLabel("Email address").fill(grace.email);
    await page.keyboard.press("Enter");
    await heading(page, "Look into your mail");
    await expect.poll(() => linkIn(printed)).toBeDefined();
    await page.goto(linkIn(printed)!);
    await heading(page, "Set a new password");
    await page.getByLabel("New password").fill("the second password");
    await page.keyboard.press("Enter");
    await heading(page, "Your new password is set");
    await page.getByRole("link", { name: "Sign in with the new one" }).click();
    await signIn(page, { ...grace, password: "the second password" });
    await heading(page, "Your account");
  });

  it("an invited person is brought into the tenant", async () => {
    const inviting = await visit(skillett.url);
    const edsger = { name: "Edsger", email: "edsger@example.com", password: "goto considered" };
    await signUp(inviting.page, edsger);
    const invited = await inviting.context.request.post("/auth/organization/invite-member", {
      data: { email: "barbara@example.com", role: "member" },
      headers: { origin: skillett.url },
    });
    expect(invited.status()).toBe(200);
    const { id } = await invited.json();

    const { page } = await visit(skillett.url);
    await page.goto(`/accept-invitation/${id}`);
    await heading(page, "You are invited");
    await page.getByLabel("Your name").fill("Barbara");
    await page.getByLabel("Email address").fill("barbara@example.com");
    await page.getByLabel("Password").fill("substitution principle");
    await page.keyboard.press("Enter");
    await heading(page, "Join Edsger?");
    await page.getByRole("button", { name: "Join" }).click();
    await heading(page, "Your account");
    const tenant = (name: string) => page.getByRole("listitem").filter({ hasText: name });
    await tenant("Edsger").filter({ hasText: "member" }).filter({ hasText: "at hand" }).waitFor();
    await page.getByRole("button", { name: "Switch to Barbara" }).click();
    await tenant("Barbara").filter({ hasText: "at hand" }).waitFor();
    await page.getByRole("button", { name: "Switch to Edsger" }).waitFor();
  });
});

/** The link to set a new password. */
function linkIn(texts: string[]): string | undefined {
  return /https?:\S*\/reset-password\/\S+/.exec(texts.join("\n"))?.[0];
}
