import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bodyLimitOf, bodyLimits, inWords } from "#contract/body-limits.js";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";
import { type Skillett, startSkillett } from "#support/skillett.js";
import { type Person, signUp } from "#support/world.js";
import { sendBytes } from "./wire-request.js";

const routes: [name: string, route: Route][] = Object.entries(contract);
const withBody = routes.filter(([, { body, archive }]) => body || archive);
/** What reads bodies beside the contract. */
const others: [path: string, limit: number][] = [
  ["/auth/sign-in/email", bodyLimits.anonymous],
  ["/oauth/token", bodyLimits.anonymous],
  ["/oauth/register", bodyLimits.anonymous],
  ["/mcp", bodyLimits.call],
];

describe("a body over the limit", () => {
  let skillett: Skillett;
  let owner: Person;
  beforeAll(async () => {
    skillett = await startSkillett("sqlite", { env: { SKILLETT_SIGN_UP: "open" } });
    owner = await signUp(skillett, "owner");
  });
  afterAll(() => skillett.close());

  /** Says how long the body is and sends none of it: an answer means that nobody waited for it. */
  const announce = (
    method: string,
    path: string,
    type: string,
    length: number,
    auth: Route["auth"] = "key",
  ) => {
    const host = new URL(skillett.url).host;
    const credentials =
      auth === "person"
        ? `cookie: ${owner.cookie()}\r\norigin: ${skillett.url}`
        : `authorization: Bearer ${skillett.key}`;
    return sendBytes(
      skillett.url,
      `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n${credentials}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n`,
    );
  };
  const pathOf = ({ path }: Route) => path.replace(/:\w+|\*/g, "x");

  it.each(withBody)("a body over the limit of %s is refused before it is read", async (_name, route) => {
    const limit = bodyLimitOf(route);
    const type = route.archive ? "application/zip" : "application/json";
    const { status, text } = await announce(route.method, pathOf(route), type, limit + 1, route.auth);
    expect(status, text).toBe(413);
    expect(text).toContain("payload_too_large");
    expect(text).toContain(String(limit));
  });

  it.each(others)("a body over the limit at %s is refused before it is read", async (path, limit) => {
    const reply = await announce("POST", path, "application/json", limit + 1);
    expect(reply.status, reply.text).toBe(413);
  });

  it("a body that does not say how long it is, is refused where the limit is reached", async () => {
    const chunk = `4000\r\n${"x".repeat(0x4000)}\r\n`;
    const reply = await sendBytes(
      skillett.url,
      `POST /oauth/register HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n${chunk}${chunk}`,
    );
    expect(reply.status, reply.text).toBe(413);
  });

  it("the limit of a body is named in the reference", async () => {
    const { json } = await skillett.call("GET", "/openapi.json");
    for (const [name, route] of withBody) {
      const path = route.path.replace(/:(\w+)/g, "{$1}");
      const { description } = json.paths[path][route.method.toLowerCase()];
      expect(description, name).toContain(inWords(bodyLimitOf(route)));
    }
  });
});

it("the limit of a body is 16 KiB where nobody is signed in, and 10 MiB for calls alone", () => {
  for (const [name, route] of withBody) {
    if (route.auth === "none") expect(bodyLimitOf(route), name).toBe(16 * 1024);
    else if (!route.archive) {
      const isCall = name === "executeEndpoint" || name === "sendRequest";
      expect(bodyLimitOf(route), name).toBe((isCall ? 10 : 1) * 1024 * 1024);
    }
  }
});
