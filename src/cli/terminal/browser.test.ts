import { expect, test } from "vitest";
import { hasScreen } from "#cli/terminal/browser.js";
import { createTestHost } from "#support/cli.js";

test.each([
  ["linux", {}, false],
  ["linux", { DISPLAY: "" }, false],
  ["linux", { DISPLAY: ":0" }, true],
  ["linux", { WAYLAND_DISPLAY: "wayland-0" }, true],
  ["linux", { WSL_DISTRO_NAME: "Debian" }, true],
  ["linux", { DISPLAY: "localhost:10.0", SSH_CONNECTION: "a 1 b 22" }, false],
  ["darwin", {}, true],
  ["darwin", { SSH_TTY: "/dev/ttys001" }, false],
  ["win32", {}, true],
] as const)("a machine with %s and %j has a screen: %s", (platform, env, expected) => {
  expect(hasScreen(createTestHost({ env }).host, platform)).toBe(expected);
});
