import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { readArchive } from "#skills/archive/read-archive.js";
import { readRemoteSkills } from "#skills/listings/remote-index.js";
import { publishSkills } from "#support/published-skills.js";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { insertAgent, insertKey, type Person, setRole, signUp } from "#support/world.js";

/** An address with a secret in its path, for programs that install skills and send no header. */

onEachEngine("addresses for installers", (engine) => {
  let skillett: Skillett;
  let ann: Person;
  let now = Date.now();
  const day = 86_400_000;
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" }, clock: () => now });
    ann = await signUp(skillett, "Ann");
    await publishSkills(skillett.app.database, ann.tenantId, [
      { slug: "notes", description: "Writes notes." },
      {
        ...{ slug: "review", description: "Reviews." },
        files: [{ path: "scripts/run me.sh", bytes: "#!/bin/sh\n", executable: true }],
      },
      { slug: "secret-plan", description: "Not for this agent." },
    ]);
    for (const name of ["worker", "other"]) await call("POST", "/api/agents", { name });
    for (const skill of ["notes", "review"])
      await call("POST", `/api/skills/${skill}/assign`, { agentId: "worker" });
    await call("POST", "/api/skills/secret-plan/assign", { agentId: "other" });
  });
  afterAll(() => skillett?.close());
  // Guesses count anew.
  beforeEach(() => {
    now += 60_000;
  });

  async function call(method: string, path: string, body?: unknown): Promise<Reply["json"]> {
    const { status, json, text } = await ann.call(method, path, body);
    expect(status, text).toBeLessThan(300);
    return json;
  }
  const create = (body: object = { name: "laptop" }, agent = "worker") =>
    call("POST", `/v1/agents/${agent}/addresses`, body);
  const read = (url: string) => fetch(url, { redirect: "manual" });
  const indexOf = (url: string) => `${url}/.well-known/agent-skills/index.json`;

  it("an installer's address has the skills of its agent, in both forms, and no others", async () => {
    const { url, address } = await create();
    expect(url).toMatch(/\/s\/sa_[0-9a-f]{40}$/);
    expect(Date.parse(address.expires_at)).toBe(now + 90 * day);
    const index = await read(indexOf(url));
    const { skills } = (await index.json()) as Reply["json"];
    expect(skills.map(({ name }: { name: string }) => name)).toEqual(["notes", "review"]);
    for (const it of skills) expect(new URL(it.url, indexOf(url)).href.startsWith(url)).toBe(true);
    const archive = await read(new URL(skills[1].url, indexOf(url)).href);
    const unpacked = await readArchive(Buffer.from(await archive.arrayBuffer()));
    expect(unpacked.skills[0]!.folder.files.map(({ path }) => path)).toEqual([
      "SKILL.md",
      "scripts/run me.sh",
    ]);
    const old = (await (await read(`${url}/.well-known/skills/index.json`)).json()) as Reply["json"];
    expect(old.skills[1].files).toEqual(["SKILL.md", "scripts/run me.sh"]);
    const script = await read(`${url}/.well-known/skills/review/scripts/run%20me.sh`);
    expect(await script.text()).toBe("#!/bin/sh\n");
    for (const { status, headers } of [index, archive, script]) {
      expect(status).toBe(200);
      expect(headers.get("cache-control")).toBe("private, no-store");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("x-content-type-options") ?? "nosniff").toBe("nosniff");
    }
    expect((await read(`${url}/.well-known/skills/secret-plan/SKILL.md`)).status).toBe(404);
  });

  it("an installer's address can be read as a source of skills", async () => {
    const { url } = await create();
    const get = async ({ url: at }: { url: string }) => {
      const reply = await read(at);
      return { status: reply.status, body: Buffer.from(await reply.arrayBuffer()) };
    };
    const reading = { unpack: (archive: Buffer) => readArchive(archive), signal: undefined as never };
    const names: string[] = [];
    for await (const { folder } of readRemoteSkills(get, { url, token: null }, reading))
      names.push(folder!.slug);
    expect(names).toEqual(["notes", "review"]);
  });

  it("the secret of an installer's address opens nothing else", async () => {
    const { url } = await create();
    const secret = url.split("/").at(-1);
    for (const path of ["/v1/agent/skills", "/v1/skills", "/api/me", "/.well-known/agent-skills/index.json"])
      expect((await skillett.call("GET", path, { key: secret })).status).toBe(401);
    for (const path of ["", "/", "/v1/agent/skills", "/.well-known/agent-skills", "/mcp"])
      expect((await read(url + path)).status).toBe(404);
    expect((await fetch(indexOf(url), { method: "POST" })).status).toBe(404);
  });

  it("an installer's address is listed without its secret, and kept as a digest alone", async () => {
    const { url, address } = await create({ name: "ci", expires_at: new Date(now + day).toISOString() });
    const secret = url.split("/").at(-1)!;
    const { addresses } = await call("GET", "/v1/agents/worker/addresses");
    expect(addresses[0]).toEqual(address);
    expect(JSON.stringify(addresses)).not.toContain(secret);
    const rows = await skillett.app.database.kysely.selectFrom("skill_addresses").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(secret.slice("sa_".length));
    await read(indexOf(url));
    const used = (await call("GET", "/v1/agents/worker/addresses")).addresses[0];
    expect(Date.parse(used.last_used_at)).toBe(now);
  });

  it("an installer's address that is revoked or has ended is answered as if it had never been", async () => {
    const { url, address } = await create();
    const { url: short } = await create({ name: "short", expires_at: new Date(now + day).toISOString() });
    const revoked = await call("DELETE", `/v1/agents/worker/addresses/${address.id}`);
    expect(Date.parse(revoked.address.revoked_at)).toBe(now);
    now += day;
    const told = async (at: string) => {
      const { status } = await read(at);
      const { request_id: _, ...body } = (await (await read(at)).json()) as Reply["json"];
      return [status, body];
    };
    const never = await told(indexOf(`${skillett.url}/s/sa_${"0".repeat(40)}`));
    expect(never[0]).toBe(404);
    for (const at of [indexOf(url), indexOf(short), `${url}/.well-known/skills/notes/SKILL.md`])
      expect(await told(at)).toEqual(never);
  });

  it("an installer's address stops while its agent is paused, and for good when that is deleted", async () => {
    await call("POST", "/api/agents", { name: "brief" });
    await call("POST", "/api/skills/notes/assign", { agentId: "brief" });
    const { url } = await create({ name: "x" }, "brief");
    expect((await read(indexOf(url))).status).toBe(200);
    await call("POST", "/api/agents/brief/pause");
    for (const path of ["agent-skills/index.json", "skills/index.json", "skills/notes/SKILL.md"])
      expect((await read(`${url}/.well-known/${path}`)).status).toBe(403);
    await call("POST", "/api/agents/brief/resume");
    expect((await read(indexOf(url))).status).toBe(200);
    await call("DELETE", "/api/agents/brief");
    expect((await read(indexOf(url))).status).toBe(404);
  });

  it("an installer's address stops when the person who made it leaves the tenant", async () => {
    const bob = await signUp(skillett, "Bob");
    await bob.call("POST", "/api/agents", { name: "bobs" });
    const made = await bob.call("POST", "/v1/agents/bobs/addresses", { name: "x" });
    expect((await read(indexOf(made.json.url))).status).toBe(200);
    await skillett.app.database.kysely
      .deleteFrom("memberships")
      .where("profile_id", "=", bob.profileId)
      .execute();
    expect((await read(indexOf(made.json.url))).status).toBe(404);
  });

  it("an installer's address is made by people who manage agents, and by no key of an agent", async () => {
    const { key } = await insertAgent(skillett.app.database, ann, "bound");
    const plain = (await insertKey(skillett.app.database, ann)).key;
    const make = (who: string) =>
      skillett.call("POST", "/v1/agents/worker/addresses", { key: who, body: { name: "x" } });
    expect([(await make(key)).status, (await make(plain)).status]).toEqual([403, 201]);
    const eve = await signUp(skillett, "Eve");
    const theirs = await eve.call("POST", "/v1/agents/worker/addresses", { name: "x" });
    expect(theirs.status).toBe(404);
    await eve.call("POST", "/api/agents", { name: "eves" });
    await setRole(skillett.app.database, eve, "viewer");
    expect((await eve.call("POST", "/v1/agents/eves/addresses", { name: "x" })).status).toBe(403);
    for (const body of [
      { name: "" },
      { name: "x", expires_at: new Date(now - 1).toISOString() },
      { name: "x", expires_at: new Date(now + 400 * day).toISOString() },
      { name: "x", secret: "mine" },
    ])
      expect((await ann.call("POST", "/v1/agents/worker/addresses", body)).json.error).toBe("bad_request");
  });

  it("guesses of installers' addresses are stopped after thirty, and real ones work meanwhile", async () => {
    const { url } = await create();
    const guess = (at: number) => read(indexOf(`${skillett.url}/s/sa_${String(at).padStart(40, "0")}`));
    const statuses = [];
    for (let at = 0; at < 32; at++) statuses.push((await guess(at)).status);
    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(404));
    expect(statuses.slice(30)).toEqual([429, 429]);
    expect((await read(indexOf(url))).status).toBe(200);
  });
});
