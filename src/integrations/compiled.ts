import type { Endpoint, Integration } from "#catalog/integration.js";

/** Integrations and endpoints as JSON, as the rows of tenants keep them. */

export function writeIntegration({ endpoints: _, ...main }: Integration): string {
  return JSON.stringify(main);
}

export function readIntegration(text: string, endpoints: Integration["endpoints"]): Integration {
  return { ...JSON.parse(text), endpoints };
}

export function writeEndpoint(endpoint: Endpoint): string {
  return JSON.stringify(endpoint);
}

export function readEndpoint(text: string): Endpoint {
  return JSON.parse(text);
}
