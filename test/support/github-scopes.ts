/** What a classic personal access token gets when nobody chooses. */
export const allScopes = ["repo", "user", "read:org", "workflow", "notifications"];

/** One scope of the list is enough; the first match counts. @see https://docs.github.com/rest for each route */
const routes: { method: RegExp; path: RegExp; accepted: string[]; refusal: string }[] = [
  {
    method: /^GET$/,
    path: /^\/user\/orgs$/,
    accepted: ["admin:org", "read:org", "user", "write:org"],
    refusal: "You need at least read:org scope or user scope to list your organizations.",
  },
  {
    method: /^GET$/,
    path: /^\/notifications$/,
    accepted: ["notifications", "repo"],
    refusal: "Missing the 'notifications' scope.",
  },
  { method: /^(?!GET)/, path: /^\/repos\//, accepted: ["public_repo", "repo"], refusal: "Not Found" },
];

/** Empty where any token will do. */
export function scopesAccepted(method: string, path: string): string[] {
  return routes.find((route) => route.method.test(method) && route.path.test(path))?.accepted ?? [];
}

/** Writing to a repository without the scope looks as if it did not exist. */
export function scopeRefusal(
  path: string,
  granted: string[],
  accepted: string[],
): { status: number; message: string } | undefined {
  if (accepted.length === 0 || accepted.some((scope) => granted.includes(scope))) return undefined;
  const message = routes.find((route) => route.accepted === accepted)?.refusal ?? "Not Found";
  return { status: path.startsWith("/repos/") ? 404 : 403, message };
}
