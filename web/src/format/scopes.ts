const effects: Record<string, string> = {
  read: "read only",
  write: "read and change, but not delete",
  destructive: "everything, deleting too",
  raw: "any request to it, whatever your account there may do",
};

/** A scope as a person understands it: `github:read` → "GitHub: read only". */
export function scopeInWords(scope: string): string {
  if (scope === "*") return "Everything: all your connected accounts, now and later";
  const [, target = "", sign = "", rest = ""] = /^([^.:]*)([.:]?)(.*)$/.exec(scope) ?? [];
  const where = target === "*" ? "Every connected account" : title(target);
  if (sign === "") return `${where}: everything`;
  if (sign === ":") return `${where}: ${effects[rest] ?? rest}`;
  if (rest === "*") return `${where}: everything`;
  // A pattern is shown as it is: words for it would promise too much or too little.
  return `${where}: ${rest.includes("*") ? rest : rest.replaceAll("_", " ")}`;
}

function title(slug: string): string {
  if (slug === "github") return "GitHub";
  return slug
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}
