import { scryptSync } from "node:crypto";
import path from "node:path";
import LibSql from "libsql";
import { expect, it } from "vitest";
import { createVisitor, password } from "#support/visitor.js";
import { claimInstance } from "#support/world.js";
import { createSite } from "./program.js";

/** Servers within the tests hash passwords at no cost; the program must not. */

it("the shipped program stores a password as salted scrypt at a cost of 32 MB, and takes only that password", async () => {
  const site = await createSite("sqlite");
  try {
    const server = await site.up();
    const [claimToken = ""] = /(?<=claim\?token=)\S+/.exec(server.stderr()) ?? [];
    const { email } = await claimInstance({ url: server.url, claimToken });
    const signIn = async (given: string) => (await createVisitor(server.url).signIn(email, given)).status;
    expect([await signIn(password), await signIn("not the password")]).toEqual([200, 401]);
    await server.stop();

    const database = new LibSql(path.join(site.env.SKILLETT_DATA_DIR!, "skillett.db"));
    const { hash } = database.prepare("select password as hash from login_accounts").get() as {
      hash: string;
    };
    database.close();
    const [salt = "", key] = hash.split(":");
    expect(salt).toMatch(/^[0-9a-f]{32}$/);
    const cost = { N: 16384, r: 16, p: 1, maxmem: 64 * 1024 ** 2 };
    expect(key).toBe(scryptSync(password, salt, 64, cost).toString("hex"));
  } finally {
    await site.close();
  }
});
