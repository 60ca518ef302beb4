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

/** What Better Auth sends by mail. Nobody waits for the mail server: how long it takes would tell who is known. */
export function authMail({ mailer, links, publicUrl }: Deps) {
  const send = (to: string, subject: string, text: string) => {
    void mailer.send({ to, subject, text });
  };
  return {
    options: {
      emailAndPassword: {
        enabled: true,
        minPasswordLength: 8,
        maxPasswordLength: 128,
        // Where no mail arrives, nobody could prove an address.
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
    },
    invite: async ({ id, email, role, organization, inviter }: Invited) =>
      send(
        email,
        `${oneLine(inviter.user.name)} invites you to ${oneLine(organization.name)} on Skillett`,
        `You are to be ${role} of ${oneLine(organization.name)}. Within a week, open:\n${publicUrl}/accept-invitation/${links.sign(id)}`,
      ),
  };
}

/** A name goes into a header: no line of its own may come with it. */
const oneLine = (text: string) => text.replace(/\s+/g, " ");
