import { oauthError, readOAuthRequest } from "#api/oauth-request.js";
import type { Contract } from "#contract/contract.js";
import type { Api, Output } from "#contract/route.js";
import { isoTime } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { DeviceLogin, Poll } from "#identity/device-login.js";
import { readUserCode, showUserCode } from "#identity/user-code.js";

type Names =
  | "requestDeviceCode"
  | "getDeviceRequest"
  | "authorizeDevice"
  | "denyDevice"
  | "pollDeviceToken"
  | "authorizationServerMetadata";

export interface DeviceDeps {
  deviceLogin: DeviceLogin;
  publicUrl: () => string;
}

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
/** Longer ones are not ours. */
const longestCode = 200;

export function deviceApi({ deviceLogin, publicUrl }: DeviceDeps): Pick<Api<Contract>, Names> {
  return {
    async requestDeviceCode({ body, headers, address }) {
      const request = readOAuthRequest(body ?? {}, headers["content-type"]);
      const clientId = request.isStandard
        ? request.required("client_id", 200)
        : request.optional("client_id", 200);
      const { deviceCode, userCode, expiresIn, interval } = await deviceLogin.begin({
        clientId: clientId ?? null,
        deviceName: request.optional("device_name", 100) ?? null,
        scopes: scopesOf(request.optional("scope", 4096)),
        address,
      });
      const verificationUri = `${publicUrl()}/device`;
      return {
        device_code: deviceCode,
        user_code: userCode,
        verification_uri: verificationUri,
        verification_uri_complete: `${verificationUri}?user_code=${userCode}`,
        expires_in: expiresIn,
        interval,
      };
    },
    async getDeviceRequest({ caller, query, address }) {
      const device = await deviceLogin.see(caller, { userCode: query.user_code, address });
      return {
        user_code: showUserCode(readUserCode(query.user_code)),
        device_name: device.device_name,
        client_id: device.client_id,
        address: device.address,
        scopes: JSON.parse(device.scopes) as string[],
        requested_at: isoTime(device.created_at),
        expires_at: isoTime(device.expires_at),
      };
    },
    async authorizeDevice({ caller, body, address }) {
      await deviceLogin.approve(caller, { userCode: body.user_code, address }, body.scopes);
      return { status: "authorized" };
    },
    async denyDevice({ caller, body, address }) {
      await deviceLogin.deny(caller, { userCode: body.user_code, address });
      return { status: "denied" };
    },
    async pollDeviceToken({ body, headers }) {
      const request = readOAuthRequest(body, headers["content-type"]);
      if (request.isStandard && request.required("grant_type", longestCode) !== deviceGrant) {
        throw oauthError("unsupported_grant_type");
      }
      const deviceCode = request.required("device_code", longestCode);
      if (!request.isStandard) refuseMalformed(deviceCode);
      const clientId = request.isStandard
        ? request.required("client_id", 200)
        : request.optional("client_id", 200);
      const poll = await deviceLogin.poll(deviceCode, clientId);
      if (poll.outcome === "complete") return toToken(poll, publicUrl());
      throw refusal(poll, request.isStandard);
    },
    authorizationServerMetadata() {
      const url = publicUrl();
      return {
        issuer: url,
        token_endpoint: `${url}/auth/device/token`,
        device_authorization_endpoint: `${url}/auth/device/code`,
        jwks_uri: `${url}/auth/jwks`,
        response_types_supported: [],
        grant_types_supported: [deviceGrant],
        token_endpoint_auth_methods_supported: ["none"],
      };
    },
  };
}

/** All of them, when left out. @see RFC 6749 §3.3 */
function scopesOf(scope: string | undefined): string[] {
  const scopes = [...new Set(scope?.split(/ +/).filter((it) => it !== ""))];
  return scopes.length > 0 ? scopes : ["*"];
}

function refuseMalformed(deviceCode: string): void {
  if (/^[0-9a-f]{40}$/.test(deviceCode)) return;
  throw badRequest([{ at: "device_code", message: "must be 40 hex digits, as /auth/device/code gave it" }]);
}

function toToken(
  { fullKey, key, user }: Extract<Poll, { outcome: "complete" }>,
  publicUrl: string,
): Output<Contract["pollDeviceToken"]> {
  const scopes: string[] = JSON.parse(key.scopes);
  return {
    access_token: fullKey,
    token_type: "Bearer",
    scope: scopes.join(" "),
    status: "complete",
    user: { email: user.email, display_name: user.display_name },
    api_keys_url: `${publicUrl}/dashboard/api-keys`,
  };
}

function refusal(poll: Exclude<Poll, { outcome: "complete" }>, isStandard: boolean): SkillettError {
  switch (poll.outcome) {
    case "unknown":
      if (isStandard) return oauthError("invalid_grant");
      return new SkillettError("not_found", { facts: { resource: "Device code" } });
    case "used":
      return isStandard ? oauthError("invalid_grant", alreadyUsed) : oauthError("already_used");
    case "pending":
      return oauthError("authorization_pending", undefined, "pending");
    case "slow_down":
      return oauthError("slow_down", undefined, "pending");
    case "expired":
      return oauthError("expired_token", undefined, "expired");
    case "denied":
      return oauthError("access_denied", poll.message, "denied");
  }
}

const alreadyUsed = "The device code has been used: its key was given out once.";
