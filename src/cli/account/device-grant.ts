import { hostname } from "node:os";
import type { Session } from "#cli/server/session.js";
import { transientError } from "#cli/server/transient-error.js";
import type { Host } from "#cli/terminal/host.js";
import type { Client } from "#client/client.js";
import { ApiError, NetworkError } from "#client/errors.js";
import { type ErrorCode, errorTable } from "#core/errors.js";

/** The client's part of device authorization. @see RFC 8628 */

const clientId = "skillett-cli";
const grantType = "urn:ietf:params:oauth:grant-type:device_code";
/** When the server names no interval. @see RFC 8628 §3.2 */
const defaultInterval = 5;
const slowDownMs = 5000;
/** Doubling ends here: a person who has approved must not wait much longer. */
const maxPauseMs = 60_000;
/** For one answer of the server while polling. */
const answerMs = 10_000;

/** The codes and addresses that the server handed out. `device_code` is SECRET. */
export type Grant = Awaited<ReturnType<Client["requestDeviceCode"]>>;
export type Token = Awaited<ReturnType<Client["pollDeviceToken"]>>;

/** Why there is no key. */
export interface Refusal {
  error: ErrorCode;
  message: string;
}

export async function requestGrant(
  { client, signal }: Session,
  scopes: string[] | undefined,
): Promise<Grant> {
  const grant = await client.requestDeviceCode({
    body: {
      client_id: clientId,
      device_name: hostname().slice(0, 100) || undefined,
      scope: scopes?.join(" "),
    },
    signal,
  });
  // It is shown on a terminal, which obeys control characters.
  if (/^[\x20-\x7e]{1,64}$/.test(grant.user_code)) return grant;
  throw new NetworkError("The server has answered with a code that cannot be shown.");
}

/** Asks again and again whether somebody has let the device in. Outlasts a restart of the server. */
export async function untilSettled(
  grant: Grant,
  { client, signal }: Session,
  host: Host,
): Promise<Token | Refusal> {
  const deadline = host.now() + grant.expires_in * 1000;
  const body = { grant_type: grantType, device_code: grant.device_code, client_id: clientId };
  let interval = (grant.interval || defaultInterval) * 1000;
  let pause = interval;
  while (host.now() < deadline) {
    await host.sleep(Math.min(pause, deadline - host.now()), signal);
    try {
      const late = AbortSignal.timeout(answerMs);
      return await client.pollDeviceToken({ body, signal: AbortSignal.any([signal, late]) });
    } catch (error) {
      if (signal.aborted) throw error;
      const code = error instanceof ApiError ? error.body.error : undefined;
      if (code === "authorization_pending" || code === "slow_down") {
        if (code === "slow_down") interval += slowDownMs;
        pause = interval;
        continue;
      }
      if (error instanceof ApiError && !error.body.retryable && error.status < 500) return error.body;
      transientError(error);
      if (pause === interval) host.stderr.write("The server does not answer; still trying …\n");
      pause = Math.max(interval, Math.min(pause * 2, maxPauseMs));
    }
  }
  return { error: "expired_token", message: errorTable.expired_token.message };
}
