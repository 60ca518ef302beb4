import { afterAll, beforeAll, expect, it } from "vitest";
import { inChromium } from "./chromium.js";
import { grace, type Office, openOffice, skillName } from "./office.js";
import { ada, heading, signIn } from "./steps.js";

let office: Office;

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

const ownSkills = (key: string) => office.skillett.call("GET", "/v1/agent/skills", { key });

inChromium("agents", (visit) => {
  it("an agent is led to from the dashboard, made, given a skill and a key, and paused", async () => {
    const { page } = await visit(office.skillett.url);
    await page.goto("/dashboard");
    await signIn(page, ada);
    await heading(page, "Dashboard");
    await page.getByRole("navigation").getByRole("link", { name: "Agents" }).click();
    await heading(page, "Agents");
    await page.getByText("There is none yet.").waitFor();
    await page.getByRole("button", { name: "New agent" }).click();
    await page.getByLabel("Name").fill("Triage");
    await page.getByLabel("Description (optional)").fill("Looks at what comes in.");
    await page.keyboard.press("Enter");
    await heading(page, "Triage");
    await page.getByText("Looks at what comes in.").waitFor();

    await page.getByLabel("Assign a skill").selectOption(skillName);
    await page.getByRole("button", { name: "Assign", exact: true }).click();
    await page.getByText("version 1.0.0, the current one").waitFor();

    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name of the key").fill("laptop");
    await page.getByLabel("What it may call (optional)").fill("github:read, nonsense.*.*:x");
    await page.getByRole("button", { name: "Make the key" }).click();
    const scopes = page.getByLabel("What it may call (optional)");
    await page.getByText("nonsense.*.*:x is no scope").waitFor();
    expect(await scopes.getAttribute("aria-invalid")).toBe("true");
    await scopes.fill("github:read");
    await page.getByRole("button", { name: "Make the key" }).click();
    const [, key = ""] = /^SKILLETT_API_KEY=(sk_\S+)$/m.exec(
      await page.getByText(/^SKILLETT_API_KEY=/).innerText(),
    )!;
    await page.getByText(`"url": "${office.skillett.url}/mcp"`).waitFor();
    expect((await ownSkills(key)).json.skills).toMatchObject([{ slug: skillName }]);
    await page.reload();
    await page.getByText(/sk_\w{8}… · last used/).waitFor();
    expect(await page.getByText(key).count()).toBe(0);

    await page.getByRole("button", { name: `Turn off ${skillName}` }).click();
    await page.getByRole("button", { name: `Turn on ${skillName}` }).waitFor();
    expect((await ownSkills(key)).json.skills).toEqual([]);
    await page.getByRole("button", { name: "Pause Triage" }).click();
    await page.getByText("Paused: its keys are refused").waitFor();
    expect((await ownSkills(key)).status).toBe(403);
    await page.getByRole("button", { name: "Resume Triage" }).click();
    await page.getByText("Active", { exact: true }).waitFor();

    await page.getByRole("button", { name: "Revoke laptop" }).click();
    await page.getByText("It has none yet: it cannot call.").waitFor();
    expect((await ownSkills(key)).status).toBe(401);
    await page.getByRole("button", { name: `Unassign ${skillName}` }).click();
    await page.getByText("It has none yet.", { exact: true }).waitFor();
  });

  it("a new key is copied, or selected where the page may not copy", async () => {
    const { agentId } = await office.hire("Copyist");
    const { page, context } = await visit(office.skillett.url);
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`/dashboard/agents/${agentId}`);
    await signIn(page, ada);
    await heading(page, "Copyist");
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByLabel("Name of the key").fill("desk");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Copy the key" }).click();
    await page.getByText("Copied.").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toMatch(/^SKILLETT_API_KEY=sk_\w{20,}$/);
    // As it is without TLS on another machine.
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await page.getByRole("button", { name: "Copy the configuration" }).click();
    await page.getByText("Selected: copy it with the keyboard.").waitFor();
    expect(await page.evaluate("getSelection().toString()")).toContain('"mcpServers"');
  });

  it("an agent shows the version it stays at, and is deleted after a second question", async () => {
    const { agentId, key } = await office.hire("Pinned");
    await office.owner.call("POST", `/api/skills/${skillName}/assign`, { agentId, version: "1.0.0" });
    const { page } = await visit(office.skillett.url);
    await page.goto(`/dashboard/agents/${agentId}`);
    await signIn(page, ada);
    await page.getByText("stays at version 1.0.0, which is the current one").waitFor();
    await page.getByRole("button", { name: "Delete this agent" }).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Delete this agent" }).click();
    await page.getByRole("button", { name: "Delete Pinned" }).click();
    await heading(page, "Agents");
    expect(await page.getByRole("link", { name: "Pinned" }).count()).toBe(0);
    expect((await ownSkills(key)).status).toBe(401);
  });

  it("a member sees agents and has no buttons to change them, and their owner has all of these", async () => {
    const { agentId } = await office.hire("Watched");
    const { page } = await visit(office.skillett.url, { viewport: { width: 320, height: 568 } });
    await page.goto("/dashboard/agents");
    await signIn(page, grace);
    await page.getByRole("link", { name: "Watched" }).click();
    await heading(page, "Watched");
    expect(page.url()).toBe(`${office.skillett.url}/dashboard/agents/${agentId}`);
    await page.getByText("It has none yet.", { exact: true }).waitFor();
    expect(await page.getByRole("button").count()).toBe(0);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
    await page.goto("/dashboard/agents");
    await page.getByRole("link", { name: "Watched" }).waitFor();
    expect(await page.getByRole("button", { name: "New agent" }).count()).toBe(0);

    const { page: owners } = await visit(office.skillett.url);
    await owners.goto("/dashboard/agents");
    await signIn(owners, ada);
    await owners.getByRole("button", { name: "New agent" }).waitFor();
    await owners.getByRole("link", { name: "Watched" }).click();
    await heading(owners, "Watched");
    for (const name of ["Pause Watched", "Assign", "New key", "Delete this agent"])
      await owners.getByRole("button", { name, exact: true }).waitFor();
  });

  it("a wrong address of an agent is explained in words, and other pages name the command that does it", async () => {
    const { page } = await visit(office.skillett.url);
    await page.goto("/dashboard/agents/nobody");
    await signIn(page, ada);
    await heading(page, "This agent cannot be shown");
    await page.getByText("Agent not found").waitFor();
    await page.goto("/dashboard/calls");
    await heading(page, "There is no such page");
    await page.getByText("skillett calls", { exact: true }).waitFor();
    await page.getByRole("navigation").getByRole("link", { name: "Account" }).waitFor();
  });
});
