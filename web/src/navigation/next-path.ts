/**
 * The path of ours to go to after signing in. Anybody can make the address, so it must not lead to another site or
 * run a script.
 */
export function nextPath(next: string | undefined, origin: string, otherwise = "/account"): string {
  if (next === undefined || !URL.canParse(next, origin)) return otherwise;
  const url = new URL(next, origin);
  return url.origin === origin ? url.pathname + url.search : otherwise;
}

/** Is this path a page that the server makes itself, which no script here can show? */
export const isServerPage = (path: string) => path.startsWith("/connect/");
