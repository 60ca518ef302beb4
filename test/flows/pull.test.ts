import {
  appendFileSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { runCli } from "#cli/cli.js";
import { readSkillFolder } from "#skills/format/read-folder.js";
import { createTestHost } from "#support/cli.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { type BoundKey, insertAgent, insertKey, type Person, setRole, signUp } from "#support/world.js";

/** Skills on their way from a folder to the server, and from there to the folders of agents. */

onEachEngine("skill folders", (engine) => {
  let skillett: Skillett;
  let ada: Person;
  let adasKey: string;
  let agent: BoundKey;
  let root: string;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" } });
    ada = await signUp(skillett, "Ada");
    adasKey = (await insertKey(skillett.app.database, ada)).key;
    agent = await insertAgent(skillett.app.database, ada, "Writer");
  });
  afterAll(() => skillett?.close());
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "skillett-pull-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function cli(args: string[], key = adasKey) {
    const env = { SKILLETT_URL: skillett.url, SKILLETT_API_KEY: key };
    const { host, output } = createTestHost({ directory: root, env });
    const code = await runCli(args, host);
    return { code, stderr: output.stderr, json: JSON.parse(output.stdout || "null") };
  }
  const at = (...parts: string[]) => path.join(root, ...parts);

  /** What the Agent Skills rules say of a folder. */
  function errorsIn(folder: string): unknown[] {
    const files = readdirSync(at(folder), { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(at(folder, name)).isFile())
      .map((name) => ({ path: name, bytes: readFileSync(at(folder, name)), executable: false }));
    return readSkillFolder(path.basename(folder), files).problems.filter((it) => it.severity === "error");
  }

  it("a new skill is valid, is pushed, assigned, pulled, brought up to date, and taken away", async () => {
    await cli(["skill", "new", "release-notes"]);
    const bytes = Buffer.from([0, 255, 254, 13, 10, 128]);
    await mkdir(at("release-notes/assets"));
    writeFileSync(at("release-notes/assets/logo.bin"), bytes);
    writeFileSync(at("release-notes/scripts/collect.sh"), "#!/bin/sh\ngit log\n");
    chmodSync(at("release-notes/scripts/collect.sh"), 0o755);
    expect(await cli(["skill", "validate", "release-notes"])).toMatchObject({
      code: 0,
      json: { valid: true },
    });
    const pushed = await cli(["skill", "push", "release-notes"]);
    expect(pushed).toMatchObject({ code: 0, json: { skills: [{ currentVersion: "1.0.0" }] } });

    const skill = "/api/skills/release-notes";
    const body = { agentId: agent.agentId };
    expect((await ada.call("POST", `${skill}/assign`, body)).status).toBe(201);
    await mkdir(at(".claude"));
    const paths = ["SKILL.md", "assets/logo.bin", "scripts/collect.sh"];
    const pulled = paths.map((file) => `.claude/skills/release-notes/${file}`);
    const nothing = { written: [], unchanged: [], removed: [], kept: [] };
    const first = await cli(["pull", "--all"], agent.key);
    expect(first).toMatchObject({ code: 0, json: { ...nothing, written: pulled } });
    for (const file of paths)
      expect(readFileSync(at(".claude/skills/release-notes", file))).toEqual(
        readFileSync(at("release-notes", file)),
      );
    expect(statSync(at(pulled[2]!)).mode & 0o100).toBe(0o100);
    expect(errorsIn(".claude/skills/release-notes")).toEqual([]);

    appendFileSync(at("release-notes/SKILL.md"), "\nMore.\n");
    const args = ["skill", "push", "release-notes", "--version", "1.1.0", "--notes", "More"];
    expect((await cli(args)).json.skills[0].currentVersion).toBe("1.1.0");
    expect((await cli(["pull", "--all"], agent.key)).json.written).toEqual([pulled[0]]);
    const lock = JSON.parse(readFileSync(at(".skillett/lock.json"), "utf8"));
    expect(lock.folders[".claude/skills/release-notes"].version).toBe("1.1.0");

    appendFileSync(at(pulled[0]!), "\nMine.\n");
    await ada.call("DELETE", `${skill}/unassign/${agent.agentId}`);
    const kept = await cli(["pull", "--all"], agent.key);
    expect(kept).toMatchObject({
      code: 1,
      json: { ...nothing, removed: pulled.slice(1), kept: [pulled[0]] },
    });
    const forced = await cli(["pull", "--all", "--force"], agent.key);
    expect(forced).toMatchObject({ code: 0, json: { ...nothing, removed: [pulled[0]] } });
    expect(existsSync(at(".claude/skills/release-notes"))).toBe(false);
  });

  it("a skill that is not valid is reported, and not stored", async () => {
    await mkdir(at("broken"));
    writeFileSync(at("broken/SKILL.md"), "---\nname: other\ncolour: red\n---\nBody.\n");
    const { code, json, stderr } = await cli(["skill", "validate", "broken"]);
    expect({ code, valid: json.valid }).toEqual({ code: 1, valid: false });
    expect(stderr).toMatch(/SKILL\.md:\d+: .*colour/);
    expect((await cli(["skill", "push", "broken"])).code).toBe(1);
    expect((await ada.call("GET", "/api/skills/broken")).status).toBe(404);
  });

  it("every integration, and the pointer, pass the Agent Skills rules as they are written", async () => {
    const { integrations } = (await skillett.call("GET", "/v1/skills", { key: adasKey })).json;
    expect(integrations.length).toBeGreaterThan(3);
    for (const { slug } of integrations) {
      const { code, json } = await cli(["pull", slug, "--platform", "agents"]);
      expect({ slug, code }).toEqual({ slug, code: 0 });
      expect(json.written[0]).toBe(`.agents/skills/skillett-${slug}/SKILL.md`);
      expect(errorsIn(`.agents/skills/skillett-${slug}`)).toEqual([]);
    }
    expect((await cli(["init", "--platform", "agents"])).code).toBe(0);
    expect(errorsIn(".agents/skills/skillett")).toEqual([]);
  });

  it("a viewer can validate a skill, and not push it", async () => {
    const bob = await signUp(skillett, "Bob");
    const { key } = await insertKey(skillett.app.database, bob);
    await setRole(skillett.app.database, bob, "viewer");
    await cli(["skill", "new", "mine"]);
    expect((await cli(["skill", "validate", "mine"], key)).code).toBe(0);
    const { code, json } = await cli(["skill", "push", "mine"], key);
    expect({ code, error: json.error }).toEqual({ code: 1, error: "forbidden" });
  });
});
