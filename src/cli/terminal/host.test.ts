import { expect, test } from "vitest";
import { paint } from "#cli/terminal/host.js";
import { createTestHost } from "#support/cli.js";

const painted = (terminal: boolean, env: Record<string, string>) =>
  paint(createTestHost({ terminal, env }).host, "red", "✗");

test("colour is for a terminal on stderr, unless NO_COLOR is set", () => {
  expect(painted(true, {})).toBe("\x1b[31m✗\x1b[39m");
  expect(painted(true, { NO_COLOR: "1" })).toBe("✗");
  expect(painted(false, {})).toBe("✗");
  expect(painted(false, { FORCE_COLOR: "1" })).toBe("✗");
});
