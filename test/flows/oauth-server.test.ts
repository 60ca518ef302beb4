import { rejects } from "node:assert";
import * as openid from "openid-client";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onEachEngine } from "../support/skillett.js";
import { type OAuthStage, startOAuthStage } from "./oauth-stage.js";

/** Letting remote MCP clients in, by the RFCs. */

onEachEngine("OAuth server", (engine) => {
  let stage: OAuthStage;
  beforeAll(async () => {
    stage = await startOAuthStage(engine);
  });
  afterAll(() => stage?.skillett.close());
  // Nobody waits for anything that another test has counted.
  beforeEach(() => stage.wait(3_600));

  it("lets a client in that registered itself", async () => {
    const client = await stage.register();
    const tokens = await stage.letIn(client);
    expect(tokens).toMatchObject({ token_type: "bearer", scope: "github:read", expires_in: 3600 });
    expect(await stage.use(tokens.access_token)).toMatchObject({ scopes: ["github:read"], agentId: null });
  });
});
