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
/** SECRET of her agent. */
let key: string;

beforeAll(async () => {
  github = await startGithub();
  skillett = await startSkillett("sqlite", { env: { ...github.settings(), SKILLETT_SIGN_UP: "open" } });
  github.registerRedirect(`${skillett.url}/callback`);
  owner = await signUp(skillett, ada.name);
  await owner.call("POST", "/api/agents", { name: "Night shift" });
  key = (await owner.call("POST", "/api-keys", { name: "desk", agent_id: "night-shift" })).json.full_key;
});
afterAll(async () => {
  await skillett?.close();
  await github?.close();
});

inChromium("an account that an agent asks for", (visit) => {
  it("an account that an agent asks for is connected by its person, who signs in here and then at the service", async () => {
    const { json } = await skillett.call("POST", "/v1/connect", { key, body: { integration: "github" } });
    const { page } = await visit(skillett.url);
    await page.goto(json.oauth_url);
    await heading(page, "Sign in");
    await signIn(page, ada);
    await heading(page, "Connect GitHub?");
    expect(page.url()).toBe(json.oauth_url);
    expect(await page.locator("main").innerText()).toContain("The agent Night shift asks you");
    await page.getByRole("link", { name: "Continue to GitHub" }).click();
    await page.waitForURL((url) => url.origin !== skillett.url);
    await page.getByRole("button", { name: /octocat/ }).click();
    await heading(page, "GitHub is connected");
    const { json: told } = await skillett.call("GET", `/v1/connect/${json.connection_id}`, { key });
    expect(told).toMatchObject({ status: "connected", account: "octocat" });
  });

  it("a person who is signed in already is led to an agent's request at once", async () => {
    const { json } = await skillett.call("POST", "/v1/connect", { key, body: { integration: "github" } });
    const { page } = await visit(skillett.url);
    await page.goto("/sign-in");
    await signIn(page, ada);
    await heading(page, "Your account");
    await page.goto(`/sign-in?next=${encodeURIComponent(new URL(json.oauth_url).pathname)}`);
    await heading(page, "Connect GitHub?");
  });
});
