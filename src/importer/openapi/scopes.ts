import type { ScopeNeed } from "#catalog/scope-need.js";
import type { JsonObject } from "#core/json-object.js";
import { asObjects, asTexts } from "#core/json-object.js";

/**
 * Scopes that a credential needs for an operation: of several requirements with one scope each, one of them; of others
 * those of the first, since any requirement is enough.
 *
 * @see OpenAPI Specification 3.1, Security Requirement Object
 */
export function scopesOf(operation: JsonObject, description: JsonObject): ScopeNeed[] {
  const requirements = asObjects(operation.security ?? description.security).map((requirement) => [
    ...new Set(
      Object.values(requirement)
        .flatMap(asTexts)
        .filter((scope) => /^\S{1,200}$/.test(scope)),
    ),
  ]);
  const [first = []] = requirements;
  const single = [...new Set(requirements.flat())];
  const isAnyOf = single.length > 1 && requirements.every((scopes) => scopes.length === 1);
  return isAnyOf ? [single] : first;
}
