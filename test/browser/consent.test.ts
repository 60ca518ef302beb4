import { createServer } from "node:http";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { closeServer, listen } from "#support/loopback.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor } from "#support/visitor.js";
import { createRemoteClients, redirectUri } from "../flows/oauth-stage.js";
import { inChromium } from "./chromium.js";
import { ada, heading, signIn, signUp } from "./steps.js";

let skillett: Skillett;
/** The program's own page, which waits for the browser to come back. */
let program: string;
const waiting = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "text/html" }).end("<title>Back</title><h1>You are back</h1>");
});

beforeAll(async () => {
  skillett = await startSkillett("sqlite", { env: { SKILLETT_SIGN_UP: "open" } });
  program = `${await listen(waiting)}/callback`;
});
afterAll(async () => {
  await skillett?.close();
  await closeServer(waiting);
});

async function begin(scope = "github slack:read") {
  // Nobody uses this one's cookies: the browser is the one in the test.
  const remote = createRemoteClients(skillett, createVisitor(skillett.url));
  const client = await remote.register({ client_name: "Desk <b>clerk</b>", redirect_uris: [redirectUri] });
  const request = await remote.begin(client, { scope, redirect_uri: program });
  return { ...request, url: skillett.url + request.authorize };
}

const api = (page: Page, method: string, path: string, data?: object) =>
  page.request.fetch(path, { method, ...(data ? { data } : {}), headers: { origin: skillett.url } });

inChromium("letting a program in", (visit) => {
  it("a person sees who asks, lets a program in with less, finds it and takes it back", async () => {
    const first = await visit(skillett.url);
    await signUp(first.page, ada);
    const agent = await (await api(first.page, "POST", "/api/agents", { name: "Night shift" })).json();

    const { page } = await visit(skillett.url);
    const request = await begin();
    await page.goto(request.url);
    await heading(page, "Sign in");
    await signIn(page, ada);
    await heading(page, "Let “Desk <b>clerk</b>” in?");
    const shown = await page.locator("main").innerText();
    for (const fact of ["Registered itself, unverified", "This computer", "GitHub: everything", "Ada"])
      expect(shown).toContain(fact);
    const actsAs = page.getByLabel("It acts as");
    expect(await actsAs.inputValue()).toBe(agent.agent.id);
    await page.getByLabel("Slack: read only").uncheck();
    await page.getByLabel("Only let it read").check();

    await page.getByRole("button", { name: "Allow" }).click();
    await heading(page, "You are back");
    const tokens = await request.redeem(new URL(page.url()));
    expect(tokens.scope).toBe("github:read");
    const caller = await skillett.app.authenticateMcp(`Bearer ${tokens.access_token}`, "127.0.0.1");
    expect(caller).toMatchObject({ agentId: agent.agent.id, scopes: ["github:read"] });

    await page.goto(`${skillett.url}/account`);
    const revoke = page.getByRole("button", { name: "Revoke Desk <b>clerk</b>" });
    await revoke.waitFor();
    expect(await page.locator("main").innerText()).toContain("as Night shift · GitHub: read only");
    await revoke.click();
    await revoke.waitFor({ state: "detached" });
    await expect(
      skillett.app.authenticateMcp(`Bearer ${tokens.access_token}`, "127.0.0.1"),
    ).rejects.toMatchObject({ code: "api_key_revoked" });
  });

  async function signedIn() {
    const { page } = await visit(skillett.url);
    await page.goto("/sign-in");
    await signIn(page, ada);
    await heading(page, "Your account");
    return page;
  }

  it("a person can let a program act as themselves, without an agent", async () => {
    const page = await signedIn();
    const request = await begin("github");
    await page.goto(request.url);
    await page.getByLabel("It acts as").selectOption("Myself, no agent");
    // What acts as a person always has an end.
    expect(await page.getByLabel("Without an end").count()).toBe(0);
    await page.getByRole("button", { name: "Allow" }).click();
    await heading(page, "You are back");
    const tokens = await request.redeem(new URL(page.url()));
    const caller = await skillett.app.authenticateMcp(`Bearer ${tokens.access_token}`, "127.0.0.1");
    expect(caller).toMatchObject({ agentId: null, scopes: ["github:read"] });
    const { profile } = await (await api(page, "GET", "/api/me")).json();
    expect(caller.profileId).toBe(profile.id);
    await page.goto(`${skillett.url}/account`);
    const revoke = page.getByRole("button", { name: "Revoke Desk <b>clerk</b>" });
    await revoke.waitFor();
    expect(await page.locator("main").innerText()).not.toContain("as Night shift");
    await revoke.click();
    await revoke.waitFor({ state: "detached" });
  });

  it.each(["Myself, no agent", "Night shift"])(
    "a person can turn a program away that would act as %s",
    async (who) => {
      const page = await signedIn();
      const request = await begin("*");
      await page.goto(request.url);
      await page.getByLabel("It acts as").selectOption(who);
      await page.getByRole("button", { name: "Deny" }).click();
      await heading(page, "You are back");
      const { searchParams } = new URL(page.url());
      expect([searchParams.get("error"), searchParams.get("code")]).toEqual(["access_denied", null]);
      expect(await (await api(page, "GET", "/api/authorizations")).json()).toEqual({
        authorizations: [],
        total: 0,
      });
      await page.goto(`${skillett.url}/account`);
      await heading(page, "Your account");
      expect(await page.getByRole("button", { name: "Revoke Desk <b>clerk</b>" }).count()).toBe(0);
    },
  );

  it("somebody else's request cannot be decided by its link", async () => {
    const attacker = await visit(skillett.url);
    const request = await begin();
    await attacker.page.goto(request.url);
    await heading(attacker.page, "Sign in");
    const lure = new URL(attacker.page.url()).searchParams.get("next")!;
    expect(lure).toContain("/consent?uid=");

    const { page } = await visit(skillett.url);
    await page.goto("/sign-in");
    await signIn(page, ada);
    await heading(page, "Your account");
    await page.goto(lure);
    await heading(page, "This request cannot be decided");
    expect(await page.getByRole("alert").innerText()).toContain("another browser began it");
  });

  it("raw requests are not ticked, and stay when everything is", async () => {
    const page = await signedIn();
    const request = await begin("* github:raw");
    await page.goto(request.url);
    const raw = page.getByLabel("GitHub: any request to it, whatever your account there may do");
    expect(await raw.isChecked()).toBe(false);
    await raw.check();
    await page.getByText("With requests of its own it does whatever your account may do there").waitFor();
    await page.getByLabel("Everything: all your connected accounts").check();
    await page.getByRole("button", { name: "Allow" }).click();
    await heading(page, "You are back");
    const tokens = await request.redeem(new URL(page.url()));
    expect(tokens.scope).toBe("* github:raw");
  });
});
