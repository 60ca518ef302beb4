import type { CallInput, CallOutput } from "#contract/call.js";
import type { Contract } from "#contract/contract.js";
import type { ErrorBody } from "#core/errors.js";

/** Routes whose answers are read. */
type ReadRoute =
  | "listIntegrations"
  | "getIntegration"
  | "getEndpoint"
  | "querySkill"
  | "discoverSkills"
  | "discoverConnectors"
  | "listSkillManifests"
  | "getSkillManifest"
  | "requestTask";

/** Routes whose answers are passed on as they are. */
type RawRoute = "executeEndpoint" | "getResult" | "getPublishedFile";

/**
 * Our own API for one caller: all that a tool can reach. What it may do, and what it is refused, is decided there.
 * The server gives its routes themselves, `skillett mcp` the client of a server elsewhere.
 */
export type Backend = {
  [N in ReadRoute]: (input: CallInput<Contract[N]>) => Promise<CallOutput<Contract[N]>>;
} & {
  [N in RawRoute]: (input: CallInput<Contract[N]>) => Promise<Buffer>;
} & {
  /** The body of the error that a call was refused with, whatever was thrown. */
  toErrorBody(error: unknown): ErrorBody;
};
