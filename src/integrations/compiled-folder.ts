import { setImmediate as nextTurn } from "node:timers/promises";
import type { Endpoint, Integration } from "#catalog/integration.js";
import type { AuthProvider } from "#catalog/provider.js";
import {
  type EndpointReader,
  readIntegration,
  writeEndpoint,
  writeIntegration,
} from "#integrations/compiled.js";

type Providers = ReadonlyMap<string, AuthProvider>;

/** An integration with its endpoints as lines of JSON: itself, then two for each endpoint. @see writeEndpoint */
export function writeFolder(integration: Integration): Buffer {
  const endpoints = [...integration.endpoints.values()];
  return Buffer.from([writeIntegration(integration), ...endpoints.map(writeEndpoint)].join("\n"));
}

/** All of them, by slug. */
export const writeFolders = (integrations: ReadonlyMap<string, Integration>): Map<string, Buffer> =>
  new Map([...integrations].map(([slug, integration]) => [slug, writeFolder(integration)]));

/** Reads what `writeFolder` wrote. @throws when it is something else */
export function readFolder(bytes: Buffer, providers: Providers, read: EndpointReader): Integration {
  const endpoints = new Map<string, Endpoint>();
  const lines = linesOf(bytes);
  const main = first(lines);
  for (const endpoint of endpointsIn(lines, read)) endpoints.set(endpoint.name, endpoint);
  return readIntegration(main, endpoints, providers);
}

/** So few at a time that they take a few milliseconds of the event loop. */
const endpointsInTurn = 200;

/** The same, letting others run meanwhile. */
export async function readFolderInTurns(
  bytes: Buffer,
  providers: Providers,
  read: EndpointReader,
): Promise<Integration> {
  const endpoints = new Map<string, Endpoint>();
  const lines = linesOf(bytes);
  const main = first(lines);
  for (const endpoint of endpointsIn(lines, read)) {
    endpoints.set(endpoint.name, endpoint);
    if (endpoints.size % endpointsInTurn === 0) await nextTurn();
  }
  return readIntegration(main, endpoints, providers);
}

function* endpointsIn(lines: Iterator<Buffer>, read: EndpointReader): Generator<Endpoint> {
  for (let light = lines.next(); !light.done; light = lines.next()) {
    yield read(String(light.value), lines.next().value as Buffer);
  }
}

const first = (lines: Iterator<Buffer>) => String(lines.next().value);

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(10, from);
    const to = end < 0 ? bytes.length : end;
    yield bytes.subarray(from, to);
    from = to + 1;
  }
}
