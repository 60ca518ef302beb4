import { randomBytes } from "node:crypto";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { newUuid } from "#core/ids.js";
import type { Accounts } from "#identity/accounts.js";
import { hashToken } from "#identity/api-key.js";
import { issueKey } from "#identity/issue-key.js";
import type { ProfileRows } from "#store/profile-rows.js";

export interface FirstStart {
  /** SECRET. Opens `/claim` once; undefined when the instance has been claimed. */
  claimToken: string | undefined;
  /** SECRET. The operator's own key; only when this start made the owner. */
  apiKey: string | undefined;
}

export interface ClaimingPerson {
  email: string;
  displayName: string;
  /** SECRET. */
  password: string;
}

export interface Ownership {
  /** Makes the owner of an empty database, and a fresh claim token as long as nobody has claimed it. */
  prepare(): Promise<FirstStart>;
  isClaimToken(token: string): Promise<boolean>;
  isClaimed(): Promise<boolean>;
  /** Names the owner and gives them a password; returns the cookies that sign them in. */
  claim(token: string, person: ClaimingPerson, address: string): Promise<string[]>;
}

interface Deps {
  profiles: ProfileRows;
  accounts: Accounts;
  clock: Clock;
}

export function createOwnership({ profiles, accounts, clock }: Deps): Ownership {
  return {
    async prepare() {
      const apiKey = (await profiles.isEmpty()) ? await makeOwner(profiles, clock()) : undefined;
      const unclaimed = await profiles.findUnclaimed();
      if (!unclaimed) return { claimToken: undefined, apiKey };
      const claimToken = randomBytes(24).toString("base64url");
      await profiles.setClaimToken(unclaimed.id, hashToken(claimToken));
      return { claimToken, apiKey };
    },
    isClaimToken: (token) => profiles.isClaimToken(hashToken(token)),
    isClaimed: async () => !(await profiles.findUnclaimed()),
    async claim(token, { email: given, displayName, password }, address) {
      const email = given.toLowerCase();
      const profileId = await profiles.claim(hashToken(token), { email, displayName });
      if (profileId) return accounts.setFirstPassword({ profileId, email }, password, address);
      throw new SkillettError("forbidden", {
        message:
          "This claim link has been used or replaced. `skillett up` prints a new one as long as nobody has claimed the instance.",
      });
    },
  };
}

async function makeOwner(profiles: ProfileRows, now: number): Promise<string> {
  const tenant_id = newUuid();
  const profile_id = newUuid();
  const key = { tenantId: tenant_id, profileId: profile_id, agentId: null, name: "skillett up" };
  const { row, fullKey } = issueKey({ ...key, scopes: ["*"], expiresAt: null }, now);
  await profiles.insertOwner({
    tenant: {
      id: tenant_id,
      name: "Home",
      slug: tenant_id,
      logo: null,
      metadata: null,
      catalog_version: 0,
      created_at: now,
    },
    profile: {
      id: profile_id,
      email: null,
      email_verified: 0,
      display_name: null,
      image: null,
      two_factor_enabled: 0,
      plan: "unlimited",
      // Replaced at once by `prepare`; until then nothing can match it.
      claim_token_hash: "unclaimed",
      is_operator: 1,
      updated_at: now,
      created_at: now,
    },
    membership: { id: newUuid(), tenant_id, profile_id, role: "owner", created_at: now },
    key: row,
  });
  return fullKey;
}
