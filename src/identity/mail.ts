import { createTransport } from "nodemailer";

export interface Mail {
  to: string;
  subject: string;
  /** Plain text; links on lines of their own. May hold SECRETS. */
  text: string;
}

/** Sends mail, or tells the operator what would have been sent. */
export interface Mailer {
  /** Resolves when the mail server has accepted or refused it; a refusal goes to the operator's log. */
  send(mail: Mail): Promise<void>;
  /** Does mail reach people? */
  readonly delivers: boolean;
}

export interface SmtpSettings {
  /** SECRET: `smtp://user:password@host:587`. */
  url: string;
  from: string;
}

/**
 * Without SMTP, `print` gets the text: the operator of a small instance hands the link on. It holds a SECRET
 * that works once.
 */
export function createMailer(smtp: SmtpSettings | undefined, print: (text: string) => void): Mailer {
  if (!smtp) {
    return {
      delivers: false,
      send: async ({ to, subject, text }) => {
        print(`No mail server is set up (SKILLETT_SMTP_URL), so hand this on to ${to}:\n${subject}\n${text}`);
      },
    };
  }
  const transport = createTransport(smtp.url);
  return {
    delivers: true,
    send: async (mail) => {
      await transport.sendMail({ from: smtp.from, ...mail }).catch((error: { code?: string }) => {
        // Its words may name the person.
        print(
          `A mail ("${mail.subject}") was not taken by the mail server (${error.code ?? "unknown reason"}).`,
        );
      });
    },
  };
}
