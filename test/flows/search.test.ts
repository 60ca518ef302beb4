import { afterAll, beforeAll, expect, it } from "vitest";
import { createSkillSearch, type SkillSearch } from "#skills/registry/search.js";
import { publishSkills } from "#support/published-skills.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { insertPerson } from "#support/world.js";

/** Search over skills: what is found, and that it keeps up with the database. */

onEachEngine("search over skills", (engine) => {
  let skillett: Skillett;
  let search: SkillSearch;
  beforeAll(async () => {
    skillett = await startSkillett(engine);
    search = createSkillSearch({ database: skillett.app.database });
  });
  afterAll(() => skillett?.close());

  const database = () => skillett.app.database;
  const newTenant = async (name: string) => (await insertPerson(database(), name)).tenantId;
  /** Slugs, best first. */
  async function find(tenantId: string, q: string, more: object = {}, by = search): Promise<string[]> {
    const { ids } = await by.search(tenantId, { q, limit: 100, offset: 0, ...more });
    const rows = await database().kysely.selectFrom("skills").select(["id", "slug"]).execute();
    return ids.map((id) => rows.find((row) => row.id === id)!.slug);
  }

  it("a search finds a skill by every part of it, the name first", async () => {
    const tenant = await newTenant("parts");
    await publishSkills(database(), tenant, [
      { slug: "terraform", description: "Plans infrastructure." },
      { slug: "tagged", description: "Plain.", metadata: ['tags: "hashicorp, terraform"'] },
      { slug: "filed", description: "Plain.", category: "terraform" },
      { slug: "described", description: "Works with terraform, among others." },
      { slug: "headed", description: "Plain.", body: "# About terraform\n\nText." },
      { slug: "told", description: "Plain.", body: "Text that mentions terraform once." },
      { slug: "other", description: "Something else.", body: "```\n# a comment\n```" },
    ]);
    const found = await find(tenant, "terraform");
    expect(found[0]).toBe("terraform");
    expect(found.slice(1).sort()).toEqual(["described", "filed", "headed", "tagged", "told"]);
    expect(found.indexOf("described")).toBeLessThan(found.indexOf("told"));
    expect(await find(tenant, "terrafrom hashicorp")).toEqual(["tagged"]);
    expect(await find(tenant, "TERRAF")).toHaveLength(6);
    expect(await find(tenant, "…")).toEqual([]);
  });

  it("a search filters, and pages through what is left", async () => {
    const tenant = await newTenant("filters");
    await publishSkills(database(), tenant, [
      { slug: "deploy-a", description: "Deploys.", category: "engineering" },
      { slug: "deploy-b", description: "Deploys.", category: "sales" },
      { slug: "deploy-c", description: "Deploys.", category: "engineering", status: "archived" },
    ]);
    expect(await find(tenant, "deploy")).toEqual(["deploy-a", "deploy-b"]);
    expect(await find(tenant, "deploy", { category: "engineering" })).toEqual(["deploy-a"]);
    expect(await find(tenant, "deploy", { status: "archived" })).toEqual(["deploy-c"]);
    expect(await find(tenant, "deploy", { status: "all" })).toHaveLength(3);
    const page = await search.search(tenant, { q: "deploy", status: "all", limit: 1, offset: 1 });
    expect([page.ids.length, page.total]).toEqual([1, 3]);
  });

  it("a search knows every change at the next question, also on another server", async () => {
    const tenant = await newTenant("changes");
    const elsewhere = createSkillSearch({ database: database() });
    expect(await find(tenant, "alpha", {}, elsewhere)).toEqual([]);
    await publishSkills(database(), tenant, [{ slug: "first", description: "About alpha." }]);
    expect(await find(tenant, "alpha")).toEqual(["first"]);
    expect(await find(tenant, "alpha", {}, elsewhere)).toEqual(["first"]);
    await publishSkills(database(), tenant, [
      { slug: "first", description: "About beta.", version: "1.1.0" },
      { slug: "second", description: "About alpha." },
    ]);
    for (const one of [search, elsewhere]) {
      expect(await find(tenant, "alpha", {}, one)).toEqual(["second"]);
      expect(await find(tenant, "beta", {}, one)).toEqual(["first"]);
    }
  });

  it("many searches at once are answered in full while the index is made", async () => {
    const tenant = await newTenant("at-once");
    const many = Array.from({ length: 300 }, (_, at) => ({ slug: `skill-${at}`, description: "Alike." }));
    await publishSkills(database(), tenant, many);
    const asked = Array.from({ length: 20 }, () =>
      search.search(tenant, { q: "alike", limit: 1, offset: 0 }),
    );
    expect(new Set((await Promise.all(asked)).map(({ total }) => total))).toEqual(new Set([300]));
  });

  it("a search never shows the skills of others", async () => {
    const [mine, theirs] = [await newTenant("mine"), await newTenant("theirs")];
    await publishSkills(database(), mine, [{ slug: "payroll", description: "Ours." }]);
    expect(await find(theirs, "payroll")).toEqual([]);
    await publishSkills(database(), theirs, [{ slug: "payroll", description: "Theirs." }]);
    const { ids, total } = await search.search(mine, { q: "payroll", limit: 10, offset: 0 });
    expect([ids.length, total]).toEqual([1, 1]);
    expect(await find(mine, "theirs")).toEqual([]);
  });
});
