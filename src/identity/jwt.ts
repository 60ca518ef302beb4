import { createLocalJWKSet, errors, jwtVerify } from "jose";
import { permissionsOf, type Role } from "#core/permissions.js";
import type { MembershipRows } from "#store/membership-rows.js";
import type { SessionRows } from "#store/session-rows.js";
import type { SigningKeyRows } from "#store/signing-key-rows.js";

const lifetime = "15m";

interface Session {
  user: { id: string; email: string };
  session: Record<string, unknown>;
}

/** The claims of our JWTs: `sub`, `sid`, `email`, `tenantId`, `role`, `permissions`, for 15 minutes. */
export function jwtClaims(memberships: MembershipRows, publicUrl: string) {
  return {
    issuer: publicUrl,
    audience: publicUrl,
    expirationTime: lifetime,
    definePayload: async ({ user, session }: Session) => {
      const tenantId = (session.activeOrganizationId as string | null) ?? (await memberships.first(user.id));
      const member = tenantId ? await memberships.find(user.id, tenantId) : undefined;
      const role = (member?.role ?? "viewer") as Role;
      return {
        sid: session.id,
        email: user.email,
        tenantId,
        role,
        permissions: member ? [...permissionsOf(role)] : [],
      };
    },
  };
}

/** The person and tenant of a JWT; undefined when it is not one of ours, not valid now, or its session has ended. */
export type VerifyJwt = (token: string) => Promise<{ profileId: string; tenantId: string } | undefined>;

export function createVerifyJwt(
  keys: SigningKeyRows,
  sessions: SessionRows,
  publicUrl: () => string,
): VerifyJwt {
  return async (token) => {
    const url = publicUrl();
    try {
      const known = createLocalJWKSet({ keys: await keys.publicKeys() });
      const { payload } = await jwtVerify(token, known, {
        issuer: url,
        audience: url,
        algorithms: ["EdDSA"],
        requiredClaims: ["sub", "sid", "exp", "tenantId"],
      });
      const { sub: profileId, sid: id, tenantId } = payload;
      if (typeof profileId !== "string" || typeof id !== "string" || typeof tenantId !== "string")
        return undefined;
      // By the system's clock, by which the library has set both times.
      return (await sessions.isLive({ id, profileId }, Date.now())) ? { profileId, tenantId } : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  };
}
