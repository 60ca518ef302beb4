import { afterAll, beforeAll, expect, it } from "vitest";
import { type Notary, startNotary } from "#support/notary.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { type Person, signUp } from "#support/world.js";
import { inChromium } from "./chromium.js";
import { ada, heading, signIn } from "./steps.js";

let notary: Notary;
let skillett: Skillett;
/** Ada without pages. */
let owner: Person;

beforeAll(async () => {
  notary = await startNotary();
  skillett = await startSkillett("sqlite", {
    env: {
      SKILLETT_SIGN_UP: "open",
      SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/service-accounts", import.meta.url).pathname,
      SKILLETT_NOTARY_TOKEN_URL: `${notary.url}/token`,
      SKILLETT_NOTARY_FILE_BASE_URL: notary.url,
    },
  });
  owner = await signUp(skillett, ada.name);
});
afterAll(async () => {
  await skillett?.close();
  await notary?.close();
});

inChromium("key files", (visit) => {
  it("a service account is connected with the text of its key file, which may have lines", async () => {
    const { issuer, keyId, privateKey } = notary.newAccount("RS256");
    const file = { client_email: issuer, private_key_id: keyId, private_key: privateKey };
    const { page } = await visit(skillett.url);
    await page.goto("/dashboard/integrations");
    await signIn(page, ada);
    await heading(page, "Integrations");
    await page.getByRole("button", { name: "Connect Notary by key file" }).click();
    await page.getByLabel("Key file").fill("{}");
    await page.keyboard.press("Enter");
    await page.getByText("has no client_email: is it the key file?").waitFor();
    await page.getByLabel("Key file").fill(JSON.stringify(file, null, 2));
    await page.keyboard.press("Enter");
    await page.getByText(issuer).first().waitFor();
    expect((await owner.call("GET", "/v1/connections")).json.connections).toMatchObject([
      { integration: "notary-file", account: issuer },
    ]);
  });
});
