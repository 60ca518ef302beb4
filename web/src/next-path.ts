/**
 * Where to go after signing in, as a path of ours. What an address bar brings must not lead to another site,
 * nor to a script.
 */
export function nextPath(next: string | undefined, origin: string, otherwise = "/account"): string {
  if (next === undefined || !URL.canParse(next, origin)) return otherwise;
  const url = new URL(next, origin);
  return url.origin === origin ? url.pathname + url.search : otherwise;
}
