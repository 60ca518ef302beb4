import { afterAll, beforeAll, expect, it } from "vitest";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { inChromium } from "./chromium.js";
import { ada, heading, signIn, signOut, signUp } from "./steps.js";
import { totp } from "./totp.js";

let skillett: Skillett;

beforeAll(async () => {
  skillett = await startSkillett("sqlite", { env: { SKILLETT_SIGN_UP: "open" } });
});
afterAll(() => skillett?.close());

inChromium("an account", (visit) => {
  it("an account is made, and a wrong password is reported at its field", async () => {
    const { page } = await visit(skillett.url);
    await page.goto("/sign-up");
    await page.getByLabel("Your name").fill("Ada");
    await page.getByLabel("Email address").fill("ada");
    await page.getByLabel("Password").fill("short");
    await page.keyboard.press("Enter");
    await page.getByText("This is not an email address.").waitFor();
    await page.getByText("At least 8 characters, please.").waitFor();

    await signUp(page, ada);
    expect(await page.locator("main").innerText()).toContain(ada.email);
    await signOut(page);

    await signIn(page, { ...ada, password: "not the password" });
    const field = page.getByLabel("Password");
    await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
    await signIn(page, ada);
    await heading(page, "Your account");
  });

  it("an account shows its sessions and ends another one", async () => {
    const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const here = await visit(skillett.url);
    const there = await visit(skillett.url, { userAgent: firefox });
    for (const { page } of [there, here]) {
      await page.goto("/sign-in");
      await signIn(page, ada);
      await heading(page, "Your account");
    }
    await here.page.getByText("this one").waitFor();
    const other = here.page.getByRole("button", { name: "Sign out Firefox on Linux" });
    await other.click();
    await other.waitFor({ state: "detached" });
    await there.page.goto("/account");
    await heading(there.page, "Sign in");
  });

  it("an account takes a second factor from an app, or a recovery code that works once", async () => {
    const { page } = await visit(skillett.url);
    await page.goto("/sign-in");
    await signIn(page, ada);
    await page.getByRole("button", { name: "Turn on" }).click();
    await page.getByLabel("Your password").fill(ada.password);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByRole("img", { name: "QR code for your authenticator app" }).waitFor();
    const secret = await page.getByText(/^[A-Z2-7]{20,}$/).innerText();
    const [recovery = "", another = ""] = await page
      .getByRole("list", { name: "Recovery codes" })
      .getByRole("listitem")
      .allInnerTexts();
    await page.getByLabel("Code from your authenticator app").fill(totp(secret));
    await page.getByRole("button", { name: "Turn it on" }).click();
    await page.getByText("It is on:").waitFor();

    await signOut(page);
    await signIn(page, ada);
    await heading(page, "One more step");
    const code = totp(secret);
    await page.getByLabel("Code from your authenticator app").fill(`${code.slice(0, 3)} ${code.slice(3)}`);
    await page.keyboard.press("Enter");
    await heading(page, "Your account");

    const signInAnew = async (code: string) => {
      await signOut(page);
      await signIn(page, ada);
      await page.getByRole("button", { name: "Use a recovery code" }).click();
      await enter(code);
    };
    const enter = async (code: string) => {
      await page.getByLabel("Recovery code").fill(code);
      await page.keyboard.press("Enter");
    };
    await signInAnew(recovery);
    await heading(page, "Your account");
    await signInAnew(recovery);
    const field = page.getByLabel("Recovery code");
    await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
    await heading(page, "One more step");
    const { status } = await page.request.get("/api/me").then((reply) => ({ status: reply.status() }));
    expect(status).toBe(401);
    await enter(another);
    await heading(page, "Your account");

    await page.getByRole("button", { name: "Turn off" }).click();
    await page.getByLabel("Your password").fill(ada.password);
    await page.getByRole("button", { name: "Turn it off" }).click();
    await page.getByText("It is off.").waitFor();
  });

  it("an account can change its password", async () => {
    const { page } = await visit(skillett.url);
    await page.goto("/sign-in");
    await signIn(page, ada);
    await page.getByRole("button", { name: "Change the password" }).click();
    await page.getByLabel("Your password").fill(ada.password);
    await page.getByLabel("New password").fill("a new and longer one");
    await page.getByRole("button", { name: "Change it" }).click();
    await page.getByText("It is changed").waitFor();
    await signOut(page);
    await signIn(page, { ...ada, password: "a new and longer one" });
    await heading(page, "Your account");
  });
});
