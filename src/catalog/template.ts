const placeholder = /\{([^{}]*)\}/g;

/** The names in braces, in order: `Bearer {token}` has `token`. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(placeholder)].map(([, name]) => name!);
}

/** Puts the value of each name in its place; braces in a value stay what they are. */
export function fillTemplate(template: string, value: (name: string) => string): string {
  return template.replace(placeholder, (_, name: string) => value(name));
}
