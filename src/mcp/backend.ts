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
 * Our own API for one caller: all that a tool can reach. What it may do, and what it is refused, is decided there.
 * The server gives its routes themselves, `skillett mcp` the client of a server elsewhere.
 */
export type Backend = {
  [N in ReadRoute]: (input: CallInput<Contract[N]>) => Promise<CallOutput<Contract[N]>>;
} & {
  [N in RawRoute]: (input: CallInput<Contract[N]>) => Promise<RawAnswer>;
} & {
  /** The body of the error that a call was refused with, whatever was thrown. */
  toErrorBody(error: unknown): ErrorBody;
};

/** What a backend does with any of its routes. The types of each have judged the input. */
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
