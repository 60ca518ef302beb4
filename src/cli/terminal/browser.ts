import type { Host } from "#cli/terminal/host.js";
import { NetworkError } from "#client/errors.js";

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

/**
 * A page the server wants to be shown.
 *
 * @throws NetworkError unless it is of the web: whatever else is registered on this machine must not start
 */
export function webPage(url: string): URL {
  const page = URL.canParse(url) ? new URL(url) : undefined;
  if (page && /^https?:$/.test(page.protocol)) return page;
  throw new NetworkError("The server has answered with a sign-in page that is not a web address.");
}

interface Showing {
  host: Host;
  signal: AbortSignal;
  /** False: leave the browser alone. */
  browser: boolean | undefined;
  /** Where no browser opens: `To sign in, go to`. */
  invitation: string;
  /** The sentence about what happens now, and for how long. */
  waiting: string;
}

/** Shows a page where the person has something to do: in the browser if there is one, and as a link. */
export async function showPage(page: URL, showing: Showing): Promise<void> {
  const { host, signal, browser, invitation, waiting } = showing;
  const opens = browser !== false && hasScreen(host);
  const intro = opens ? `Opening ${page.host} in your browser. If nothing opens, go to` : invitation;
  host.stderr.write(`${intro}\n${page.href}\n${waiting}\n`);
  signal.throwIfAborted();
  // It is a convenience: the link stands there.
  if (opens) await host.openBrowser(page.href).catch(() => {});
}
