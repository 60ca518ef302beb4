import type { Clock } from "#core/clock.js";
import { newUuid } from "#core/ids.js";
import type { Database } from "#store/engine/database.js";
import type { InvitationRows } from "#store/invitation-rows.js";
import type { MembershipRows } from "#store/membership-rows.js";
import type { ProfileRows } from "#store/profile-rows.js";

/**
 * The people who may make an account. `first`: only the one who claims a fresh instance; `invite`: also those with an
 * invitation; `open`: everybody.
 */
export const signUpPolicies = ["first", "invite", "open"] as const;
export type SignUpPolicy = (typeof signUpPolicies)[number];

export interface SignUp {
  policy: SignUpPolicy;
  /** May this email address make an account, with the invitation it brings? */
  isAllowed(email: string, invitationId: string | undefined): Promise<boolean>;
  /** The tenant that a person begins in. A person who belongs to none gets one of their own. */
  home(profileId: string): Promise<string>;
}

interface Deps {
  policy: SignUpPolicy;
  database: Database;
  profiles: ProfileRows;
  invitations: InvitationRows;
  memberships: MembershipRows;
  clock: Clock;
}

export function createSignUp(deps: Deps): SignUp {
  const { policy, database, profiles, invitations, memberships, clock } = deps;

  async function newHome(profileId: string): Promise<string> {
    const now = clock();
    const id = newUuid();
    const { display_name, email } = (await profiles.get(profileId))!;
    await memberships.insertTenant(
      {
        id,
        name: display_name ?? email ?? "Home",
        slug: id,
        logo: null,
        metadata: null,
        catalog_version: 0,
        created_at: now,
      },
      { id: newUuid(), tenant_id: id, profile_id: profileId, role: "owner", created_at: now },
    );
    return id;
  }

  return {
    policy,
    async isAllowed(email, invitationId) {
      if (policy === "open") return true;
      if (policy === "first" || invitationId === undefined) return false;
      const invitation = await invitations.get(invitationId);
      return (
        invitation?.status === "pending" &&
        invitation.expires_at > clock() &&
        invitation.email === email.toLowerCase()
      );
    },
    home: async (profileId) =>
      (await memberships.first(profileId)) ??
      // Two first sign-ins at once: one home.
      database.locked(
        `home/${profileId}`,
        async () => (await memberships.first(profileId)) ?? newHome(profileId),
      ),
  };
}
