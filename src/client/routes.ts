import type { Contract } from "#contract/contract.js";

export type RouteName = keyof Contract;

/**
 * Where each route of the contract is found. Written out, so that a client is a few kilobytes without
 * any schema in it; the compiler compares every line with the contract.
 */
export const routes: { [N in RouteName]: `${Contract[N]["method"]} ${Contract[N]["path"]}` } = {
  listIntegrations: "GET /v1/skills",
  getIntegration: "GET /v1/skills/:integration",
  getEndpoint: "GET /v1/skills/:integration/:endpoint",
  downloadSkill: "GET /v1/:slug/download",
  executeEndpoint: "POST /v1/:integration/:endpoint",
  connect: "POST /v1/connect",
  getConnect: "GET /v1/connect/:connectionId",
  cancelConnect: "DELETE /v1/connect/:connectionId",
  callback: "GET /callback",
  listConnections: "GET /v1/connections",
  updateConnection: "PATCH /v1/connections/:connectionId",
  disconnect: "DELETE /v1/connections/:connectionId",
  listApiKeys: "GET /api-keys",
  createApiKey: "POST /api-keys",
  revokeApiKey: "DELETE /api-keys/:id",
  getUsage: "GET /v1/usage",
  listCalls: "GET /v1/calls",
  listProviders: "GET /v1/admin/providers",
  setProvider: "PUT /v1/admin/providers/:provider",
  removeProvider: "DELETE /v1/admin/providers/:provider",
  rotateKeys: "POST /v1/admin/rotate-keys",
  health: "GET /health",
  ready: "GET /ready",
  metrics: "GET /metrics",
  claimPage: "GET /claim",
  claim: "POST /claim",
};

/** Routes that answer with text; all others answer with JSON. */
export const textRoutes: ReadonlySet<RouteName> = new Set<RouteName>([
  "metrics",
  "claimPage",
  "claim",
  "callback",
]);
