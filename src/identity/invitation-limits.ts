import { APIError } from "better-auth/api";
import { dayMs } from "#core/clock.js";
import { sha256 } from "#core/digest.js";
import type { Throttle } from "#identity/throttle.js";
import type { ProfileRows } from "#store/profile-rows.js";

const day = 86_400;
/** In a day. Anybody can make an account of the plan `free`; the operator raises the plan of people they know. */
const perPerson = { newcomer: 5, free: 20, other: 100 };
const perTenant = { max: 100, windowSeconds: day };
/** From all people and tenants together. */
const perAddress = { max: 5, windowSeconds: day };

export interface Inviting {
  profileId: string;
  tenantId: string;
  /** Address of the person who is invited. */
  email: string;
}

/** @throws APIError with status 429 for too many invitations. The operator is bounded for each address alone */
export type LimitInvitations = (inviting: Inviting) => Promise<void>;

interface Deps {
  throttle: Throttle;
  profiles: Pick<ProfileRows, "get">;
}

/** An invitation is a mail of ours to somebody who did not ask for it. */
export function createInvitationLimits({ throttle, profiles }: Deps): LimitInvitations {
  async function refuse(bucket: string, rule: { max: number; windowSeconds: number }, what: string) {
    const { allowed, retryAfterSeconds } = await throttle.take(`invitations/${bucket}`, rule);
    if (allowed) return;
    throw new APIError(
      "TOO_MANY_REQUESTS",
      { message: `${what} Try again later, or ask the operator of this instance for a larger plan.` },
      { "Retry-After": String(retryAfterSeconds) },
    );
  }

  return async ({ profileId, tenantId, email }) => {
    const profile = (await profiles.get(profileId))!;
    if (profile.is_operator !== 1) {
      // By the clock that wrote the row, the system's.
      const isNew = Date.now() - profile.created_at < dayMs;
      const kind = profile.plan !== "free" ? "other" : isNew ? "newcomer" : "free";
      const max = perPerson[kind];
      await refuse(
        `by/${profileId}`,
        { max, windowSeconds: day },
        `You may invite ${max} people in a day${isNew && kind === "newcomer" ? " while your account is new" : ""}.`,
      );
      await refuse(`to/${tenantId}`, perTenant, "This tenant has invited as many people as it may in a day.");
    }
    await refuse(`for/${sha256(email.toLowerCase())}`, perAddress, "This address was invited often today.");
  };
}
