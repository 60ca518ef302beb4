import { type Catalog, createCatalog } from "#catalog/catalog.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import type { AuthProvider } from "#catalog/provider.js";
import { readIntegration } from "#integrations/compiled.js";
import { namesOf, stepsOff } from "#integrations/off.js";
import type { OwnIntegration } from "#integrations/read-own.js";

/** Nobody signs in with clients of the instance at what a tenant brings. */
const noProviders: ReadonlyMap<string, AuthProvider> = new Map();

/** The shared catalogue with what a tenant brings, and without what it has switched off. */
export function tenantCatalog(shared: Catalog, tenantId: string, own: readonly OwnIntegration[]): Catalog {
  if (own.length === 0) return shared;
  const known = new Map(shared.integrations);
  const integrations = new Map(shared.integrations);
  for (const { slug, main, enabled, endpoints, off } of own) {
    const whole =
      main === null
        ? shared.integrations.get(slug)
        : { ...readIntegration(main, endpoints, noProviders, tenantId), isBrought: true };
    // One that ships may have gone since it was switched.
    if (!whole) continue;
    known.set(slug, whole);
    if (enabled === 1) integrations.set(slug, without(whole, off));
    else integrations.delete(slug);
  }
  return createCatalog(integrations, shared.providers, { base: shared, known });
}

/** A composite goes with any of its steps. */
function without(integration: Integration, off: ReadonlySet<string>): Integration {
  if (off.size === 0) return integration;
  const isOff = (endpoint: Endpoint) => namesOf(endpoint).some((name) => off.has(name));
  const endpoints = [...integration.endpoints].filter(
    ([, endpoint]) => !isOff(endpoint) && stepsOff(integration, endpoint, isOff).length === 0,
  );
  return { ...integration, endpoints: new Map(endpoints) };
}
