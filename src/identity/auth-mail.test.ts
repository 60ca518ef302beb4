import { describe, expect, it } from "vitest";
import { nameInMail } from "#identity/auth-mail.js";

describe("the name of a tenant in mail to a stranger", () => {
  it.each([
    ["Acme", "the team “Acme”"],
    ["Müller & Söhne", "the team “Müller & Söhne”"],
    ["O'Neill-Smith Inc.", "the team “O'Neill-Smith Inc”"],
    ["株式会社", "the team “株式会社”"],
    ["", "a team"],
    ["...", "a team"],
    ["https://evil.example/login?x=1", "the team “https evil example login x 1”"],
    ["mail eve@evil.example", "the team “mail eve evil example”"],
    ["call +49 30 1234567 now", "the team “call 49 30 now”"],
    ["two\r\nlines\u2028and\u0000more", "the team “two lines and more”"],
    ["\u202eevil\u2066\u200b", "the team “evil”"],
    ["ｅｖｉｌ．ｃｏｍ", "the team “evil com”"],
    ["x".repeat(100), `the team “${"x".repeat(40)}”`],
  ])("the name %j is written as %s", (name, told) => {
    expect(nameInMail(name)).toBe(told);
  });
});
