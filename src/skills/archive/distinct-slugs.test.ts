import { describe, expect, test } from "vitest";
import { readArchive } from "#skills/archive/read-archive.js";
import { type RawEntry, rawZip } from "#support/raw-zip.js";

const skillMd = (name: string) => `---\nname: ${name}\ndescription: Does things.\n---\nBody.\n`;

describe("skills of one slug", () => {
  const at = (place: string, text: string): RawEntry => ({
    name: `${place}/SKILL.md`,
    content: `${skillMd(place.split("/").at(-1)!)}${text}\n`,
  });
  const slugs = async (...entries: RawEntry[]) => {
    const { skills, skipped, problems } = await readArchive(rawZip(...entries));
    return [
      Object.fromEntries(skills.map(({ place, folder }) => [place, folder.slug])),
      skipped.map(({ folder }) => folder),
      problems.map(({ severity, file, message }) => [severity, file, message]),
    ];
  };

  test("skills of one slug get the name of a folder above them, whatever their order in the archive", async () => {
    const entries = [
      at("p/telegram/skills/access", "3"),
      at("p/discord/skills/access", "2"),
      at("access", "1"),
    ];
    const expected = {
      access: "access",
      "p/discord/skills/access": "discord-access",
      "p/telegram/skills/access": "telegram-access",
    };
    const [given, skipped, problems] = await slugs(...entries);
    expect([given, skipped]).toEqual([expected, []]);
    expect(problems).toContainEqual([
      "warning",
      "p/discord/skills/access/SKILL.md",
      expect.stringContaining("comes in as discord-access"),
    ]);
    expect((await slugs(...entries.toReversed()))[0]).toEqual(expected);
  });

  test("skills of one slug are told apart by what is not common to both, and the one in skills/ keeps it", async () => {
    const [given] = await slugs(at("repo-main/preview/flow", "1"), at("repo-main/skills/flow", "2"));
    expect(given).toEqual({ "repo-main/skills/flow": "flow", "repo-main/preview/flow": "preview-flow" });
  });

  test("skills of one slug are taken once where they are the same", async () => {
    expect(await slugs(at("a/demo", "x"), at("b/demo", "x"))).toEqual([
      { "a/demo": "demo" },
      [],
      [["warning", "b/demo/SKILL.md", "is the same as the skill in a/demo: it is taken once"]],
    ]);
  });

  test("skills of one slug get a number where no folder tells them apart, but for the folder of that name", async () => {
    const entries = ["skills/a b", "skills/a_b", "skills/a-b"].map((place) => at(place, place));
    expect((await slugs(...entries)).slice(0, 2)).toEqual([
      { "skills/a b": "a-b-2", "skills/a_b": "a-b-3", "skills/a-b": "a-b" },
      [],
    ]);
  });

  test("skills of one slug are left out beyond the hundredth", async () => {
    const entries = Array.from({ length: 101 }, (_x, count) =>
      at(`skills/a${"_".repeat(count)}b`, `${count}`),
    );
    const [, skipped, problems] = await slugs(...entries);
    expect(skipped).toHaveLength(1);
    expect(problems).toContainEqual([
      "error",
      expect.any(String),
      expect.stringContaining("rename its folder"),
    ]);
  });
});
