import { expect, it } from "vitest";
import { onEachEngine, startSkillett } from "#support/skillett.js";
import { createVisitor, password } from "#support/visitor.js";

/** What the cookie of a session is like. */

const publicUrl = "https://skills.example.com";
const person = { name: "Ada", email: "ada@example.com", password };

onEachEngine("cookies", (engine) => {
  it.each([
    [{}, "skillett.session_token", false],
    [{ SKILLETT_PUBLIC_URL: publicUrl }, "__Secure-skillett.session_token", true],
  ])("the session cookie with settings %j is %s, and its Secure is %s", async (settings, name, secure) => {
    const skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open", ...settings } });
    try {
      const origin = secure ? publicUrl : skillett.url;
      const post = (path: string, body: object, cookie?: string) =>
        skillett.call("POST", path, { key: null, body, headers: { origin, ...(cookie ? { cookie } : {}) } });
      const signedUp = await post("/auth/sign-up/email", person);
      const cookies = signedUp.headers.getSetCookie().filter((it) => it.includes("session"));
      expect(cookies.length).toBeGreaterThan(0);
      for (const cookie of cookies) {
        expect(cookie).toMatch(/; HttpOnly/i);
        expect(cookie).toMatch(/; SameSite=Lax/i);
        expect(cookie).toMatch(/; Path=\//i);
        expect(cookie).not.toMatch(/; Domain=/i);
        expect(/; Secure/i.test(cookie)).toBe(secure);
      }
      const sessionIn = (set: string[]) => set.find((it) => it.startsWith(`${name}=`))!.split(";")[0]!;
      const before = sessionIn(signedUp.headers.getSetCookie());
      expect((await skillett.call("GET", "/api/me", { key: null, headers: { cookie: before } })).status).toBe(
        200,
      );

      // Whatever a browser brings along, signing in gives it another: nobody fixes it beforehand.
      for (const brought of [before, `${name}=chosen.by-somebody-else`]) {
        const signedIn = await post("/auth/sign-in/email", person, brought);
        expect(signedIn.status).toBe(200);
        expect(sessionIn(signedIn.headers.getSetCookie())).not.toBe(brought);
      }
    } finally {
      await skillett.close();
    }
  });

  it("a page of another site signs nobody in", async () => {
    const skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" } });
    try {
      await createVisitor(skillett.url).signUp(person);
      const { email } = person;
      const headers = { origin: "https://evil.example", "sec-fetch-site": "cross-site" };
      const body = { email, password };
      const reply = await skillett.call("POST", "/auth/sign-in/email", { key: null, body, headers });
      expect([reply.status, reply.headers.getSetCookie()]).toEqual([403, []]);
    } finally {
      await skillett.close();
    }
  });
});
