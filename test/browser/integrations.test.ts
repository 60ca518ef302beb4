import { afterAll, beforeAll, expect, it } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { type Person, signUp } from "#support/world.js";
import { inChromium } from "./chromium.js";
import { ada, heading, signIn } from "./steps.js";

let github: GithubStandIn;
let skillett: Skillett;
/** Ada without pages. */
let owner: Person;

beforeAll(async () => {
  github = await startGithub();
  skillett = await startSkillett("sqlite", { env: { ...github.settings(), SKILLETT_SIGN_UP: "open" } });
  github.registerRedirect(`${skillett.url}/callback`);
  owner = await signUp(skillett, ada.name);
});
afterAll(async () => {
  await skillett?.close();
  await github?.close();
});

const accounts = async () => (await owner.call("GET", "/v1/connections")).json.connections;

inChromium("integrations", (visit) => {
  it("an integration is connected with a token, refused in words when it is no good, and disconnected", async () => {
    const { page } = await visit(skillett.url);
    await page.goto("/dashboard/integrations");
    await signIn(page, ada);
    await heading(page, "Integrations");
    await page.getByRole("button", { name: "Connect GitHub" }).click();
    await page.getByLabel("Personal access token").fill("ghp_nonsense");
    await page.getByRole("button", { name: "Connect", exact: true }).last().click();
    await page.getByText(/GitHub refused it/).waitFor();
    expect(await accounts()).toEqual([]);

    await page.getByLabel("Personal access token").fill(github.mintToken());
    await page.keyboard.press("Enter");
    await page.getByText("octocat", { exact: false }).first().waitFor();
    await page.getByText("used when a call names no account").waitFor();
    expect(await accounts()).toMatchObject([{ integration: "github", account: "octocat" }]);

    await page.getByRole("button", { name: "Disconnect octocat" }).click();
    await page.getByRole("button", { name: "Keep it" }).click();
    await page.getByRole("button", { name: "Disconnect octocat" }).click();
    await page.getByRole("button", { name: "Disconnect octocat now" }).click();
    await page.getByRole("button", { name: "Connect GitHub" }).waitFor();
    expect(await accounts()).toEqual([]);
  });

  it("an integration that needs no account says so, and offers no way to connect one", async () => {
    const { page } = await visit(skillett.url);
    await page.goto("/dashboard/integrations");
    await signIn(page, ada);
    await page.getByRole("heading", { name: "Sandbox" }).waitFor();
    await page.getByText("Practice only").waitFor();
    expect(await page.getByRole("button", { name: "Connect Sandbox" }).count()).toBe(0);
  });

  it("an integration is connected by signing in at the service, and again when the account stopped working", async () => {
    const { page } = await visit(skillett.url);
    await page.goto("/dashboard/integrations");
    await signIn(page, ada);
    await page.getByRole("button", { name: "Connect GitHub" }).click();
    await page.getByRole("button", { name: "Sign in at GitHub" }).click();
    await page.waitForURL((url) => url.origin !== skillett.url);
    await page.getByRole("button", { name: /octocat/ }).click();
    await heading(page, "GitHub is connected");
    await page.getByRole("link", { name: "the page of your accounts" }).click();
    await heading(page, "Integrations");
    await page.getByText("Connected", { exact: false }).first().waitFor();

    const { kysely } = skillett.app.database;
    await kysely.updateTable("connections").set({ status: "needs_reconnect" }).execute();
    await page.reload();
    await page.getByText("Does not work any more: connect it again").waitFor();
    await page.getByRole("button", { name: "Connect octocat again" }).click();
    await page.getByText("Ask for other scopes").click();
    await page.getByLabel("Scopes", { exact: true }).fill("repo, gist");
    await page.getByRole("button", { name: "Sign in at GitHub" }).click();
    await page.waitForURL((url) => url.origin !== skillett.url);
    await page.getByRole("button", { name: /octocat/ }).click();
    await heading(page, "GitHub is connected");
    expect(await accounts()).toMatchObject([
      { account: "octocat", status: "connected", scopes: ["repo", "gist"] },
    ]);
  });

  it("the page of integrations fits a narrow phone, and labels every field", async () => {
    const { page } = await visit(skillett.url, { viewport: { width: 320, height: 568 } });
    await page.goto("/dashboard/integrations");
    await signIn(page, ada);
    await page.getByRole("button", { name: /^Connect .*Slack$/ }).click();
    await page.locator("main input").first().waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
    for (const input of await page.locator("main input").all())
      expect(await input.evaluate((it) => it.labels?.[0]?.textContent ?? "")).not.toBe("");
  });
});
