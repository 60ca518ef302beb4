import type { Tool } from "#mcp/tool.js";
import { connectorDiscover } from "#mcp/tools/connector-discover.js";
import { connectorRequest } from "#mcp/tools/connector-request.js";
import { integrationDescribe } from "#mcp/tools/integration-describe.js";
import { integrationRun } from "#mcp/tools/integration-run.js";
import { integrationSearch } from "#mcp/tools/integration-search.js";
import { skillDiscover } from "#mcp/tools/skill-discover.js";
import { skillQuery } from "#mcp/tools/skill-query.js";
import { skillRequest } from "#mcp/tools/skill-request.js";

/** In the order that clients list them in. */
export const tools = [
  skillQuery,
  skillDiscover,
  skillRequest,
  connectorDiscover,
  connectorRequest,
  integrationSearch,
  integrationDescribe,
  integrationRun,
] as unknown as readonly Tool[];
