import { afterAll, beforeAll, expect, it } from "vitest";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";
import { createVisitor, password } from "#support/visitor.js";

/** Limits are said in characters, and an emoji is one wherever somebody meets such a limit. */

const fox = "🦊";
const foxes = (count: number) => fox.repeat(count);

onEachEngine("limits in characters", (engine) => {
  let skillett: Skillett;
  let now = Date.now();
  beforeAll(async () => {
    skillett = await startSkillett(engine, { env: { SKILLETT_SIGN_UP: "open" }, clock: () => now });
  });
  afterAll(() => skillett?.close());

  const signUp = async (given: { name?: string; password?: string }) => {
    // So many sign-ups from one address would be slowed down.
    now += 60_000;
    const visitor = createVisitor(skillett.url);
    const email = `${now}@example.com`;
    const { status, text } = await visitor.signUp({ name: "Ada", password, ...given, email });
    return { status, text, email };
  };
  const startDevice = async (client_id: string, form: boolean) => {
    const body = form ? new URLSearchParams({ client_id }).toString() : { client_id };
    const headers: Record<string, string> = form
      ? { "content-type": "application/x-www-form-urlencoded" }
      : {};
    return skillett.call("POST", "/auth/device/code", { key: null, body, headers });
  };

  it.each<[string, number, () => Promise<{ status: number; text: string }>]>([
    ["the name of a key with 100 emoji", 201, () => makeKey(100)],
    ["the name of a key with 101 emoji", 400, () => makeKey(101)],
    ["the name of a person with 100 emoji", 200, () => signUp({ name: foxes(100) })],
    ["the name of a person with 101 emoji", 400, () => signUp({ name: foxes(101) })],
    ["a password of 7 emoji", 400, () => signUp({ password: foxes(7) })],
    ["a password of 8 emoji", 200, () => signUp({ password: foxes(8) })],
    ["a password of 128 emoji", 200, () => signUp({ password: foxes(128) })],
    ["a password of 129 emoji", 400, () => signUp({ password: foxes(129) })],
    ["the name of a program with 200 emoji in JSON", 200, () => startDevice(foxes(200), false)],
    ["the name of a program with 201 emoji in JSON", 400, () => startDevice(foxes(201), false)],
    ["the name of a program with 200 emoji in a form", 200, () => startDevice(foxes(200), true)],
    ["the name of a program with 201 emoji in a form", 400, () => startDevice(foxes(201), true)],
  ])("%s is answered with %i", async (_, status, ask) => {
    const reply = await ask();
    expect(reply.status, reply.text).toBe(status);
    if (status === 400) expect(reply.text).toMatch(/must have at (most|least) \d+ characters/);
  });
  const makeKey = (count: number) => skillett.call("POST", "/api-keys", { body: { name: foxes(count) } });

  it("a password of emoji signs in, and a new one is measured alike", async () => {
    const long = foxes(128);
    const { email } = await signUp({ password: long });
    const visitor = createVisitor(skillett.url);
    expect((await visitor.signIn(email, long)).status).toBe(200);
    expect((await createVisitor(skillett.url).signIn(email, foxes(127))).status).toBe(401);
    const change = (newPassword: string, currentPassword = long) =>
      visitor.call("POST", "/auth/change-password", { currentPassword, newPassword });
    expect((await change(foxes(4))).status).toBe(400);
    expect((await change(foxes(129))).status).toBe(400);
    expect((await change(foxes(9))).status).toBe(200);
  });
});
