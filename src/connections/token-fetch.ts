import type { CustomFetch } from "openid-client";
import { readPath } from "#catalog/body.js";
import type { AuthProvider } from "#catalog/integration.js";
import { SkillettError } from "#core/errors.js";
import { GoneSignal } from "#core/gone.js";
import { openBody } from "#upstream/body.js";
import { toSkillettError } from "#upstream/failure.js";
import type { Upstream, UpstreamRequest } from "#upstream/send.js";

/** Token answers are a few kilobytes. */
const maxBytes = 100_000;

/**
 * How openid-client reaches token endpoints: through the egress guard, with each provider's own ways turned
 * into what RFC 6749 says. SECRETS pass through: nothing here is logged.
 */
export function createTokenFetch(upstream: Upstream): (provider: AuthProvider) => CustomFetch {
  return (provider) =>
    async (url, { body, headers }) => {
      const form = String(body);
      const json = provider.tokenBody === "json";
      const request: UpstreamRequest = {
        use: `provider:${provider.slug}`,
        service: provider.name,
        method: "POST",
        url,
        headers: {
          ...headers,
          "content-type": json ? "application/json" : "application/x-www-form-urlencoded;charset=UTF-8",
        },
        body: json ? JSON.stringify(Object.fromEntries(new URLSearchParams(form))) : form,
        // Several callers may wait for this answer, and it must not get lost: nobody leaving stops it.
        signal: new GoneSignal(),
      };
      const { response, head, rest } = await ask(upstream, request);
      if (response.status >= 500 || response.status === 429) throw unavailable(provider, response.status);
      return toStandard(provider, response.status, rest ? "" : head.toString());
    };
}

async function ask(upstream: Upstream, request: UpstreamRequest) {
  try {
    const response = await upstream.send(request);
    const { head, rest } = await openBody(response, maxBytes);
    await rest?.return?.();
    return { response, head, rest };
  } catch (error) {
    const cause = error instanceof SkillettError ? error.cause : error;
    // The caller's own request has not been sent, or was refused: it may come again, though this is a POST.
    throw cause ? toSkillettError(cause, { service: request.service, method: "GET" }) : error;
  }
}

function unavailable({ name }: AuthProvider, status: number): SkillettError {
  return new SkillettError("upstream_unreachable", {
    message: `${name} cannot hand out tokens just now (HTTP ${status}). Try again shortly.`,
  });
}

/** Errors hidden in a 200, tokens nested in an object, media types that are not JSON: as the RFC has it. */
function toStandard(provider: AuthProvider, status: number, text: string): Response {
  const answer = parse(text);
  if (answer === undefined) return reply(status, text, "text/plain");
  const failed = typeof answer.error === "string" && answer.error !== "";
  if (failed) return reply(status === 200 ? 400 : status, JSON.stringify(answer));
  const nested = provider.tokenPath === null ? undefined : readPath(answer, provider.tokenPath);
  // A refresh may answer flat where the first answer was nested.
  const tokens = isObject(nested) && nested.access_token !== undefined ? nested : answer;
  // We ask for no identity; and some name the kind of account where the RFC wants `bearer`.
  const { id_token: _, token_type: _kind, ...rest } = tokens;
  return reply(status, JSON.stringify({ ...rest, token_type: "bearer" }));
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const reply = (status: number, body: string, type = "application/json") =>
  new Response(body, { status, headers: { "content-type": type } });
