import { passwordLength } from "#identity/auth-guards.js";
import type { InvitationLinks } from "#identity/invitation-links.js";
import type { Mailer } from "#identity/mail.js";

interface Deps {
  mailer: Mailer;
  links: InvitationLinks;
  publicUrl: string;
}

interface Invited {
  id: string;
  email: string;
  role: string;
  organization: { name: string };
  inviter: { user: { name: string; email: string } };
}

/**
 * The mails of Better Auth. No request waits for the mail server, since the time would reveal which addresses are
 * known.
 */
export function authMail({ mailer, links, publicUrl }: Deps) {
  const send = (to: string, subject: string, text: string) => {
    void mailer.send({ to, subject, text });
  };
  return {
    emailAndPassword: {
      enabled: true,
      // Better Auth counts UTF-16 units, of which a character has two at most: the guards count characters.
      minPasswordLength: passwordLength.min,
      maxPasswordLength: 2 * passwordLength.max,
      // Where no mail is delivered, nobody could prove an address.
      requireEmailVerification: mailer.delivers,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: async ({ user, url }: { user: { email: string }; url: string }) =>
        send(
          user.email,
          "Set a new Skillett password",
          `Somebody, perhaps you, asked for a new password. Within an hour, open:\n${url}\nIf it was not you, do nothing.`,
        ),
    },
    emailVerification: {
      sendOnSignUp: mailer.delivers,
      sendOnSignIn: mailer.delivers,
      autoSignInAfterVerification: true,
      sendVerificationEmail: async ({ user, url }: { user: { email: string }; url: string }) =>
        send(
          user.email,
          "Confirm your email address for Skillett",
          `Open this to confirm that the address is yours:\n${url}\nIf you did not sign up, do nothing.`,
        ),
    },
    invite: async ({ id, email, role, organization, inviter }: Invited) =>
      send(
        email,
        "You are invited to a team on Skillett",
        `${inviter.user.email} invites you to ${nameInMail(organization.name)} as ${role}. Within a week, open:\n${publicUrl}/accept-invitation/${links.sign(id)}\nIf you do not know this person, do nothing.`,
      ),
  };
}

const maxNameLength = 40;

/**
 * The name of a tenant, which anybody can choose, as it may stand in our mail to a stranger: short, on one line, and
 * nothing in it that a reader of mail makes a link or a number to call of.
 */
export function nameInMail(name: string): string {
  const cleaned = name
    .normalize("NFKC")
    .replace(/[^\p{Letter}\p{Mark}\p{Number}'’&-]+|\p{Number}{5,}/gu, " ")
    .replace(/ +/g, " ")
    .trim();
  const short = [...cleaned].slice(0, maxNameLength).join("").trim();
  return short === "" ? "a team" : `the team “${short}”`;
}
