import { expect, it } from "vitest";
import type { McpAuthorization } from "#support/mcp-authorization.js";
import { connectBySignIn } from "#support/signing-in.js";
import { onEachEngine } from "#support/skillett.js";
import { useClosedServer } from "./mcp-sign-in-stage.js";

/** Servers that say odd things about signing in: none of them can be signed in at, and each takes a key all the same. */

onEachEngine("odd sign-ins of MCP servers", (engine) => {
  const { authorization, skillett, add, refresh } = useClosedServer(engine);

  const evil = "https://evil.example";
  it.each<[string, Partial<McpAuthorization>, string]>([
    ["another issuer", { metadata: { issuer: evil } }, "it calls itself otherwise"],
    [
      "no PKCE",
      { metadata: { code_challenge_methods_supported: undefined } },
      "does not say that it takes PKCE",
    ],
    [
      "plain PKCE alone",
      { metadata: { code_challenge_methods_supported: ["plain"] } },
      "does not say that it takes PKCE",
    ],
    ["no registration", { metadata: { registration_endpoint: undefined } }, "that a person has registered"],
    [
      "only proofs that are not known",
      { metadata: { token_endpoint_auth_methods_supported: ["tls_client_auth"] } },
      "that a person has registered",
    ],
    [
      "no sign-in by a code",
      { metadata: { response_types_supported: ["token"] } },
      "has no sign-in by a code",
    ],
    [
      "an address within the network",
      { metadata: { token_endpoint: "https://10.0.0.1/token" } },
      "10.0.0.1 are not allowed",
    ],
    [
      "an address without TLS",
      { metadata: { authorization_endpoint: "http://evil.example/a" } },
      "without TLS",
    ],
    [
      "an address that is a program",
      { metadata: { authorization_endpoint: "javascript:alert(1)" } },
      "does not say how",
    ],
    [
      "an address with braces",
      { metadata: { token_endpoint: "https://{x}.evil.example/token" } },
      "cannot be sent",
    ],
    [
      "tokens for another server",
      { resourceMetadata: { resource: `${evil}/mcp` } },
      "which is not its address",
    ],
    ["tokens for what is no address", { resourceMetadata: { resource: "mcp" } }, "RFC 9728"],
    ["scopes that are no list", { resourceMetadata: { scopes_supported: { tickets: true } } }, "RFC 9728"],
    [
      "an address without end",
      { metadata: { authorization_endpoint: `${evil}/${"a".repeat(3_000)}` } },
      "cannot be sent",
    ],
    ["an address with a line break", { metadata: { token_endpoint: `${evil}/\n- x` } }, "cannot be sent"],
    [
      "no authorization server",
      { resourceMetadata: { authorization_servers: [] } },
      "does not say where its tokens come from",
    ],
    [
      "an authorization server within the network",
      { resourceMetadata: { authorization_servers: ["https://10.0.0.1"] } },
      "10.0.0.1 are not allowed",
    ],
    [
      "an authorization server that is no URL",
      { resourceMetadata: { authorization_servers: ["x y"] } },
      "RFC 9728",
    ],
    ["a registration that is none", { registration: { client_id: 7 } }, "did not register a client"],
    [
      "a registration with another proof",
      { registration: { token_endpoint_auth_method: "private_key_jwt" } },
      "by private_key_jwt",
    ],
    [
      "metadata elsewhere within the network",
      { challenge: () => 'Bearer resource_metadata="http://10.0.0.1/x"' },
      "10.0.0.1 are not allowed",
    ],
    ["far too much metadata", { metadata: { more: "x".repeat(200_000) } }, "more than 100 KB"],
  ])("a server with %s is added all the same, and takes a key", async (_, odd, why) => {
    Object.assign(authorization(), odd);
    const added = await add();
    expect(added).toMatchObject({
      closed: true,
      notes: [expect.stringMatching(/^Nobody can sign in at .*\.$/)],
    });
    expect(added.notes[0]).toContain(why);
    const slug = added.integration;
    expect(added.next[0]).toBe(`skillett connect ${slug} --token -`);
    const token = authorization().tokens.issue({ user: "octocat", clientId: "", scopes: [] }).access;
    await skillett().connect(slug, token);
    expect((await refresh(slug)).endpoints).toEqual({ on: 1, off: 0 });
  });

  it.each([
    ["says that it is from another server", { iss: evil }, "iss"],
    ["does not say where it is from, though the server promised", { iss: undefined }, "iss"],
  ])("a callback that %s connects nothing", async (_, callback, word) => {
    const slug = (await add()).integration;
    authorization().callback = callback as Record<string, string>;
    const before = authorization().tokenRequests.length;
    const { told } = await connectBySignIn(skillett(), { integration: slug });
    expect(told).toMatchObject({ status: "error", message: expect.stringContaining(word) });
    expect(authorization().tokenRequests).toHaveLength(before);
  });
});
