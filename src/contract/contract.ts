import * as admin from "#contract/admin.js";
import * as apiKeys from "#contract/api-keys.js";
import * as connections from "#contract/connections.js";
import * as device from "#contract/device.js";
import * as execute from "#contract/execute.js";
import * as people from "#contract/people.js";
import * as skills from "#contract/skills.js";
import * as system from "#contract/system.js";
import * as usage from "#contract/usage.js";

/** Our whole API. The server implements it, the client calls it, `/openapi.json` shows it. */
export const contract = {
  listIntegrations: skills.listIntegrations,
  getIntegration: skills.getIntegration,
  getEndpoint: skills.getEndpoint,
  downloadSkill: skills.downloadSkill,
  executeEndpoint: execute.executeEndpoint,
  connect: connections.connect,
  getConnect: connections.getConnect,
  cancelConnect: connections.cancelConnect,
  callback: connections.callback,
  listConnections: connections.listConnections,
  updateConnection: connections.updateConnection,
  disconnect: connections.disconnect,
  listApiKeys: apiKeys.listApiKeys,
  createApiKey: apiKeys.createApiKey,
  revokeApiKey: apiKeys.revokeApiKey,
  rotateApiKey: apiKeys.rotateApiKey,
  requestDeviceCode: device.requestDeviceCode,
  getDeviceRequest: device.getDeviceRequest,
  authorizeDevice: device.authorizeDevice,
  denyDevice: device.denyDevice,
  pollDeviceToken: device.pollDeviceToken,
  authorizationServerMetadata: device.authorizationServerMetadata,
  whoami: people.whoami,
  getMe: people.getMe,
  setPlan: people.setPlan,
  getUsage: usage.getUsage,
  listCalls: usage.listCalls,
  listProviders: admin.listProviders,
  setProvider: admin.setProvider,
  removeProvider: admin.removeProvider,
  rotateKeys: admin.rotateKeys,
  health: system.health,
  ready: system.ready,
  metrics: system.metrics,
  claimPage: system.claimPage,
  claim: system.claim,
  getSignInOptions: system.getSignInOptions,
};

export type Contract = typeof contract;
