import type { Clock } from "#core/clock.js";
import { type Accounts, createAccounts } from "#identity/accounts.js";
import type { PasswordHasher } from "#identity/auth.js";
import { type AuthenticatePerson, createAuthenticatePerson } from "#identity/authenticate-person.js";
import { createVerifyJwt } from "#identity/jwt.js";
import { createKeyEndMail } from "#identity/key-end-mail.js";
import { createMailer } from "#identity/mail.js";
import { createOwnership, type Ownership } from "#identity/owner.js";
import { createSignInProviders } from "#identity/sign-in-providers.js";
import { createSignUp, type SignUp } from "#identity/sign-up.js";
import type { Throttle } from "#identity/throttle.js";
import type { Config } from "#main/config.js";
import type { ApiKeyRows } from "#store/api-key-rows.js";
import type { Database } from "#store/engine/database.js";
import { createInvitationRows } from "#store/invitation-rows.js";
import { createMembershipRows, type MembershipRows } from "#store/membership-rows.js";
import type { OAuthGrantRows } from "#store/oauth-grant-rows.js";
import type { ProfileRows } from "#store/profile-rows.js";
import { createSessionRows } from "#store/session-rows.js";
import { createSigningKeyRows } from "#store/signing-key-rows.js";

interface Parts {
  config: Config;
  database: Database;
  profiles: ProfileRows;
  apiKeys: ApiKeyRows;
  grants: OAuthGrantRows;
  throttle: Throttle;
  /** SECRET. */
  secret: string;
  publicUrl: () => string;
  /** Tells the operator. */
  print: (text: string) => void;
  passwords: PasswordHasher | undefined;
  clock: Clock;
}

export interface PeopleParts {
  accounts: Accounts;
  authenticatePerson: AuthenticatePerson;
  memberships: MembershipRows;
  ownership: Ownership;
  signUp: SignUp;
  /** Tells people of keys of theirs that are about to end. */
  tellEndingKeys: () => Promise<void>;
  signInButtons: { id: string; name: string }[];
}

/** All that has to do with people: their accounts, sessions and tenants. */
export function wirePeople(parts: Parts): PeopleParts {
  const { config, database, profiles, apiKeys, grants, throttle, secret, publicUrl, print, clock } = parts;
  const memberships = createMembershipRows(database);
  const invitations = createInvitationRows(database);
  const signUp = createSignUp({
    policy: config.signUp,
    database,
    profiles,
    invitations,
    memberships,
    clock,
  });
  const sessions = createSessionRows(database);
  const providers = createSignInProviders(config.signIn, signUp.policy === "open");
  const mailer = createMailer(config.smtp, print);
  const accounts = createAccounts({
    database,
    memberships,
    signUp,
    throttle,
    mailer,
    providers,
    passwords: parts.passwords,
    secret,
    publicUrl,
    sessions,
    profiles,
    clock,
    membersChanged: async () => {
      const now = clock();
      await Promise.all([
        apiKeys.revokeLeavers(now),
        grants.revokeLeavers(now),
        invitations.cancelOfOthers(),
      ]);
    },
  });
  const verifyJwt = createVerifyJwt(createSigningKeyRows(database), sessions, publicUrl);
  return {
    accounts,
    memberships,
    signUp,
    signInButtons: providers.buttons,
    tellEndingKeys: createKeyEndMail({ apiKeys, mailer, publicUrl, clock }),
    authenticatePerson: createAuthenticatePerson({ accounts, memberships, verifyJwt, publicUrl }),
    ownership: createOwnership({ profiles, accounts, clock }),
  };
}
