import { hash } from "node:crypto";
import type { Endpoint } from "#catalog/integration.js";

/** The parts that decide what a call does, each to be compared by itself. */
type Parts = [request: string, base: string, params: string, sending: string, pin: string];

/** Text that is the same as long as calls of an endpoint make the same requests. Words for readers do not count. */
export function routeHash(endpoint: Endpoint): string {
  const { method, path, base, params, placements, body, bodyUnder, bodyRoot } = endpoint;
  const { isGraphql, constants, repeatGuard = "inherited", composite, tool } = endpoint;
  const { pin = null, ...called } = tool ?? {};
  const sending = { placements, body, bodyUnder, bodyRoot, isGraphql, constants, repeatGuard, ...called };
  const steps = composite && { steps: composite.steps };
  const parts: Parts = [
    tool ? toolRequest(tool.name) : `${method} ${path}`,
    base ?? "",
    digest(withoutWords(params)),
    digest({ ...sending, steps }),
    pin ?? "",
  ];
  return JSON.stringify(parts);
}

const toolRequest = (name: string) => `tool ${name}`;

/** The tool that an endpoint calls; undefined for any other. */
export function toolOf(hash: string): string | undefined {
  const [request] = JSON.parse(hash) as Parts;
  return request.startsWith(toolRequest("")) ? request.slice(toolRequest("").length) : undefined;
}

/** The pin of the tool that an endpoint calls; empty where it has none. */
export const pinIn = (hash: string) => (JSON.parse(hash) as Parts)[4];

/** By this, an endpoint that has another name is known again. */
export function requestOf(hash: string): string {
  const [request, base] = JSON.parse(hash) as Parts;
  return `${request} ${base}`;
}

/** What differs between two states of an endpoint, in words. */
export function changesBetween(
  before: { hash: string; effect: string },
  after: { hash: string; effect: string },
): string[] {
  const [request, base, params, sending, pin] = JSON.parse(before.hash) as Parts;
  const [newRequest, newBase, newParams, newSending, newPin] = JSON.parse(after.hash) as Parts;
  return [
    ...(before.effect === after.effect ? [] : [`effect: ${before.effect} → ${after.effect}`]),
    ...(request === newRequest ? [] : [`request: ${request} → ${newRequest}`]),
    ...(base === newBase ? [] : ["base URL"]),
    ...(params === newParams ? [] : ["params"]),
    ...(sending === newSending ? [] : ["how it is sent"]),
    ...(pin === newPin ? [] : ["description of the tool"]),
  ];
}

const digest = (value: unknown) => hash("sha256", JSON.stringify(value), "base64url").slice(0, 22);

/** A schema without its descriptions; a param that is named so has a schema, not a text. */
function withoutWords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutWords);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key, value]) => key !== "description" || typeof value !== "string")
      .map(([key, value]) => [key, withoutWords(value)]),
  );
}
