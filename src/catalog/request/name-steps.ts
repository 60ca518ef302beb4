/**
 * The names that lead to a field of a JSON body: `fields.summary` has two. A dot behind a backslash is a part of its
 * name, `@odata\.type`.
 */
export function nameSteps(name: string): string[] {
  return name.split(/(?<!\\)\./).map((step) => step.replaceAll("\\.", "."));
}
