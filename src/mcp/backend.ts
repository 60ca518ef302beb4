import type { Contract } from "#contract/contract.js";
import type { CallInput, CallOutput } from "#contract/io.js";
import type { ErrorBody } from "#core/errors.js";

/** Routes whose answers are read. */
const readRoutes = [
  "listIntegrations",
  "getIntegration",
  "getEndpoint",
  "querySkill",
  "discoverSkills",
  "discoverConnectors",
  "listSkillManifests",
  "getSkillManifest",
  "requestTask",
] as const satisfies (keyof Contract)[];

/** Routes whose answers are passed on as they are. */
const rawRoutes = ["executeEndpoint", "getResult", "getPublishedFile"] as const satisfies (keyof Contract)[];

type ReadRoute = (typeof readRoutes)[number];
type RawRoute = (typeof rawRoutes)[number];

/** The bytes of an answer, and what its headers say. */
export interface RawAnswer {
  bytes: Buffer;
  /** Lower-case names. */
  headers: Readonly<Record<string, unknown>>;
}

/**
 * The routes of our API that tools may call, for one caller. Permissions are checked there. The server calls its own
 * routes; `skillett mcp` calls those of a server elsewhere.
 */
export type Backend = {
  [N in ReadRoute]: (input: CallInput<Contract[N]>) => Promise<CallOutput<Contract[N]>>;
} & {
  [N in RawRoute]: (input: CallInput<Contract[N]>) => Promise<RawAnswer>;
} & {
  /** The body of the error that a call was refused with, whatever was thrown. */
  toErrorBody(error: unknown): ErrorBody;
};

/** The ways of a backend to call any of its routes. The types of the routes have checked the input. */
export interface BackendParts {
  read(name: ReadRoute, input: Given): Promise<unknown>;
  raw(name: RawRoute, input: Given): Promise<RawAnswer>;
  toErrorBody: Backend["toErrorBody"];
}

type Given = CallInput<Contract[RawRoute | ReadRoute]>;

export function createBackend({ read, raw, toErrorBody }: BackendParts): Backend {
  return {
    ...Object.fromEntries(readRoutes.map((name) => [name, (input: Given) => read(name, input)])),
    ...Object.fromEntries(rawRoutes.map((name) => [name, (input: Given) => raw(name, input)])),
    toErrorBody,
  } as Backend;
}
