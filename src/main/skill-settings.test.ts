import path from "node:path";
import { expect, it } from "vitest";
import { readSkillSettings } from "#main/skill-settings.js";

const url = "https://hooks.example.com/skillett?tenant=acme";
const read = (env: Record<string, string>) => {
  const problems: string[] = [];
  return { settings: readSkillSettings(env, problems), problems };
};

it("skills without settings have no webhook and no directory", () => {
  expect(read({})).toEqual({
    settings: { webhook: undefined, skillDirs: [], skillQueryTokens: 8000 },
    problems: [],
  });
});

it("a webhook's secret may be as Standard Webhooks writes it, or any long text", () => {
  const bytes = Buffer.alloc(24, 9);
  const webhook = (secret: string) =>
    read({ SKILLETT_WEBHOOK_URL: url, SKILLETT_WEBHOOK_SECRET: secret }).settings.webhook;
  expect(webhook(`whsec_${bytes.toString("base64")}`)).toEqual({ url, secret: bytes });
  expect(webhook("a text that is long enough")?.secret.toString()).toBe("a text that is long enough");
});

it.each([
  ["no secret", { SKILLETT_WEBHOOK_URL: url }, "SKILLETT_WEBHOOK_SECRET"],
  ["a short secret", { SKILLETT_WEBHOOK_URL: url, SKILLETT_WEBHOOK_SECRET: "short" }, "16 bytes"],
  ["no URL", { SKILLETT_WEBHOOK_SECRET: "a text that is long enough" }, "SKILLETT_WEBHOOK_URL"],
  [
    "no web address",
    { SKILLETT_WEBHOOK_URL: "mailto:x@example.com", SKILLETT_WEBHOOK_SECRET: "a text that is long enough" },
    "SKILLETT_WEBHOOK_URL",
  ],
])("a webhook with %s is refused without repeating a secret", (_name, env, hint) => {
  const { settings, problems } = read(env);
  expect(settings.webhook).toBeUndefined();
  expect(problems).toEqual([expect.stringContaining(hint)]);
  expect(problems[0]).not.toContain("a text that is long enough");
});

it("the directories of skills are separated as paths are", () => {
  const dirs = ["/srv/a", "/srv/b"];
  expect(read({ SKILLETT_SKILLS_DIR: dirs.join(path.delimiter) }).settings.skillDirs).toEqual(dirs);
});

it.each(["0", "12000", " 1000000 "])("references may take %s tokens", (text) => {
  expect(read({ SKILLETT_SKILL_QUERY_TOKENS: text })).toMatchObject({
    settings: { skillQueryTokens: Number(text) },
    problems: [],
  });
});

it.each(["-1", "8k", "1.5", "1000001", "1e3"])("references may not take %s tokens", (text) => {
  expect(read({ SKILLETT_SKILL_QUERY_TOKENS: text }).problems).toEqual([
    "SKILLETT_SKILL_QUERY_TOKENS must be a whole number from 0 to 1000000.",
  ]);
});
