import { buffer } from "node:stream/consumers";
import { type InsideName, type InsideService, insideName } from "#core/inside-service.js";
import { type Opened, openBody } from "#upstream/body.js";
import { toSkillettError } from "#upstream/failure.js";
import type { AnswerHead, OutgoingBody, Upstream, UpstreamRequest } from "#upstream/send.js";

/** Where requests go: out to a network, or to a service that is part of this program. */
export interface Carriers {
  upstream: Upstream;
  inside: Readonly<Record<InsideName, InsideService>>;
}

export interface Carried {
  response: AnswerHead;
  body: Opened;
}

interface Errand {
  /** A service inside answers from its data. */
  tenantId: string;
  request: UpstreamRequest;
  /** Bodies up to here are read whole; of longer ones there is a beginning and a rest. */
  maxHeldBytes: number;
  /** Told as soon as the service has answered, since its body may break off after that. */
  onStatus: (status: number) => void;
}

/** Brings a request to its service and the answer back. */
export async function carry({ upstream, inside }: Carriers, errand: Errand): Promise<Carried> {
  const { request, maxHeldBytes, onStatus } = errand;
  const name = insideName(request.url);
  if (name !== undefined) return answerInside(inside[name], errand);
  const response = await upstream.send(request);
  onStatus(response.status);
  try {
    return { response, body: await openBody(response, maxHeldBytes) };
  } catch (error) {
    throw toSkillettError(error, { ...request, status: response.status });
  }
}

async function answerInside(
  service: InsideService,
  { tenantId, request: { method, url, body: sent, signal }, onStatus }: Errand,
): Promise<Carried> {
  const { pathname: path, searchParams: query } = new URL(url);
  const whole = await wholeOf(sent);
  const { status, headers, body } = await service({ tenantId, method, path, query, body: whole, signal });
  onStatus(status);
  return { response: { status, headers, url, repeated: false }, body: { head: body, rest: undefined } };
}

/** A service inside takes its body whole. */
async function wholeOf(body: OutgoingBody): Promise<string | Buffer | null> {
  return body !== null && typeof body === "object" && "open" in body ? buffer(body.open()) : body;
}
