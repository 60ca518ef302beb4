/** Media types that a client must accept, by the letter of the protocol. */
const both = "application/json, text/event-stream";

/**
 * Lets clients in that do not name both media types of MCP, as many do not. A client that names none, or takes
 * anything, or JSON alone, gets JSON; one that takes event streams alone gets those.
 *
 * @see MCP 2025-11-25, Streamable HTTP, Sending Messages to the Server; RFC 9110 §12.5.1
 */
export function readAccept(request: Request): { request: Request; wantsJson: boolean } {
  const accept = request.headers.get("accept") ?? "*/*";
  const types = accept.split(",").map((type) => type.split(";")[0]!.trim().toLowerCase());
  const takesStreams = types.includes("text/event-stream");
  const takesJson = ["application/json", "application/*", "*/*"].some((type) => types.includes(type));
  // The handler refuses a client that accepts neither.
  if (!takesStreams && !takesJson) return { request, wantsJson: false };
  const headers = new Headers(request.headers);
  headers.set("accept", both);
  const isSubscription = headers.get("mcp-method") === "subscriptions/listen";
  return { request: new Request(request, { headers }), wantsJson: !takesStreams && !isSubscription };
}

/** The messages of an event stream that ends, as the JSON that would have been answered without one. */
export async function toJson(response: Response): Promise<Response> {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return response;
  const events = (await response.text()).split(/\r?\n\r?\n/);
  const messages = events.map(dataOf).filter((data) => data !== "");
  const headers = new Headers(response.headers);
  headers.set("content-type", "application/json");
  const body = messages.length === 1 ? messages[0]! : `[${messages.join(",")}]`;
  return new Response(body, { status: response.status, headers });
}

/** @see HTML Living Standard §9.2.6 (interpreting an event stream) */
function dataOf(event: string): string {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  return lines.map((line) => line.slice("data:".length).replace(/^ /, "")).join("\n");
}
