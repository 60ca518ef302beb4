import type { IntegrationYaml } from "#catalog/front-matter.js";
import type { LoadedEndpoint } from "#catalog/load/load-endpoint.js";
import type { Source } from "#catalog/load/source.js";
import { isInside } from "#core/inside-service.js";

/** An MCP server has one URL, tools instead of requests, and its own way to refuse. */
export function checkProtocol(yaml: IntegrationYaml, source: Source): void {
  if (yaml.protocol !== "mcp") return;
  if (isInside(yaml.base_url)) source.report(["protocol"], "is not for a service that is inside");
  for (const field of ["base_urls", "discover", "idempotency", "refused"] as const) {
    if (yaml[field] !== undefined) source.report([field], "is not for protocol: mcp");
  }
  for (const [name, { path }] of Object.entries(yaml.auth)) {
    if (path !== undefined) source.report(["auth", name, "path"], "is not for protocol: mcp");
  }
}

/** Endpoints are called by the protocol of their integration. */
export function checkCalls(
  protocol: IntegrationYaml["protocol"],
  { endpoint, source }: LoadedEndpoint,
): void {
  if (endpoint.composite) return;
  if (endpoint.tool && protocol !== "mcp") {
    source.report(["tool"], "needs protocol: mcp in integration.yaml");
  } else if (!endpoint.tool && protocol === "mcp") {
    source.report(["request"], "is not for protocol: mcp: say which tool it calls");
  }
}
