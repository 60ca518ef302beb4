import { matches, parseJson } from "#catalog/body.js";
import type { Revocation } from "#catalog/provider.js";
import type { Credential } from "#catalog/request/authorize.js";
import { fillTemplate } from "#catalog/template.js";
import type { OAuthClient } from "#connections/oauth.js";
import { useOfProvider } from "#connections/use-of.js";
import { RequestSignal } from "#core/request-signal.js";
import { openBody } from "#upstream/body.js";
import type { Upstream, UpstreamRequest } from "#upstream/send.js";

const maxBytes = 100_000;

/** How providers say that the credential was no good any more, most with a status of 400 and above. */
const worthless = {
  error: [
    "invalid_token",
    "token_revoked",
    "token_expired",
    "expired_token",
    "revoked_token",
    "account_inactive",
  ],
};

/** Revokes a credential at its provider. Returns undefined when that worked, else why it did not. */
export type Revoke = (client: OAuthClient, credential: Credential) => Promise<string | undefined>;

/** @see RFC 7009, which few providers follow to the letter: each describes its own request */
export function createRevoke(upstream: Upstream): Revoke {
  return async (client, credential) => {
    const { name, revoke } = client.provider;
    if (!revoke) return `${name} has no way to revoke it`;
    try {
      const response = await upstream.send(revocationRequest(client, revoke, credential));
      const { head, rest } = await openBody(response, maxBytes);
      await rest?.return?.();
      const body = parseJson(head);
      const done = response.status < 300 && (!revoke.done || matches(body, revoke.done));
      return done || matches(body, worthless)
        ? undefined
        : `${name} refused to revoke it (HTTP ${response.status})`;
    } catch (error) {
      return (error as Error).message.replace(/\.$/, "");
    }
  };
}

function revocationRequest(
  { provider, id, secret, clientAuth: registered }: OAuthClient,
  { method, url, clientAuth: described, headers, body, params }: Revocation,
  credential: Credential,
): UpstreamRequest {
  const clientAuth = provider.owner ? registered : described;
  const values: Record<string, string | undefined> = {
    client_id: id,
    access_token: credential.access_token,
    token: credential.refresh_token ?? credential.access_token,
  };
  const fill = (template: string) => fillTemplate(template, (field) => values[field] ?? "");
  const filled = (templates: Record<string, string>) =>
    Object.fromEntries(Object.entries(templates).map(([field, template]) => [field, fill(template)]));
  const sent = {
    ...filled(params),
    ...(clientAuth === "body" ? { client_id: id, client_secret: secret } : {}),
    ...(provider.owner && clientAuth === "none" ? { client_id: id } : {}),
  };
  const form = body === "form" ? new URLSearchParams(sent).toString() : null;
  const json = body === "json" ? JSON.stringify(sent) : null;
  return {
    use: useOfProvider(provider),
    service: provider.name,
    method,
    url: fillTemplate(url, (field) => encodeURIComponent(values[field] ?? "")),
    headers: {
      accept: "application/json",
      ...(form === null ? {} : { "content-type": "application/x-www-form-urlencoded" }),
      ...(json === null ? {} : { "content-type": "application/json" }),
      ...(clientAuth === "basic" ? { authorization: basic(id, secret) } : {}),
      ...filled(headers),
    },
    body: form ?? json,
    signal: new RequestSignal(),
  };
}

/** @see RFC 6749 §2.3.1: both parts are form-encoded first */
function basic(id: string, secret: string): string {
  const encode = (text: string) => encodeURIComponent(text).replace(/%20/g, "+");
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString("base64")}`;
}
