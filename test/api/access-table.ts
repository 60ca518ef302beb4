import type { Contract } from "#contract/contract.js";
import type { Permission } from "#core/permissions.js";
import type { Who } from "../support/company.js";

/**
 * What each route answers to whom. `{name}` in a path or a body stands for a thing of the owner's that the
 * stage makes anew where `prepare` names it.
 */
export interface Row {
  /** Instead of the route's own. */
  path?: string;
  body?: object;
  /** To whoever may. */
  status: number;
  /** Who has not gets a 403 that names it. */
  needs?: Permission | "operator";
  /** Where it is not for all: to these instead. */
  but?: Partial<Record<Who, number>>;
  prepare?: "connection" | "attempt" | "key" | "userCode";
}

const notForOthers = (status: number) => ({
  admin: status,
  engineer: status,
  member: status,
  viewer: status,
  operator: status,
  stranger: status,
});
const notThere = { stranger: 404, operator: 404 };

export const accessTable: Record<keyof Contract, Row> = {
  listIntegrations: { status: 200 },
  getIntegration: { path: "/v1/skills/github", status: 200 },
  getEndpoint: { path: "/v1/skills/github/create_issue", status: 200 },
  downloadSkill: { path: "/v1/github/download", status: 200 },
  executeEndpoint: {
    path: "/v1/github/get_authenticated_user",
    body: { connection: "{shared}" },
    status: 200,
    but: notThere,
  },
  connect: {
    body: { integration: "github", credentials: { token: "{token}" }, shared: true },
    status: 200,
    needs: "connections:*",
  },
  getConnect: { path: "/v1/connect/{shared}", status: 200, but: notThere },
  cancelConnect: {
    path: "/v1/connect/{attempt}",
    status: 204,
    prepare: "attempt",
    but: notForOthers(404),
  },
  callback: { path: "/callback?state=x", status: 400 },
  listConnections: { path: "/v1/connections?everyone=true", status: 200, needs: "connections:*" },
  updateConnection: {
    path: "/v1/connections/{shared}",
    body: { shared: true },
    status: 200,
    needs: "connections:*",
    but: notThere,
  },
  disconnect: {
    path: "/v1/connections/{connection}",
    status: 200,
    needs: "connections:*",
    prepare: "connection",
    but: notThere,
  },
  listApiKeys: { path: "/api-keys?everyone=true", status: 200, needs: "keys:*" },
  createApiKey: { body: { name: "one more" }, status: 201 },
  revokeApiKey: {
    path: "/api-keys/{key}",
    status: 204,
    prepare: "key",
    but: { ...notThere, engineer: 404, member: 404, viewer: 404 },
  },
  rotateApiKey: {
    path: "/api-keys/{key}/rotate",
    status: 201,
    prepare: "key",
    but: notForOthers(404),
  },
  requestDeviceCode: { body: {}, status: 200 },
  getDeviceRequest: {
    path: "/auth/device/authorize?user_code={userCode}",
    status: 200,
    prepare: "userCode",
  },
  authorizeDevice: { body: { user_code: "{userCode}" }, status: 200, prepare: "userCode" },
  denyDevice: { body: { user_code: "{userCode}" }, status: 200, prepare: "userCode" },
  pollDeviceToken: { body: { device_code: "0".repeat(40) }, status: 404 },
  authorizationServerMetadata: { status: 200 },
  whoami: { status: 200 },
  getMe: { status: 200 },
  setPlan: {
    path: "/v1/admin/profiles/{profile}/plan",
    body: { plan: "unlimited" },
    status: 200,
    needs: "operator",
  },
  getUsage: { status: 200 },
  listCalls: { status: 200 },
  listProviders: { status: 200, needs: "operator" },
  setProvider: {
    path: "/v1/admin/providers/slack",
    body: { client_id: "id", client_secret: "secret" },
    status: 200,
    needs: "operator",
  },
  removeProvider: { path: "/v1/admin/providers/slack", status: 200, needs: "operator" },
  rotateKeys: { body: {}, status: 200, needs: "operator" },
  health: { status: 200 },
  ready: { status: 200 },
  metrics: { status: 200 },
  claimPage: { path: "/claim?token=x", status: 200 },
  claim: {
    body: { token: "x", email: "x@example.com", display_name: "X", password: "long enough" },
    status: 403,
  },
  getSignInOptions: { status: 200 },
};
