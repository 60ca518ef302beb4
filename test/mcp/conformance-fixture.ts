import { setTimeout as wait } from "node:timers/promises";
import {
  fromJsonSchema,
  McpServer,
  ResourceTemplate,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { addSkills } from "#mcp/skills-extension.js";
import { createAddTools } from "#mcp/tool.js";
import { tools } from "#mcp/tools/tools.js";
import { png } from "#support/fault-routes.js";
import { addRounds, requestState } from "./conformance-rounds.js";
import { fixtureBackend } from "./fixture-backend.js";

/** What the suite looks for by name, beside our own tools and skills. The texts are the suite's. */
export function createFixtureServer(): McpServer {
  const mcp = new McpServer(
    { name: "conformance", version: "1.0.0" },
    {
      capabilities: {
        logging: {},
        completions: {},
        tools: { listChanged: false },
        prompts: { listChanged: false },
        resources: { listChanged: false },
      },
      requestState: { verify: requestState.verify },
    },
  );
  const backend = fixtureBackend();
  addOwnTools(mcp, backend);
  addContentTools(mcp);
  addWatchedTools(mcp);
  addSchemaTools(mcp);
  addRounds(mcp);
  addPrompts(mcp);
  addResources(mcp);
  addSkills(mcp, backend);
  return mcp;
}

const addOwnTools = createAddTools(tools);

const text = (text: string) => ({ type: "text" as const, text });
const image = { type: "image" as const, data: png.toString("base64"), mimeType: "image/png" };
const embedded = (uri: string, mimeType: string, text: string) => ({
  type: "resource" as const,
  resource: { uri, mimeType, text },
});

/** A WAV file of no length. @see Multimedia Programming Interface and Data Specifications 1.0 */
const silence = Buffer.from(
  "52494646240000005741564566" + "6d7420100000000100010040" + "1f0000803e0000020010006461746100000000",
  "hex",
);

function addContentTools(mcp: McpServer): void {
  const contents = {
    test_simple_text: [text("This is a simple text response for testing.")],
    test_image_content: [image],
    test_audio_content: [{ type: "audio" as const, data: silence.toString("base64"), mimeType: "audio/wav" }],
    test_embedded_resource: [
      embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."),
    ],
    test_multiple_content_types: [
      text("Multiple content types test:"),
      image,
      embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ],
  };
  for (const [name, content] of Object.entries(contents))
    mcp.registerTool(name, { description: "Answers with fixed content" }, async () => ({ content }));
  mcp.registerTool("test_error_handling", { description: "Always fails" }, async () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
}

/** Tools that tell how they are getting on, or that a client must be able to help. */
function addWatchedTools(mcp: McpServer): void {
  const logging = async ({ mcpReq }: ServerContext) => {
    for (const message of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await mcpReq.log("info", message);
      await wait(50);
    }
    return { content: [text("Logged three times.")] };
  };
  for (const name of ["test_tool_with_logging", "test_logging_tool"])
    mcp.registerTool(name, { description: "Logs while it runs" }, logging);
  mcp.registerTool("test_tool_with_progress", { description: "Reports progress" }, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined) {
        const params = { progressToken, progress, total: 100 };
        await mcpReq.notify({ method: "notifications/progress", params });
      }
      await wait(50);
    }
    return { content: [text("Done.")] };
  });
}

const dialect = "https://json-schema.org/draft/2020-12/schema";

/** Has every keyword that the suite wants to see again in the list. */
const richSchema = {
  $schema: dialect,
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

function addSchemaTools(mcp: McpServer): void {
  const answer = async () => ({ content: [text("ok")] });
  const inputs: Record<string, object> = {
    json_schema_2020_12_tool: richSchema,
    test_mirrored_argument: {
      $schema: dialect,
      type: "object",
      properties: { region: { type: "string", "x-mcp-header": "Region" } },
      required: ["region"],
    },
  };
  for (const [name, schema] of Object.entries(inputs)) {
    const inputSchema = fromJsonSchema<Record<string, unknown>>(schema as Record<string, unknown>);
    mcp.registerTool(name, { description: "Takes what its schema says", inputSchema }, answer);
  }
}

const user = <Content>(content: Content) => ({ role: "user" as const, content });

const strings = (...names: string[]) =>
  fromJsonSchema<Record<string, string>>({
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
    required: names,
  });

function addPrompts(mcp: McpServer): void {
  mcp.registerPrompt("test_simple_prompt", { description: "Fixed text" }, async () => ({
    messages: [user(text("This is a simple prompt for testing."))],
  }));
  mcp.registerPrompt("test_prompt_with_image", { description: "An image" }, async () => ({
    messages: [user(image), user(text("Please analyze the image above."))],
  }));
  mcp.registerPrompt(
    "test_prompt_with_arguments",
    { description: "Repeats its arguments", argsSchema: strings("arg1", "arg2") },
    async ({ arg1, arg2 }) => ({
      messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
    }),
  );
  mcp.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "Embeds a resource", argsSchema: strings("resourceUri") },
    async ({ resourceUri = "" }) => ({
      messages: [
        user(embedded(resourceUri, "text/plain", "Embedded resource content for testing.")),
        user(text("Please process the embedded resource above.")),
      ],
    }),
  );
  mcp.server.setRequestHandler("completion/complete", async () => ({
    completion: { values: ["paris", "park", "party"], total: 3, hasMore: false },
  }));
}

function addResources(mcp: McpServer): void {
  const about = (mimeType: string) => ({ description: "For the suite", mimeType });
  mcp.registerResource("static-text", "test://static-text", about("text/plain"), async ({ href: uri }) => ({
    contents: [{ uri, mimeType: "text/plain", text: "This is the content of the static text resource." }],
  }));
  mcp.registerResource(
    "static-binary",
    "test://static-binary",
    about("image/png"),
    async ({ href: uri }) => ({
      contents: [{ uri, mimeType: "image/png", blob: image.data }],
    }),
  );
  mcp.registerResource(
    "template",
    new ResourceTemplate("test://template/{id}/data", { list: undefined }),
    about("application/json"),
    async ({ href: uri }, { id }) => {
      const data = { id, templateTest: true, data: `Data for ID: ${id}` };
      return { contents: [{ uri, mimeType: "application/json", text: JSON.stringify(data) }] };
    },
  );
}
