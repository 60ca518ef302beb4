import { type OAuthRequest, oauthError, readOAuthRequest } from "#api/oauth-request.js";
import type { Contract } from "#contract/contract.js";
import type * as routes from "#contract/device-grant.js";
import type { Api, Output } from "#contract/route.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { DeviceLogin, Poll } from "#identity/device-login.js";

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
/** Longer ones are not ours. */
const maxCodeLength = 200;

export interface DeviceDeps {
  deviceLogin: DeviceLogin;
  publicUrl: () => string;
}

/** The routes that a device calls without a credential, to get a key. @see RFC 8628 */
export function createDeviceGrantApi({ deviceLogin, publicUrl }: DeviceDeps): Api<typeof routes> {
  return {
    async requestDeviceCode({ body, headers, address }) {
      const request = readOAuthRequest(body ?? {}, headers["content-type"]);
      const { deviceCode, userCode, expiresIn, interval } = await deviceLogin.begin({
        clientId: clientIdOf(request) ?? null,
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
    async pollDeviceToken({ body, headers }) {
      const request = readOAuthRequest(body, headers["content-type"]);
      if (request.isStandard && request.required("grant_type", maxCodeLength) !== deviceGrant) {
        throw oauthError("unsupported_grant_type");
      }
      const deviceCode = request.required("device_code", maxCodeLength);
      if (!request.isStandard) refuseMalformed(deviceCode);
      const poll = await deviceLogin.poll(deviceCode, clientIdOf(request));
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

function clientIdOf(request: OAuthRequest): string | undefined {
  return request.isStandard ? request.required("client_id", 200) : request.optional("client_id", 200);
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
