import { describe, expect, it } from "vitest";
import { createKnownDevices, knownDeviceSeconds } from "#identity/known-devices.js";

const devices = createKnownDevices("a secret of this server");
const [ada, eve] = ["ada@example.com", "eve@example.com"];
const now = 1_800_000_000_000;

describe("known devices", () => {
  it("a device is known for the account that signed in on it, until it ends", () => {
    const cookie = devices.sign(ada, now);
    const id = devices.open(cookie, ada, now);
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(devices.open(cookie, ada, now + knownDeviceSeconds * 1000 - 1)).toBe(id);
    expect(devices.open(cookie, ada, now + knownDeviceSeconds * 1000)).toBeUndefined();
    expect(devices.open(devices.sign(ada, now), ada, now)).not.toBe(id);
  });

  it("a device is not known for another account, and cannot be made up", () => {
    const cookie = devices.sign(ada, now);
    const [id = "", end = "", signature = ""] = cookie.split(".");
    const forged = [
      ["", ada],
      [cookie, eve],
      [devices.sign(eve, now), ada],
      [createKnownDevices("another secret").sign(ada, now), ada],
      [`${id}.${Number(end) + 1}.${signature}`, ada],
      [`${id.startsWith("x") ? "y" : "x"}${id.slice(1)}.${end}.${signature}`, ada],
      [`${id}.${end}.`, ada],
      [`${id}.${end}`, ada],
      [`${id}.${end}.${signature.slice(1)}`, ada],
      [`${cookie}.x`, ada],
      [`${id}.Infinity.${signature}`, ada],
      ["a.b.c", ada],
    ] as const;
    for (const [value, email] of forged) expect(devices.open(value, email, now)).toBeUndefined();
  });

  it("a device has a cookie for each account", () => {
    expect(devices.cookieName(ada)).not.toBe(devices.cookieName(eve));
  });
});
