import type { CustomFetch } from "openid-client";
import type { AuthProvider } from "#catalog/provider.js";
import { readTokenAnswer } from "#connections/token-answer.js";
import { useOfProvider } from "#connections/use-of.js";
import { SkillettError } from "#core/errors.js";
import { RequestSignal } from "#core/request-signal.js";
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
        use: useOfProvider(provider),
        service: provider.name,
        method: "POST",
        url,
        headers: {
          ...headers,
          "content-type": json ? "application/json" : "application/x-www-form-urlencoded;charset=UTF-8",
        },
        body: json ? JSON.stringify(Object.fromEntries(new URLSearchParams(form))) : form,
        // Several callers may wait for this answer, and it must not get lost: so no caller's signal stops it.
        signal: new RequestSignal(),
      };
      const { response, head, rest } = await ask(upstream, request);
      if (response.status >= 500 || response.status === 429) throw unavailable(provider, response.status);
      const text = rest ? "" : head.toString();
      const answer = readTokenAnswer(provider, response.status, text);
      return answer
        ? reply(answer.status, JSON.stringify(answer.body))
        : reply(response.status, text, "text/plain");
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

const reply = (status: number, body: string, type = "application/json") =>
  new Response(body, { status, headers: { "content-type": type } });
