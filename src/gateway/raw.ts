import type { Catalog } from "#catalog/catalog.js";
import type { Endpoint } from "#catalog/integration.js";
import { scopeTarget } from "#catalog/names.js";
import { type RawCall, toRawCall } from "#catalog/raw/raw-call.js";
import { type RawRequest, rawName } from "#catalog/raw/raw-request.js";
import { endpointOff } from "#catalog/switched-off.js";
import { type Caller, refuseOutOfScope, refuseRaw } from "#core/caller.js";

/** @throws SkillettError `not_found` when it is an endpoint that is switched off */
export function readRaw(catalog: Catalog, slug: string, request: RawRequest): RawCall {
  const integration = catalog.integration(slug);
  const raw = toRawCall(integration, catalog.known.get(slug)!.endpoints.values(), request);
  const { name } = raw.endpoint;
  if (name === rawName || integration.endpoints.has(name)) return raw;
  throw endpointOff(raw.endpoint, integration.endpoints);
}

/** A request that is an endpoint takes the scope of the endpoint, and that for raw requests where it goes beyond it. */
export function refuseOutside(caller: Caller, endpoint: Endpoint, raw: RawCall | undefined): void {
  if (endpoint.name !== rawName) refuseOutOfScope(caller, scopeTarget(endpoint));
  if (raw && raw.why !== null) refuseRaw(caller, endpoint.integration, raw.why);
}
