import type { Host } from "#cli/host.js";

/** Without one of these, Linux has no screen a browser could appear on. */
const screens = ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"];

/** Over SSH a browser would open on a machine where nobody sits. */
const remote = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"];

/** Is somebody sitting at this machine who would see a browser open? */
export function hasScreen({ env }: Host, platform: NodeJS.Platform = process.platform): boolean {
  const has = (name: string) => Boolean(env[name]);
  if (remote.some(has)) return false;
  return platform === "win32" || platform === "darwin" || screens.some(has);
}
