import { type Account, readAccount } from "#catalog/answer/account.js";
import { probeReason } from "#catalog/answer/refusals.js";
import { parseJson } from "#catalog/body.js";
import type { AccountProbe, Integration } from "#catalog/integration.js";
import { authorize, type Credential } from "#catalog/request/authorize.js";
import { useOf } from "#connections/use-of.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";
import { openBody } from "#upstream/body.js";
import type { Upstream } from "#upstream/send.js";

const maxBytes = 1_000_000;

/** Asks the service whose account this credential opens: a credential it refuses is never stored. */
export async function probeAccount(
  upstream: Upstream,
  integration: Integration,
  probe: AccountProbe,
  method: string,
  credential: Credential,
  signal: RequestSignal,
): Promise<Account> {
  const { name: service, baseUrl, headers } = integration;
  const plan = { method: probe.method, url: baseUrl + probe.path, headers, body: null };
  const request = authorize(integration, method, credential, plan);
  const response = await upstream.send({
    ...request,
    use: useOf(integration),
    service,
    signal,
  });
  const { head, rest } = await openBody(response, maxBytes);
  await rest?.return?.();
  const body = parseJson(head);
  const { status } = response;
  const reason = probeReason(integration, { ...response, said: body, bytes: head });
  if (mayPass(status) || reason?.class === "rate") throw unreadable(service, status);
  if (status >= 400 || reason?.class === "dead") throw refused(integration, method, status);
  const account = readAccount(probe, body);
  if (!account) throw unreadable(service, status);
  return account;
}

/** The service fails, or has not looked at the request: this says nothing about the credential. */
function mayPass(status: number): boolean {
  return status >= 500 || [408, 425, 429].includes(status);
}

/** The error for a person whose credential the service refused. */
export function refused({ name, auth }: Integration, method: string, status: number): SkillettError {
  const fields = Object.keys(auth[method]!.fields);
  if (fields.length === 0) {
    const message = `${name} does not say whose account this is (HTTP ${status}). Nothing was stored; perhaps more access has to be granted when signing in.`;
    return badRequest([{ at: "scopes", message }], { message });
  }
  const message = `${name} refused it (HTTP ${status}). Check that it is complete, not expired, and meant for ${name}`;
  return badRequest(fields.map((field) => ({ at: `credentials.${field}`, message })));
}

function unreadable(service: string, status: number): SkillettError {
  return new SkillettError("upstream_unreachable", {
    message: `${service} did not say whose account this is (HTTP ${status}). Nothing was stored; try again later.`,
  });
}
