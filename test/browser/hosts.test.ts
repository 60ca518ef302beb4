import { afterAll, beforeAll, expect, it } from "vitest";
import { type HostedService, startHostedService } from "#support/hosted-service.js";
import { resolveLocalhostNames } from "#support/localhost-names.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { type Person, signUp } from "#support/world.js";
import { inChromium } from "./chromium.js";
import { ada, heading, signIn } from "./steps.js";

resolveLocalhostNames();

let service: HostedService;
let skillett: Skillett;
/** Ada without pages. */
let owner: Person;

beforeAll(async () => {
  service = await startHostedService();
  skillett = await startSkillett("sqlite", { env: { SKILLETT_SIGN_UP: "open", ...service.env } });
  owner = await signUp(skillett, ada.name);
});
afterAll(async () => {
  await skillett?.close();
  await service?.close();
});

inChromium("hosts", (visit) => {
  it("the form asks for the host beside the token, and says what is wrong with it at its field", async () => {
    const { page } = await visit(skillett.url);
    await page.goto("/dashboard/integrations");
    await signIn(page, ada);
    await heading(page, "Integrations");
    await page.getByRole("button", { name: "Connect Hosted", exact: true }).click();
    await page.getByLabel("Site").fill("evil.example");
    await page.getByLabel("Token", { exact: true }).fill("token-0123456789");
    await page.keyboard.press("Enter");
    await page.getByText("lower-case letters").first().waitFor();
    await page.getByLabel("Site").fill("acme");
    await page.keyboard.press("Enter");
    await page.getByText("Ada at acme").first().waitFor();
    expect((await owner.call("GET", "/v1/connections")).json.connections).toMatchObject([
      { integration: "hosted-field", account: "Ada at acme", settings: { site: "acme" } },
    ]);
  });
});
