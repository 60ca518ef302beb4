import * as admin from "#contract/admin.js";
import * as agentSkills from "#contract/agent-skills.js";
import * as agents from "#contract/agents.js";
import * as apiKeys from "#contract/api-keys.js";
import * as assignments from "#contract/assignments.js";
import * as authorizations from "#contract/authorizations.js";
import * as connections from "#contract/connections.js";
import * as device from "#contract/device.js";
import * as execute from "#contract/execute.js";
import * as listings from "#contract/listings.js";
import * as people from "#contract/people.js";
import * as protectedResource from "#contract/protected-resource.js";
import * as results from "#contract/results.js";
import * as skillRegistry from "#contract/skill-registry.js";
import * as skillVersions from "#contract/skill-versions.js";
import * as skills from "#contract/skills.js";
import * as system from "#contract/system.js";
import * as tasks from "#contract/tasks.js";
import * as usage from "#contract/usage.js";
import * as wellKnown from "#contract/well-known.js";

/** Our whole API. The server implements it, the client calls it, `/openapi.json` shows it. */
export const contract = {
  listIntegrations: skills.listIntegrations,
  getIntegration: skills.getIntegration,
  getEndpoint: skills.getEndpoint,
  downloadSkill: skills.downloadSkill,
  executeEndpoint: execute.executeEndpoint,
  getResult: results.getResult,
  connect: connections.connect,
  getConnect: connections.getConnect,
  cancelConnect: connections.cancelConnect,
  callback: connections.callback,
  confirmConnect: connections.confirmConnect,
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
  protectedResourceMetadata: protectedResource.protectedResourceMetadata,
  rootResourceMetadata: protectedResource.rootResourceMetadata,
  listAuthorizations: authorizations.listAuthorizations,
  revokeAuthorization: authorizations.revokeAuthorization,
  getAuthorizationRequest: authorizations.getAuthorizationRequest,
  approveAuthorization: authorizations.approveAuthorization,
  denyAuthorization: authorizations.denyAuthorization,
  whoami: people.whoami,
  getMe: people.getMe,
  setPlan: people.setPlan,
  getUsage: usage.getUsage,
  listCalls: usage.listCalls,
  listProviders: admin.listProviders,
  setProvider: admin.setProvider,
  removeProvider: admin.removeProvider,
  rotateKeys: admin.rotateKeys,
  listTasks: tasks.listTasks,
  getTask: tasks.getTask,
  approveTask: tasks.approveTask,
  rejectTask: tasks.rejectTask,
  requestTask: tasks.requestTask,
  getRequestedTask: tasks.getRequestedTask,
  getSkillIndex: wellKnown.getSkillIndex,
  getOldSkillIndex: wellKnown.getOldSkillIndex,
  getPublishedFile: wellKnown.getPublishedFile,
  getOldPublishedFile: wellKnown.getOldPublishedFile,
  getPublishedArchive: wellKnown.getPublishedArchive,
  listListings: listings.listListings,
  getListing: listings.getListing,
  installListing: listings.installListing,
  diffListing: listings.diffListing,
  updateFromListing: listings.updateFromListing,
  listListingSources: listings.listListingSources,
  addListingSource: listings.addListingSource,
  uploadListingSource: listings.uploadListingSource,
  refreshListingSource: listings.refreshListingSource,
  removeListingSource: listings.removeListingSource,
  listSkills: skillRegistry.listSkills,
  listSkillCategories: skillRegistry.listSkillCategories,
  getSkill: skillRegistry.getSkill,
  createSkill: skillRegistry.createSkill,
  updateSkill: skillRegistry.updateSkill,
  archiveSkill: skillRegistry.archiveSkill,
  restoreSkill: skillRegistry.restoreSkill,
  duplicateSkill: skillRegistry.duplicateSkill,
  publishSkill: skillVersions.publishSkill,
  listVersions: skillVersions.listVersions,
  getVersion: skillVersions.getVersion,
  diffVersions: skillVersions.diffVersions,
  rollBackSkill: skillVersions.rollBackSkill,
  getSkillFile: skillVersions.getSkillFile,
  importSkills: skillRegistry.importSkills,
  importWithKey: skillRegistry.importWithKey,
  exportSkill: skillRegistry.exportSkill,
  validateSkill: skillRegistry.validateSkill,
  validateWithKey: skillRegistry.validateWithKey,
  listSkillAgents: assignments.listSkillAgents,
  assignSkill: assignments.assignSkill,
  unassignSkill: assignments.unassignSkill,
  updateAssignment: assignments.updateAssignment,
  listAgentSkills: assignments.listAgentSkills,
  listAssignments: assignments.listAssignments,
  getOwnSkills: assignments.getOwnSkills,
  querySkill: agentSkills.querySkill,
  discoverSkills: agentSkills.discoverSkills,
  discoverConnectors: agentSkills.discoverConnectors,
  listSkillManifests: agentSkills.listSkillManifests,
  getSkillManifest: agentSkills.getSkillManifest,
  listAgents: agents.listAgents,
  createAgent: agents.createAgent,
  listAgentsWithKey: agents.listAgentsWithKey,
  createAgentWithKey: agents.createAgentWithKey,
  getAgent: agents.getAgent,
  updateAgent: agents.updateAgent,
  pauseAgent: agents.pauseAgent,
  resumeAgent: agents.resumeAgent,
  deleteAgent: agents.deleteAgent,
  listAgentKeys: agents.listAgentKeys,
  health: system.health,
  ready: system.ready,
  metrics: system.metrics,
  claimPage: system.claimPage,
  claim: system.claim,
  getSignInOptions: system.getSignInOptions,
};

export type Contract = typeof contract;
