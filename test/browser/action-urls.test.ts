import { afterAll, beforeAll, expect, it } from "vitest";
import { type ErrorCode, type ErrorKind, errorTable } from "#core/errors.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { type Person, signUp } from "#support/world.js";
import { readSources } from "../rules/sources.js";
import { inChromium } from "./chromium.js";
import { ada, heading, signIn } from "./steps.js";

/** Whatever names a page to a person, names one that is there and puts it right. */

let skillett: Skillett;
let owner: Person;

beforeAll(async () => {
  skillett = await startSkillett("sqlite", { env: { SKILLETT_SIGN_UP: "open" } });
  owner = await signUp(skillett, ada.name);
});
afterAll(() => skillett?.close());

const named = Object.entries(errorTable).flatMap(([code, kind]) => {
  const { actionPath } = kind as ErrorKind;
  return actionPath ? [[code as ErrorCode, actionPath] as const] : [];
});
/** In errors, mails and the CLI's words. */
const written = readSources("src").flatMap(({ tree }) => [
  ...(tree.text.match(/\/dashboard\/[a-z-]+/g) ?? []),
]);

inChromium("pages that are named", (visit) => {
  it("pages that are named are there, each with a title of its own", async () => {
    const paths = [...new Set([...named.map(([, path]) => path), ...written])].sort();
    expect(paths).toEqual(
      expect.arrayContaining([
        "/dashboard/api-keys",
        "/dashboard/integrations",
        "/dashboard/settings",
        "/dashboard/tasks",
      ]),
    );
    const { page } = await visit(skillett.url);
    await page.goto("/dashboard");
    await signIn(page, ada);
    await heading(page, "Dashboard");
    const titles = [];
    for (const path of paths) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      titles.push(await page.getByRole("heading", { level: 1 }).innerText());
    }
    expect(new Set(titles).size).toBe(paths.length);
    expect(titles).not.toContain("There is no such page");
  });

  it("the page of keys makes a key where one was refused, within the plan, and ends it", async () => {
    const { page } = await visit(skillett.url);
    const refused = await skillett.call("GET", "/v1/usage", { key: "sk_gone" });
    await page.goto(refused.json.action_url);
    await signIn(page, ada);
    await heading(page, "API keys");
    await page.getByText("You have none.").waitFor();
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name of the key").fill("laptop");
    await page.getByRole("button", { name: "Make the key" }).click();
    const secret = await page.getByText(/^SKILLETT_API_KEY=/).innerText();
    const key = secret.replace("SKILLETT_API_KEY=", "").trim();
    expect((await skillett.call("GET", "/v1/me", { key })).json.api_key).toMatchObject({
      name: "laptop",
      scopes: ["*:read"],
      expires_at: expect.any(String),
    });

    // The free plan has one: the refusal leads to the page of plans.
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name of the key").fill("desk");
    await page.getByRole("button", { name: "Make the key" }).click();
    await page.getByText(/maximum 1 API keys/).waitFor();
    await page.getByRole("link", { name: "Put it right" }).click();
    await heading(page, "Settings");
    await page.getByText("1 of 1").waitFor();

    await page.getByRole("navigation").getByRole("link", { name: "API keys" }).click();
    await page.getByRole("button", { name: "Rotate laptop" }).click();
    await page.getByRole("button", { name: "Replace laptop now" }).click();
    await page.getByText(/^SKILLETT_API_KEY=/).waitFor();
    expect((await skillett.call("GET", "/v1/me", { key })).status).toBe(401);
    await page.getByRole("button", { name: "Revoke laptop" }).click();
    await page.getByRole("button", { name: "Keep it" }).click();
    await page.getByRole("button", { name: "Revoke laptop" }).click();
    await page.getByRole("button", { name: "Revoke laptop now" }).click();
    await page.getByText("You have none.").waitFor();
    expect(
      (await owner.call("GET", "/api-keys")).json.filter((it: { revoked_at: unknown }) => !it.revoked_at),
    ).toEqual([]);
  });

  it("the page of settings raises a limit for who runs the server, and names to others who does", async () => {
    const { page } = await visit(skillett.url);
    await page.goto("/dashboard/settings");
    await signIn(page, ada);
    await page.getByText("Whoever runs this server puts people on another plan").waitFor();
    expect(await page.getByRole("button", { name: "Change the plan" }).count()).toBe(0);

    const { kysely } = skillett.app.database;
    await kysely.updateTable("profiles").set({ is_operator: 1 }).where("email", "=", ada.email).execute();
    await page.reload();
    await page.getByLabel("Email address").fill("nobody@example.com");
    await page.getByRole("button", { name: "Change the plan" }).click();
    await page.getByText(/not found|Nobody/i).waitFor();
    await page.getByLabel("Email address").fill(ada.email);
    await page.getByLabel("Plan", { exact: true }).selectOption("pro");
    await page.getByRole("button", { name: "Change the plan" }).click();
    await page.getByText(`${ada.email} is on the plan pro.`).waitFor();
    await page.getByText("up to 300").waitFor();
  });
});
