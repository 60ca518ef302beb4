import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { onEachEngine, type Reply, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, password, type Visitor } from "#support/visitor.js";
import { signUp } from "#support/world.js";

/** Whoever guesses elsewhere locks nobody out of a browser that the account knows, and gains nothing by it. */

onEachEngine("known devices", (engine) => {
  let skillett: Skillett;
  let now = Date.now();
  const printed: string[] = [];
  const [ada, eve] = ["ada@example.com", "eve@example.com"];
  let known: Visitor;
  let evesBrowser: Visitor;
  beforeAll(async () => {
    skillett = await startSkillett(engine, {
      env: { SKILLETT_SIGN_UP: "open", SKILLETT_TRUSTED_PROXIES: "127.0.0.1" },
      clock: () => now,
      print: (text) => void printed.push(text),
    });
    [known, evesBrowser] = [await signUp(skillett, "Ada"), await signUp(skillett, "Eve")];
  });
  afterAll(() => skillett?.close());
  beforeEach(() => {
    now += 3_600_000;
    printed.length = 0;
  });

  let address = 0;
  /** Each from a network of its own. */
  const from = (who: Visitor, path: string, body: object, headers: Record<string, string> = {}) => {
    address += 1;
    const network = `198.51.${address >> 8}.${address & 255}`;
    return who.call("POST", path, body, { "x-forwarded-for": network, ...headers });
  };
  const signIn = (who: Visitor, given = password, headers = {}) =>
    from(who, "/auth/sign-in/email", { email: ada, password: given }, headers);
  const unknown = () => createVisitor(skillett.url);
  const times = async (count: number, ask: () => Promise<Reply>) => {
    const replies: number[] = [];
    for (let at = 0; at < count; at++) replies.push((await ask()).status);
    return replies;
  };
  const lockElsewhere = async () => {
    const replies = await times(21, () => signIn(unknown(), "not the password"));
    expect(replies).toEqual([...Array(20).fill(401), 429]);
  };
  /** Addresses that mails went to. */
  const mailedTo = () => printed.map((text) => /hand this on to (\S+):/.exec(text)?.[1]);
  const cookieOf = (who: Visitor) => /skillett\.device_\w+=[^;]+/.exec(who.cookie())![0];

  it("a known device signs in while the account is locked for all others", async () => {
    await lockElsewhere();
    const refused = await signIn(unknown());
    expect([refused.status, refused.json.message]).toEqual([
      429,
      expect.stringContaining("a browser that you have used here before"),
    ]);
    // More often than anybody may guess, and no mail tells of it.
    expect(new Set(await times(22, () => signIn(known)))).toEqual(new Set([200]));
    expect(mailedTo()).toEqual([]);
  });

  it("a known device has twenty tries of its own, which cost the others nothing", async () => {
    const other = unknown();
    expect((await signIn(other)).status).toBe(200);
    const headers = { cookie: cookieOf(known) };
    const replies = await times(21, () => signIn(unknown(), "not the password", headers));
    expect(replies).toEqual([...Array(20).fill(401), 429]);
    expect((await signIn(unknown(), password, headers)).status).toBe(429);
    expect((await signIn(other, "not the password")).status).toBe(401);
    expect((await signIn(unknown())).status).toBe(200);
  });

  it("a device is still known after signing out", async () => {
    expect((await known.call("POST", "/auth/sign-out", {})).status).toBe(200);
    expect((await known.call("GET", "/api/me")).status).toBe(401);
    await lockElsewhere();
    expect((await signIn(known)).status).toBe(200);
  });

  it("a device cookie of another account, forged or made up, is unknown", async () => {
    await lockElsewhere();
    const [name] = cookieOf(known).split("=");
    const evesCookie = cookieOf(evesBrowser).split("=")[1];
    const end = now + 1_000_000;
    for (const value of [evesCookie, `x.${end}.x`, `.${end}.`, "", "x".repeat(4000)]) {
      expect((await signIn(unknown(), password, { cookie: `${name}=${value}` })).status).toBe(429);
    }
    // Not by the session of another person either.
    expect((await signIn(evesBrowser)).status).toBe(429);
    expect((await signIn(unknown(), password, { cookie: cookieOf(known) })).status).toBe(200);
  });

  it("the cookie of a device is HttpOnly, SameSite=Lax, for one host, and does not name the person", async () => {
    const visitor = unknown();
    const reply = await from(visitor, "/auth/sign-in/email", { email: eve, password });
    const cookie = reply.headers.getSetCookie().find((it) => it.startsWith("skillett.device_"))!;
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(cookie).not.toMatch(/; Domain=/i);
    expect(decodeURIComponent(cookie)).not.toContain(eve);
    expect(cookie).not.toContain(Buffer.from(eve).toString("base64url"));
  });

  it("the right password does not count as a guess", async () => {
    expect(new Set(await times(22, () => signIn(unknown())))).toEqual(new Set([200]));
  });

  it("a new password by mail unlocks the account for everybody", async () => {
    await lockElsewhere();
    const asked = await from(unknown(), "/auth/request-password-reset", { email: ada });
    expect(asked.status).toBe(200);
    expect(mailedTo()).toEqual([ada]);
    expect((await signIn(unknown())).status).toBe(429);
    const token = /reset-password\/([^?]+)/.exec(printed[0]!)![1]!;
    expect((await from(unknown(), "/auth/reset-password", { token, newPassword: password })).status).toBe(
      200,
    );
    expect((await signIn(unknown())).status).toBe(200);
  });

  it("a known device has ten mails an hour of its own, whoever asks for mails to its account elsewhere", async () => {
    const ask = async (who: Visitor, email: string) =>
      (await from(who, "/auth/request-password-reset", { email })).status;
    const replies = await Promise.all(Array.from({ length: 12 }, () => ask(unknown(), ada)));
    expect(replies.filter((status) => status === 429)).toHaveLength(2);
    expect(mailedTo()).toEqual(Array(10).fill(ada));
    expect(await ask(unknown(), eve)).toBe(200);
    const ofKnown = await Promise.all(Array.from({ length: 11 }, () => ask(known, ada)));
    expect(ofKnown.filter((status) => status === 429)).toHaveLength(1);
    expect(mailedTo().slice(10)).toEqual([eve, ...Array(10).fill(ada)]);
  });

  it.each([
    ["/auth/request-password-reset", {}],
    ["/auth/send-verification-email", {}],
    ["/auth/sign-up/email", { name: "X", password }],
  ])("%s is answered for one address ten times an hour and thirty times a day", async (path, more) => {
    const email = `target-${path.length}@example.com`;
    const ask = (to = email) => from(unknown(), path, { email: to, ...more });
    // At once: each answer takes half a second, so that it tells nothing of whether the address is known.
    const refused = async (count: number) =>
      (await Promise.all(Array.from({ length: count }, () => ask()))).filter(({ status }) => status === 429)
        .length;
    expect(await refused(11)).toBe(1);
    expect((await ask(`other-${email}`)).status).toBe(200);
    now += 3_600_000;
    expect(await refused(10)).toBe(0);
    now += 3_600_000;
    // One of the first hour was refused by the hour alone, but counted for it, not for the day.
    expect(await refused(10)).toBe(0);
    now += 3_600_000;
    expect(await refused(1)).toBe(1);
  });
});
