import type { IntegrationYaml } from "#catalog/front-matter.js";
import type { Source } from "#catalog/source.js";

/** Requests are built by appending to the base URL, so it may be nothing but origin and path. */
export function checkBaseUrl(text: string, complain: (message: string) => void): void {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !["http:", "https:"].includes(url.protocol)) complain("must be an http or https URL");
  else if (url.username !== "" || url.password !== "") complain("must not hold a user name or password");
  else if (/[?#\s]/.test(text)) complain("must not have a query or a fragment");
}

/** Every `{field}` of a template is asked for, and every field asked for is sent. */
export function checkAuth(name: string, method: IntegrationYaml["auth"][string], source: Source): void {
  const used = new Set<string>();
  for (const part of ["headers", "query"] as const) {
    for (const [key, template] of Object.entries(method[part] ?? {})) {
      for (const [, field] of template.matchAll(/\{(\w*)\}/g)) {
        used.add(field!);
        if (Object.hasOwn(method.fields, field!)) continue;
        source.complain(["auth", name, part, key], `{${field}} is not among the fields`);
      }
    }
  }
  for (const field of Object.keys(method.fields)) {
    if (!used.has(field)) source.complain(["auth", name, "fields", field], "is asked for but sent nowhere");
  }
}
