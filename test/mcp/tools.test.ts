import { countTokens } from "gpt-tokenizer";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { connectMcp, type McpClient } from "./mcp-clients.js";

/** What a model sees of the tools. Whoever changes it sees the difference in `tools.snap`. */

interface Shown {
  name: string;
  inputSchema: Schema;
  /** None where the result is text alone. */
  outputSchema?: Schema;
}
interface Schema {
  type: string;
  required?: string[];
  properties: Record<string, Schema>;
  items?: Schema;
  additionalProperties?: boolean;
}

/** Of the product's documents: names, parameters and what a result holds. A star: it must be given. */
const documented: Record<string, { takes: string; gives: Record<string, string> }> = {
  skill_query: {
    takes: "skillId* query context referenceFile cursor",
    gives: {
      "": "skill instructions references availableReferences availableScripts",
      skill: "id name description category",
      references: "filename content",
    },
  },
  skill_discover: {
    takes: "category query cursor",
    gives: { "": "skills total", skills: "id name description category version author assignedToMe" },
  },
  skill_request: { takes: "skillId* reason*", gives: { "": "taskId status message" } },
  connector_discover: {
    takes: "category",
    gives: {
      "": "connected available suggestedSkills",
      connected: "id name category",
      available: "id name category",
      suggestedSkills: "integrationId suggestedSkills",
    },
  },
  connector_request: { takes: "integrationId* reason*", gives: { "": "taskId status message" } },
};
const more = ["integration_search", "integration_describe", "integration_run"];

let skillett: Skillett;
let client: McpClient;
let tools: Shown[];
beforeAll(async () => {
  skillett = await startSkillett("sqlite");
  client = await connectMcp(skillett.url, skillett.key, "client 2.x, 2026");
  tools = (await client.ask("tools/list")).tools;
});
afterAll(async () => {
  await client?.close();
  await skillett?.close();
});

it("the tools are listed in this order, each time", async () => {
  const names = [...Object.keys(documented), ...more];
  expect(tools.map(({ name }) => name)).toEqual(names);
  expect((await client.ask("tools/list")).tools).toEqual(tools);
  const older = await connectMcp(skillett.url, skillett.key, "sdk 1.x");
  expect((await older.ask("tools/list")).tools).toEqual(tools);
  await older.close();
});

it.each([...Object.keys(documented), ...more])("%s is shown as in its file", async (name) => {
  const shown = tools.find((it) => it.name === name);
  await expect(`${JSON.stringify(shown, null, 2)}\n`).toMatchFileSnapshot(`./tools.snap/${name}.json`);
});

it.each(Object.entries(documented))("%s takes and gives what its document says", (name, { takes, gives }) => {
  const { inputSchema, outputSchema } = tools.find((it) => it.name === name)!;
  const required = new Set(inputSchema.required);
  const parameters = Object.keys(inputSchema.properties).map((it) => (required.has(it) ? `${it}*` : it));
  expect(parameters.join(" ")).toBe(takes);
  if (!outputSchema) {
    expect(name).toBe("skill_query");
    return;
  }
  for (const [place, fields] of Object.entries(gives)) {
    const schema = place === "" ? outputSchema : outputSchema.properties[place]!;
    const { properties, required = [] } = schema.items ?? schema;
    expect(Object.keys(properties), place).toEqual(expect.arrayContaining(fields.split(" ")));
    expect(required, place).toEqual(expect.arrayContaining(fields.split(" ")));
  }
});

it("the tools have schemas of objects, closed for arguments", () => {
  for (const { name, inputSchema, outputSchema } of tools) {
    for (const schema of outputSchema ? [inputSchema, outputSchema] : [inputSchema])
      expect(schema, name).toMatchObject({ type: "object" });
    expect(inputSchema.additionalProperties, name).toBe(false);
  }
});

it("the tools are short enough to be read before every task", () => {
  const tokens = (value: unknown) => countTokens(JSON.stringify(value));
  expect(tokens(tools)).toBeLessThanOrEqual(2200);
  expect(tokens(tools.map(({ outputSchema, ...tool }) => tool))).toBeLessThanOrEqual(1400);
});

/** Keywords that every model's API takes. Gemini refuses all tools of a server for one `patternProperties`. */
const everywhere = [
  ...["type", "description", "properties", "required", "additionalProperties", "items", "enum", "$schema"],
  ...["minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems"],
];

it("the tools take nothing that some model's API refuses", () => {
  const keywords = (schema: Schema): string[] => [
    ...Object.keys(schema),
    ...Object.values(schema.properties ?? {}).flatMap(keywords),
    ...(schema.items ? keywords(schema.items) : []),
  ];
  for (const { inputSchema } of tools) {
    expect(keywords(inputSchema).filter((keyword) => !everywhere.includes(keyword))).toEqual([]);
    expect(inputSchema.type).toBe("object");
  }
});
