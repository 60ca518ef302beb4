import type { Catalog } from "#catalog/catalog.js";
import type { Endpoint, Integration } from "#catalog/integration.js";
import { scopeTarget } from "#catalog/names.js";
import { type RawCall, toRawCall } from "#catalog/raw/raw-call.js";
import { type RawRequest, rawName } from "#catalog/raw/raw-request.js";
import { endpointOff } from "#catalog/switched-off.js";
import { type Caller, refuseOutOfScope, refuseRaw } from "#core/caller.js";
import { SkillettError } from "#core/errors.js";

/** @throws SkillettError `not_found` when it is an endpoint that is switched off */
export function readRaw(catalog: Catalog, slug: string, request: RawRequest): RawCall {
  const integration = catalog.integration(slug);
  if (integration.protocol === "mcp") throw noRawRequests(integration);
  const raw = toRawCall(integration, catalog.known.get(slug)!.endpoints.values(), request);
  const { name } = raw.endpoint;
  if (name === rawName || integration.endpoints.has(name)) return raw;
  throw endpointOff(raw.endpoint, integration.endpoints);
}

/** A message of MCP may call any tool: it would be a way around the switches and scopes of all of them. */
function noRawRequests({ slug, name }: Integration): SkillettError {
  return new SkillettError("bad_request", {
    message: `${name} is an MCP server: its tools are endpoints, and there are no other requests to it.`,
    next: [`skillett skills ${slug}`],
  });
}

/** A request that is an endpoint takes the scope of the endpoint, and that for raw requests where it goes beyond it. */
export function refuseOutside(caller: Caller, endpoint: Endpoint, raw: RawCall | undefined): void {
  if (endpoint.name !== rawName) refuseOutOfScope(caller, scopeTarget(endpoint));
  if (raw && raw.why !== null) refuseRaw(caller, endpoint.integration, raw.why);
}
