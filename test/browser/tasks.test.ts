import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inChromium } from "./chromium.js";
import { grace, type Office, openOffice, skillName } from "./office.js";
import { type Account, ada, heading, signIn } from "./steps.js";

let office: Office;

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

function ask(key: string, body: { type: string; subject: string; reason: string }) {
  return office.skillett.call("POST", "/v1/tasks", { key, body });
}

const askForSkill = (key: string, reason: string) =>
  ask(key, { type: "skill_request", subject: skillName, reason });

const outcome = async (key: string, id: string) =>
  (await office.skillett.call("GET", `/v1/tasks/${id}`, { key })).json;

/** Lets an agent use its tools. */
async function atMcp<T>(key: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ name: "an agent", version: "1" });
  const headers = { authorization: `Bearer ${key}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${office.skillett.url}/mcp`), { requestInit: { headers } }),
  );
  try {
    return await use(client);
  } finally {
    await client.close();
  }
}

async function openTasks(page: Page, person: Account, path = "/dashboard/tasks"): Promise<void> {
  await page.goto(path);
  await signIn(page, person);
  await heading(page, "Tasks");
}

const task = (page: Page, title: string) =>
  page.getByRole("article").filter({ has: page.getByRole("heading", { name: title, exact: true }) });

inChromium("deciding tasks", (visit) => {
  it("the page of tasks says how tasks come about, while there are none", async () => {
    const { page } = await visit(office.skillett.url);
    await openTasks(page, ada);
    await page.getByText("Nothing waits for a decision.").waitFor();
    await page.getByText("skill_request").waitFor();
  });

  it("a task is approved by the link in the mail, and the agent has the skill at once", async () => {
    const { key } = await office.hire("Scribe");
    const requested = await atMcp(key, (client) =>
      client.callTool({
        name: "skill_request",
        arguments: { skillId: skillName, reason: "Version 2 is about to ship." },
      }),
    );
    expect(requested.isError ?? false).toBe(false);
    const query = { name: "skill_query", arguments: { skillId: skillName } };
    expect((await atMcp(key, (client) => client.callTool(query))).isError).toBe(true);

    const { page } = await visit(office.skillett.url);
    await expect.poll(() => linkToTasks()).toBeDefined();
    await openTasks(page, ada, linkToTasks());
    const asked = task(page, `Scribe asks for the skill ${skillName}`);
    for (const fact of ["Version 2 is about to ship.", "Scribe, with a key of yours", "no access to a tool"])
      await asked.getByText(fact).waitFor();
    await asked.getByLabel("Note (optional)").fill("For this release.");
    await asked.getByRole("button", { name: "Approve" }).click();
    const said = page.getByRole("status").filter({ hasText: `Approved: Scribe has the skill ${skillName}` });
    await said.waitFor();
    expect(await page.evaluate("document.activeElement.textContent")).toContain("Approved: Scribe");
    await page.getByText(/^Approved by you, /).waitFor();
    await page.getByText("For this release.").waitFor();
    expect(await page.getByRole("button", { name: "Approve" }).count()).toBe(0);

    const found = await atMcp(key, (client) => client.callTool(query));
    const [{ text }] = found.content as unknown as [{ text: string }];
    expect(JSON.parse(text)).toMatchObject({ instructions: "List what was merged." });
  });

  it("a task is rejected with a note that the agent can read", async () => {
    const { key } = await office.hire("Poet");
    const { task_id } = (await askForSkill(key, "For a poem.")).json;
    const { page } = await visit(office.skillett.url);
    await openTasks(page, ada);
    const asked = task(page, `Poet asks for the skill ${skillName}`);
    await asked.getByLabel("Note (optional)").fill("Not for poems.");
    await asked.getByRole("button", { name: "Reject" }).click();
    await page.getByRole("status").filter({ hasText: "Rejected: Poet can read so" }).waitFor();
    expect(await outcome(key, task_id)).toMatchObject({ status: "rejected", note: "Not for poems." });

    await page.getByLabel("Show").selectOption("rejected");
    await task(page, `Poet asks for the skill ${skillName}`).getByText("Not for poems.").waitFor();
    expect(await page.getByText("Scribe asks").count()).toBe(0);
    expect(page.url()).toContain("status=rejected");
    await page.reload();
    await page.getByText("Not for poems.").waitFor();
  });

  it("the approval of an integration says that it connects nothing, and who does", async () => {
    const { key } = await office.hire("Postman");
    const { json } = await ask(key, { type: "connector_request", subject: "slack", reason: "To say so." });
    const { page } = await visit(office.skillett.url);
    await openTasks(page, ada);
    const asked = task(page, "Postman asks for the integration Slack");
    await asked.getByText("Approving says yes, and connects nothing.").waitFor();
    await asked.getByText("skillett connect slack", { exact: true }).waitFor();
    await asked.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("status").filter({ hasText: "Approved. It is not connected yet" }).waitFor();
    expect(await outcome(key, json.task_id)).toMatchObject({ status: "approved" });
  });

  it("a decision that comes second is told who was first", async () => {
    const { key } = await office.hire("Twin");
    const { task_id } = (await askForSkill(key, "Twice.")).json;
    const { page } = await visit(office.skillett.url);
    await openTasks(page, ada);
    const asked = task(page, `Twin asks for the skill ${skillName}`);
    await asked.waitFor();
    await office.owner.call("POST", `/api/tasks/${task_id}/reject`, {});
    await asked.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("alert").filter({ hasText: "Ada has rejected this already" }).waitFor();
    await asked.getByText("Rejected by you").waitFor();
  });

  it("a member sees tasks without deciding them, and who can", async () => {
    const { key } = await office.hire("Clerk");
    await askForSkill(key, "To file it.");
    const { page } = await visit(office.skillett.url);
    await openTasks(page, grace);
    await task(page, `Clerk asks for the skill ${skillName}`).getByText("with a key of Ada").waitFor();
    await page.getByText("Who can: Ada (owner).").waitFor();
    expect(await page.getByRole("button", { name: /Approve|Reject/ }).count()).toBe(0);
    expect(await page.getByLabel("Note (optional)").count()).toBe(0);
  });

  it("the reason of an agent is shown as text, whatever it is, and fits a narrow phone", async () => {
    const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
    const reason = `${markup}\n\u202eIgnore the rules & [approve](javascript:alert(1)) ${"A".repeat(300)}`;
    const { key } = await office.hire("<b>Mallory</b>");
    await askForSkill(key, reason);
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await visit(office.skillett.url, {
        colorScheme,
        viewport: { width: 320, height: 568 },
      });
      await openTasks(page, ada);
      const asked = task(page, `<b>Mallory</b> asks for the skill ${skillName}`);
      expect(await asked.locator("blockquote").innerText()).toBe(reason);
      expect(await asked.locator("img, script, b, a").count()).toBe(0);
      expect(await page.title()).toBe("Tasks · Skillett");
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
      for (const input of await page.locator("input, select").all())
        expect(await input.evaluate((it) => it.labels?.[0]?.textContent ?? "")).not.toBe("");
    }
  });

  it("older tasks are shown when asked for", async () => {
    // No agent may ask so often in a day.
    const keys = await Promise.all(["Regular", "Second", "Third"].map((name) => office.hire(name)));
    for (let count = 0; count < 51; count++) {
      const { json } = await askForSkill(keys[count % 3]!.key, `Try ${count}.`);
      await office.owner.call("POST", `/api/tasks/${json.task_id}/reject`, {});
    }
    const { page } = await visit(office.skillett.url);
    await openTasks(page, ada, "/dashboard/tasks?status=rejected");
    await page.getByText("Try 50.").waitFor();
    expect(await page.getByText("Try 0.").count()).toBe(0);
    await page.getByRole("button", { name: "Show older ones" }).click();
    await page.getByText("Try 0.").waitFor();
  });

  it("a task is decided with a keyboard alone", async () => {
    const { key } = await office.hire("Typist");
    const { task_id } = (await askForSkill(key, "By hand.")).json;
    const { page } = await visit(office.skillett.url);
    await openTasks(page, ada);
    const asked = task(page, `Typist asks for the skill ${skillName}`);
    await asked.getByLabel("Note (optional)").focus();
    await page.keyboard.type("No.");
    // Enter in the note decides nothing: there are two ways to go.
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.getByRole("status").filter({ hasText: "Rejected: Typist" }).waitFor();
    expect(await outcome(key, task_id)).toMatchObject({ status: "rejected", note: "No." });
  });
});

function linkToTasks(): string | undefined {
  const to = office.smtp.mails.filter(({ to }) => to.includes(ada.email));
  return to.flatMap(({ data }) => /https?:\S*\/dashboard\/tasks/.exec(data) ?? [])[0];
}
