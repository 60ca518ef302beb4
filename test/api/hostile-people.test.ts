import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, password } from "#support/visitor.js";
import { type Person, signUp } from "#support/world.js";
import { sendBytes, sendRequest } from "./wire-request.js";

/** What people, and whoever says to be one, may send: it is refused in our form, and leaves nothing behind. */

const json = { "content-type": "application/json" };
const nul = "\u0000";

onEachEngine("hostile people", (engine) => {
  let skillett: Skillett;
  let ada: Person;
  let now = Date.now();
  const printed: string[] = [];
  beforeAll(async () => {
    const env = { SKILLETT_SIGN_UP: "open" };
    const print = (text: string) => void printed.push(text);
    skillett = await startSkillett(engine, { env, clock: () => now, print });
    ada = await signUp(skillett, "Ada");
  });
  afterAll(() => skillett?.close());
  beforeEach(() => {
    now += 3_600_000;
    printed.length = 0;
  });

  const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    sendRequest(skillett.url, method, path, headers, body);
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    send("POST", path, { ...json, ...headers }, typeof body === "string" ? body : JSON.stringify(body));
  const asAda = () => ({ cookie: ada.cookie(), origin: skillett.url });
  const emails = async () => {
    const rows = await skillett.app.database.kysely.selectFrom("profiles").select("email").execute();
    return rows.map(({ email }) => email).filter((email) => email !== null);
  };

  function expectRefusal({ status, json: told, text, headers }: Reply, ...statuses: number[]): void {
    expect(statuses, text.slice(0, 300)).toContain(status);
    expect(told).toMatchObject({ error: expect.stringMatching(/^[a-z_]+$/), message: expect.any(String) });
    expect(headers.getSetCookie()).toEqual([]);
    expect(text).not.toMatch(/\.[mjt]+s:\d+|node_modules|sqlite|postgres|kysely/i);
  }

  describe("signing up", () => {
    const good = { name: "Eve", email: "eve@example.com", password };

    it.each<[string, object]>([
      ["a password of 10 kB", { password: "p".repeat(10_240) }],
      ["a short password", { password: "short" }],
      ["a password that is none", { password: { $ne: "" } }],
      ["an address that looks like Ada's", { email: "\u0430da@example.com" }],
      ["a host that looks like Ada's", { email: "ada@ex\u0430mple.com" }],
      ["a letter that becomes an a when wide ones are folded", { email: "\uff41da@example.com" }],
      ["a Kelvin sign", { email: "fran\u212a@example.com" }],
      ["Ada's address in capitals", { email: "ADA@EXAMPLE.COM" }],
      ["Ada's address with a space", { email: "ada@example.com " }],
      ["an address with a line break", { email: "eve@example.com\r\nBcc: ada@example.com" }],
      ["two addresses", { email: "eve@example.com,ada@example.com" }],
      ["an address with a name", { email: "Eve <eve@example.com>" }],
      ["an address that is a list", { email: ["eve@example.com"] }],
      ["a name with a line break", { name: "Eve\r\nBcc: ada@example.com" }],
      ["a name with a NUL", { name: `Eve${nul}` }],
      ["a name with half a character", { name: "Eve\ud800" }],
      ["a name of 10 kB", { name: "e".repeat(10_240) }],
      ["no name", { name: undefined }],
      ["a NUL in the address", { email: `eve${nul}@example.com` }],
      ["a link to another site", { callbackURL: "https://evil.example/" }],
    ])("signing up with %s is refused, and nobody is made", async (_, change) => {
      const before = await emails();
      expectRefusal(await post("/auth/sign-up/email", { ...good, ...change }), 400, 403);
      expect(await emails()).toEqual(before);
      expect(printed).toEqual([]);
    });

    it("nobody makes themselves more than they are", async () => {
      const more = {
        plan: "unlimited",
        is_operator: 1,
        isOperator: true,
        emailVerified: true,
        role: "owner",
      };
      const mallory = createVisitor(skillett.url);
      const person = { name: "<b>Mallory</b>", email: "mallory@example.com", ...more };
      await mallory.signUp(person);
      await mallory.call("POST", "/auth/update-user", { ...more, name: "<b>Mallory</b>" });
      const profile = await skillett.app.database.kysely
        .selectFrom("profiles")
        .selectAll()
        .where("email", "=", "mallory@example.com")
        .executeTakeFirstOrThrow();
      expect(profile).toMatchObject({ plan: "free", is_operator: 0, email_verified: 0 });
    });
  });

  describe("signing in", () => {
    it.each<[string, object]>([
      ["a password of 10 kB", { password: "p".repeat(10_240) }],
      ["an address that looks like Ada's", { email: "\u0430da@example.com" }],
      ["a NUL after the address", { email: `ada@example.com${nul}` }],
      ["a password that is a list", { password: [password] }],
      ["a link to another site", { callbackURL: "https://evil.example/" }],
    ])("signing in with %s lets nobody in", async (_, change) => {
      const body = { email: "ada@example.com", password, ...change };
      expectRefusal(await post("/auth/sign-in/email", body), 400, 401, 403);
    });

    it.each<[string, string]>([
      ["a key twice", `{"email":"x@example.com","email":"ada@example.com","password":"${password}"}`],
      ["__proto__", `{"__proto__":{},"email":"ada@example.com","password":"${password}"}`],
      ["no JSON", "{broken"],
      ["a list", "[]"],
      ["a string", '"x"'],
      ["null", "null"],
      ["nesting without end", "[".repeat(5_000) + "]".repeat(5_000)],
    ])("signing in with a body that is %s lets nobody in", async (_, body) => {
      expectRefusal(await post("/auth/sign-in/email", body), 400);
    });

    it("a body of 200 kB at the sign-in is refused", async () => {
      const body = JSON.stringify({ email: "ada@example.com", password: "p".repeat(200_000) });
      expectRefusal(await post("/auth/sign-in/email", body), 413);
    });

    it.each(["text/plain", "application/xml", "multipart/form-data; boundary=x", "x", "application/jsonx"])(
      "signing in with the content type %s lets nobody in",
      async (type) => {
        const body = JSON.stringify({ email: "ada@example.com", password });
        expectRefusal(await post("/auth/sign-in/email", body, { "content-type": type }), 400);
      },
    );
  });

  it.each<[string, string, object?]>([
    ["GET", `/auth/reset-password/%00?callbackURL=/`],
    ["GET", "/auth/verify-email?token=%00"],
    ["GET", "/auth/organization/get-invitation?id=%00"],
    ["GET", "/auth/organization/get-full-organization?organizationId=%00"],
    ["GET", "/auth/callback/%00?state=%00&code=%00"],
    ["GET", "/auth/device/authorize?user_code=%00"],
    ["POST", "/auth/reset-password?token=%00", { newPassword: password }],
    ["POST", "/auth/reset-password", { newPassword: password, token: nul }],
    ["POST", "/auth/organization/create", { name: `x${nul}`, slug: "x" }],
    ["POST", "/auth/organization/update", { data: { name: `x${nul}` } }],
    ["POST", "/auth/organization/update", { data: { metadata: { deep: [nul] } } }],
    ["POST", "/auth/organization/set-active", { organizationId: nul }],
    ["POST", "/auth/organization/accept-invitation", { invitationId: nul }],
    ["POST", "/auth/organization/invite-member", { email: "x@example.com", role: nul }],
    ["POST", "/auth/organization/remove-member", { memberIdOrEmail: nul }],
    ["POST", "/auth/revoke-session", { token: nul }],
    ["POST", "/auth/update-user", { name: nul }],
    ["POST", "/auth/update-user", { [nul]: "x" }],
    ["POST", "/auth/two-factor/verify-totp", { code: nul }],
    ["POST", "/auth/sign-in/social", { provider: nul }],
    ["POST", "/auth/device/code", { device_name: nul, client_id: nul }],
    ["POST", "/auth/device/token", { device_code: nul }],
    ["POST", "/auth/device/deny", { user_code: nul }],
    ["POST", "/api-keys", { name: nul }],
  ])("a NUL at %s %s is a mistake of whoever sends it", async (method, path, body) => {
    const text = body && JSON.stringify(body);
    expectRefusal(await send(method, path, { ...asAda(), ...(text ? json : {}) }, text), 400);
  });

  it.each<[string, string, number]>([
    ["GET", "/auth/sign-in/email", 404],
    ["PUT", "/auth/sign-in/email", 404],
    ["OPTIONS", "/auth/sign-in/email", 404],
    ["DELETE", "/auth/sign-out", 404],
    ["PATCH", "/auth/update-user", 404],
    ["POST", "/auth/sign-in/email/", 404],
    ["POST", "/auth//sign-in/email", 404],
    ["POST", "//auth/sign-in/email", 404],
    ["POST", "/AUTH/sign-in/email", 404],
    ["POST", "/auth/sign-in%2femail", 404],
    ["GET", "/auth/../v1/me", 404],
    ["GET", "/auth/%2e%2e/v1/me", 404],
    ["GET", "/auth/..%2f..%2fv1/me", 404],
    ["GET", "/auth/..;/v1/me", 404],
    ["GET", "/auth/", 404],
    ["GET", "/auth", 404],
    ["GET", "/auth/ok", 404],
    ["GET", "/auth/error?error=x", 404],
    ["POST", "/auth/delete-user", 404],
    ["POST", "/auth/change-email", 404],
    ["POST", "/auth/organization/delete", 400],
    ["POST", "/auth/organization/add-member", 404],
    ["GET", "/auth/%zz", 400],
    ["GET", "http://evil.example/auth/list-sessions", 200],
  ])("the request %s %s is answered with %d", async (method, path, status) => {
    const body = method === "POST" ? JSON.stringify({ email: "ada@example.com", password }) : undefined;
    const reply = await send(method, path, { ...asAda(), ...(body ? json : {}) }, body);
    expect(reply.text).not.toContain('user":');
    if (status === 200) expect(reply).toMatchObject({ status, json: [{ userId: expect.any(String) }] });
    else expectRefusal(reply, status);
  });

  it("a body where none belongs is not looked at, and HEAD tells nothing", async () => {
    const body = JSON.stringify({ email: "eve@example.com" });
    const { status, json: sessions } = await send(
      "GET",
      "/auth/list-sessions",
      { ...asAda(), ...json },
      body,
    );
    expect([status, sessions.length > 0]).toEqual([200, true]);
    const head = await send("HEAD", "/auth/list-sessions", asAda());
    expect(head.text).toBe("");
    expect(head.status).toBeLessThan(500);
  });

  it("links in mails and answers lead to this server, whatever host a request names", async () => {
    const headers = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
      "x-original-url": "https://evil.example",
      forwarded: "host=evil.example",
    };
    const { status } = await post("/auth/request-password-reset", { email: "ada@example.com" }, headers);
    expect(status).toBe(200);
    expect(printed.join()).toContain(`${skillett.url}/auth/reset-password/`);
    const device = await post("/auth/device/code", {}, headers);
    expect(device.json.verification_uri).toBe(`${skillett.url}/device`);
    expect(printed.join() + device.text).not.toContain("evil");
  });

  const elsewhere = [
    "https://evil.example/",
    "//evil.example",
    "/\\evil.example",
    "/%5cevil.example",
    "/%2f/evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "{url}@evil.example/",
    "{url}.evil.example/",
    "/\tevil",
  ];
  describe.each(elsewhere)("the address %s", (template) => {
    const target = () => template.replace("{url}", skillett.url);

    it("nobody is sent on elsewhere by what is posted", async () => {
      const bodies: [string, object][] = [
        ["/auth/request-password-reset", { email: "ada@example.com", redirectTo: target() }],
        ["/auth/sign-in/email", { email: "ada@example.com", password, callbackURL: target() }],
        ["/auth/send-verification-email", { email: "ada@example.com", callbackURL: target() }],
        ["/auth/sign-in/social", { provider: "github", errorCallbackURL: target() }],
      ];
      for (const [path, body] of bodies) expectRefusal(await post(path, body), 400, 403);
      expect(printed).toEqual([]);
    });

    it("nobody is sent on elsewhere by a link", async () => {
      const to = encodeURIComponent(target());
      for (const path of [
        `/auth/reset-password/x?callbackURL=${to}`,
        `/auth/verify-email?token=x&callbackURL=${to}`,
      ]) {
        const reply = await send("GET", path);
        expect(reply.headers.get("location")).toBe(null);
        expectRefusal(reply, 400, 401, 403);
      }
    });
  });

  describe("cookies", () => {
    const me = (cookie: string) => send("GET", "/api/me", { cookie });

    it("a cookie given twice lets in whom one of the two is good for, or nobody", async () => {
      const good = ada.cookie();
      const [name] = good.split("=");
      for (const cookie of [`${name}=x; ${good}`, `${good}; ${name}=x`, `${good}; ${good}`]) {
        const reply = await me(cookie);
        expect([200, 401]).toContain(reply.status);
        if (reply.status === 200) expect(reply.json.profile.email).toBe("ada@example.com");
      }
    });

    it("cookies in two headers are one list", async () => {
      const line = `GET /api/me HTTP/1.1\r\nhost: x\r\ncookie: a=b\r\ncookie: ${ada.cookie()}\r\nconnection: close\r\n\r\n`;
      expect((await sendBytes(skillett.url, line)).json.profile.email).toBe("ada@example.com");
    });

    it.each<[string, string, number]>([
      ["huge", `x=${"a".repeat(20_000)}`, 431],
      ["many", Array.from({ length: 1_000 }, (_, at) => `c${at}=1`).join("; "), 401],
      ["broken", "=; ;;= %%%; skillett.session_token", 401],
      ["badly encoded", "skillett.session_token=%E0%A4%A", 401],
      ["with a NUL in them", "skillett.session_token=%00.%00", 401],
      ["of another name", "__Secure-skillett.session_token=x.y", 401],
    ])("cookies that are %s let nobody in", async (_, cookie, status) => {
      const reply = await me(cookie);
      expect(reply.status).toBe(status);
      const auth = await send("GET", "/auth/list-sessions", { cookie });
      expectRefusal(auth, status);
    });
  });

  describe("user codes", () => {
    const begin = async () => (await post("/auth/device/code", {})).json.user_code as string;
    const see = (code: string) =>
      send("GET", `/auth/device/authorize?user_code=${encodeURIComponent(code)}`, asAda());

    it.each<[string, (code: string) => string]>([
      ["in lower case", (code) => code.toLowerCase()],
      ["without the dash", (code) => code.replace("-", "")],
      ["with a space for the dash", (code) => code.replace("-", " ")],
      ["with spaces all over", (code) => ` ${[...code].join(" ")} `],
      ["with a long dash", (code) => code.replace("-", "\u2014")],
    ])("user codes %s are taken", async (_, change) => {
      const code = await begin();
      expect(await see(change(code))).toMatchObject({ status: 200, json: { user_code: code } });
    });

    it.each<[string, (code: string) => string]>([
      ["a vowel", (code) => `A${code.slice(1)}`],
      ["a digit", (code) => `0${code.slice(1)}`],
      ["a look-alike", (code) => `\u0412${code.slice(1)}`],
      ["a letter too many", (code) => `${code}B`],
      ["a letter too few", (code) => code.slice(1)],
      ["nothing", () => ""],
      ["very many", () => "B".repeat(10_000)],
    ])("user codes with %s are refused", async (_, change) => {
      expectRefusal(await see(change(await begin())), 400);
    });
  });
});
