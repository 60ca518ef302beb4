import { expect, it } from "vitest";
import { startOidc } from "#support/oidc-provider.js";
import { beyondProxy, startProxy, throughProxy } from "#support/proxy.js";
import { createVisitor } from "#support/visitor.js";
import { pathOf } from "./oauth-stage.js";
import { createSite } from "./program.js";

/** Signing in to Skillett with the operator's issuer, where the only way out is a proxy. */

it("a person signs in with an issuer that only the proxy of the server reaches", async () => {
  const issuer = await startOidc(beyondProxy);
  const proxy = await startProxy({ addressesOnly: true, route: throughProxy });
  const site = await createSite("sqlite", {
    SKILLETT_EGRESS_PROXY: proxy.url,
    SKILLETT_SIGN_UP: "open",
    SKILLETT_SIGN_IN_OIDC_ISSUER: issuer.issuer,
    SKILLETT_SIGN_IN_OIDC_CLIENT_ID: "id",
    SKILLETT_SIGN_IN_OIDC_CLIENT_SECRET: "secret",
  });
  try {
    const visitor = createVisitor((await site.up()).url);
    issuer.nextIdentity({ sub: "1", email: "ada@corp.example", email_verified: true, name: "Ada" });
    const way = { provider: "oidc", callbackURL: "/device" };
    const begun = await visitor.call("POST", "/auth/sign-in/social", way);
    expect(begun.status, begun.text).toBe(200);
    // The person's browser has its own way to the issuer.
    const asked = await fetch(begun.json.url.replace(beyondProxy, "127.0.0.1"), { redirect: "manual" });
    await visitor.call("GET", pathOf(asked.headers.get("location")!));
    expect((await visitor.call("GET", "/api/me")).json).toMatchObject({
      profile: { email: "ada@corp.example", displayName: "Ada" },
    });
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${new URL(issuer.url).host}`]));
  } finally {
    await site.close();
    await proxy.close();
    await issuer.close();
  }
});
