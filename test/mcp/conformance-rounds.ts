import { randomBytes } from "node:crypto";
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  createRequestStateCodec,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";

/** Fixtures that ask the client back: by `input_required` in 2026-07-28, by requests of their own before. */

export const requestState = createRequestStateCodec({ key: randomBytes(32) });

const text = (text: string) => ({ content: [{ type: "text" as const, text }] });

const ask = (message: string, name: string, type = "string") =>
  inputRequired.elicit({
    message,
    requestedSchema: { type: "object", properties: { [name]: { type } }, required: [name] } as never,
  });
const sample = (question: string, maxTokens: number) =>
  inputRequired.createMessage({
    messages: [{ role: "user", content: { type: "text", text: question } }],
    maxTokens,
  });

/** What the client answered to one question, as a string; undefined when it did not, or with something else. */
function answered({ mcpReq }: ServerContext, key: string, field: string): string | undefined {
  const value = acceptedContent(mcpReq.inputResponses, key)?.[field];
  return value === undefined || typeof value === "object" ? undefined : String(value);
}

type Handler = (context: ServerContext) => unknown;

export function addRounds(mcp: McpServer): void {
  for (const [name, handler] of Object.entries({ ...oneRound, ...withState, ...sideCases }))
    mcp.registerTool(name, { description: "Asks the client" }, handler as never);
  mcp.registerPrompt("test_input_required_result_prompt", { description: "Asks the client" }, (async (
    context: ServerContext,
  ) => {
    const given = answered(context, "user_context", "context");
    if (given === undefined) {
      const user_context = ask("What context should the prompt use?", "context");
      return inputRequired({ inputRequests: { user_context } });
    }
    return { messages: [{ role: "user", content: { type: "text", text: `In ${given}` } }] };
  }) as never);
}

const oneRound: Record<string, Handler> = {
  test_input_required_result_elicitation: async (context) => {
    const name = answered(context, "user_name", "name");
    if (name !== undefined) return text(`Hello, ${name}!`);
    return inputRequired({ inputRequests: { user_name: ask("What is your name?", "name") } });
  },
  test_input_required_result_sampling: async ({ mcpReq }) => {
    const response = inputResponse(mcpReq.inputResponses, "capital_question");
    if (response.kind === "sampling") return text(JSON.stringify(response));
    const capital_question = sample("What is the capital of France?", 100);
    return inputRequired({ inputRequests: { capital_question } });
  },
  test_input_required_result_list_roots: async ({ mcpReq }) => {
    const response = inputResponse(mcpReq.inputResponses, "client_roots");
    if (response.kind === "roots") return text(JSON.stringify(response));
    return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
  },
};

const confirm = { confirm: ask("Please confirm", "ok", "boolean") };

const withState: Record<string, Handler> = {
  test_input_required_result_request_state: (context) => confirmed(context, "state-ok"),
  test_input_required_result_tampered_state: (context) => confirmed(context, "untouched"),
  test_input_required_result_multiple_inputs: async ({ mcpReq }) => {
    const keys = ["user_name", "greeting", "client_roots"];
    if (mcpReq.requestState() && keys.every((key) => mcpReq.inputResponses?.[key])) return text("All three.");
    return inputRequired({
      inputRequests: {
        user_name: ask("What is your name?", "name"),
        greeting: sample("Generate a greeting", 50),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await requestState.mint("asked"),
    });
  },
  test_input_required_result_multi_round: async (context) => {
    const name = context.mcpReq.requestState<string>() ?? "";
    const colour = answered(context, "step2", "color");
    if (name !== "" && colour !== undefined) return text(`${name} likes ${colour}.`);
    const given = answered(context, "step1", "name");
    return inputRequired({
      inputRequests:
        given === undefined
          ? { step1: ask("Step 1: What is your name?", "name") }
          : { step2: ask("Step 2: What is your favorite color?", "color") },
      requestState: await requestState.mint(given ?? ""),
    });
  },
};

async function confirmed(context: ServerContext, answer: string) {
  if (context.mcpReq.requestState() && answered(context, "confirm", "ok") !== undefined) return text(answer);
  return inputRequired({ inputRequests: confirm, requestState: await requestState.mint("asked") });
}

const sideCases: Record<string, Handler> = {
  test_input_required_result_capabilities: async ({ mcpReq }) => {
    const about = mcpReq.envelope as Record<string, ClientCapabilities> | undefined;
    const can = about?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
    const inputRequests = {
      ...(can.sampling ? { greeting: sample("Generate a greeting", 50) } : {}),
      ...(can.elicitation ? { user_name: ask("What is your name?", "name") } : {}),
    };
    return Object.keys(inputRequests).length > 0 ? inputRequired({ inputRequests }) : text("Nobody to ask.");
  },
  /** A client that cannot sample is told so before it is asked. */
  test_missing_capability: async () => inputRequired({ inputRequests: { greeting: sample("Greet", 50) } }),
  test_streaming_elicitation: async (context) => {
    const name = answered(context, "user_name", "name");
    if (name !== undefined) return text(`Hello, ${name}!`);
    return inputRequired({ inputRequests: { user_name: ask("What is your name?", "name") } });
  },
};
