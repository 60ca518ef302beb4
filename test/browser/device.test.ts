import { afterAll, beforeAll, expect, it } from "vitest";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { inChromium } from "./chromium.js";
import { ada, heading, signIn, signUp } from "./steps.js";

let skillett: Skillett;

beforeAll(async () => {
  skillett = await startSkillett("sqlite", { env: { SKILLETT_SIGN_UP: "open" } });
});
afterAll(() => skillett?.close());

async function ask(body: object = { device_name: "build-7", scope: "github:read gmail.list_messages" }) {
  const { json } = await skillett.call("POST", "/auth/device/code", { key: null, body });
  return json as { device_code: string; user_code: string; verification_uri_complete: string };
}

function poll(device_code: string) {
  return skillett.call("POST", "/auth/device/token", { key: null, body: { device_code } });
}

inChromium("letting a device in", (visit) => {
  it("a person follows the link, compares the code, sees who asks for what, and approves", async () => {
    await signUp((await visit(skillett.url)).page, ada);
    const device = await ask();
    const { page } = await visit(skillett.url);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));

    await page.goto(device.verification_uri_complete);
    await heading(page, "Sign in");
    await signIn(page, ada);
    await heading(page, "Does your device show this code?");
    expect(await page.getByLabel("Code").inputValue()).toBe(device.user_code);
    // A link that somebody else has sent does nothing by itself.
    expect(asked).not.toContain("/auth/device/authorize");

    await page.getByRole("button", { name: "It is the same: go on" }).click();
    await heading(page, "Let “build-7” in?");
    const shown = await page.locator("main").innerText();
    for (const fact of [device.user_code, "127.0.0.1", "GitHub: read only", "Gmail: list messages", "Ada"])
      expect(shown).toContain(fact);

    await page.getByRole("button", { name: "Approve" }).click();
    await heading(page, "The device is let in");
    const { json: token } = await poll(device.device_code);
    expect(token).toMatchObject({ status: "complete", user: { email: ada.email } });
    const { json: me } = await skillett.call("GET", "/v1/me", { key: token.access_token });
    expect(me.api_key).toMatchObject({ name: "build-7", scopes: ["github:read", "gmail.list_messages"] });
  });

  it("a person ticks raw requests themselves, and reads what they are", async () => {
    await skillett.setPlan("unlimited");
    const letIn = async (tick: boolean) => {
      const device = await ask({ device_name: "raw", scope: "github:read github:raw" });
      const { page } = await visit(skillett.url);
      await page.goto(device.verification_uri_complete);
      await signIn(page, ada);
      await page.getByRole("button", { name: "It is the same: go on" }).click();
      const raw = page.getByLabel("GitHub: any request to it, whatever your account there may do");
      expect(await raw.isChecked()).toBe(false);
      expect(await page.getByRole("status").count()).toBe(0);
      if (tick) {
        await raw.check();
        expect(await page.getByRole("status").innerText()).toContain("Nothing lists what that is");
      }
      await page.getByRole("button", { name: "Approve" }).click();
      await heading(page, "The device is let in");
      return (await poll(device.device_code)).json.scope;
    };
    expect(await letIn(false)).toBe("github:read");
    expect(await letIn(true)).toBe("github:read github:raw");
  });

  it("a code may be typed without dash and in lower case, and its device turned away", async () => {
    const device = await ask({});
    const { page } = await visit(skillett.url);
    await page.goto("/device");
    await signIn(page, ada);
    await heading(page, "Let a device in");
    await page.getByLabel("Code").fill(device.user_code.replace("-", "").toLowerCase());
    await page.keyboard.press("Enter");
    await heading(page, "Let this device in?");
    await page.getByRole("button", { name: "Deny" }).click();
    await heading(page, "The device was turned away");
    expect((await poll(device.device_code)).json).toMatchObject({ error: "access_denied" });
  });

  it("a code that is none is reported at its field, and the next one is taken", async () => {
    const { page } = await visit(skillett.url);
    await page.goto("/device");
    await signIn(page, ada);
    const field = page.getByLabel("Code");
    await page.getByRole("button", { name: "Go on" }).click();
    await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
    expect(await field.evaluate((input) => input.matches(":focus"))).toBe(true);

    await field.fill("AEIO-UAEI");
    await page.keyboard.press("Enter");
    const note = page.locator(`[id="${await field.getAttribute("aria-describedby")}"]`);
    await expect.poll(() => note.innerText()).toMatch(/vowel|letter/i);
    await field.fill((await ask()).user_code);
    await page.keyboard.press("Enter");
    await heading(page, "Let “build-7” in?");
  });
});
