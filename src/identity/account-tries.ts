import { sha256 } from "#core/digest.js";
import type { Throttle, ThrottleRule } from "#identity/throttle.js";

/** Passwords in a quarter of an hour for an account: so many from all unknown browsers, and from each known one. */
const passwords = { max: 20, windowSeconds: 900 };
/** Mails to an address that naming it causes: so many from all unknown browsers, and from each known one. */
const mailsInAnHour = { max: 10, windowSeconds: 3600 };
const mailsInADay = { max: 30, windowSeconds: 86_400 };

const signIn = "/sign-in/email";
const mails = ["/sign-up/email", "/request-password-reset", "/send-verification-email"];

export interface AccountTry {
  /** Below `/auth`. */
  path: string;
  /** In small letters; empty when the request names none. */
  email: string;
  /** The known device it comes from. @see known-devices.ts */
  device: string | undefined;
}

/** How often an account may be tried, whether there is one or not, by all servers together. */
export interface AccountTries {
  /** Counts a try. Returns the seconds to wait when there were too many, else undefined. */
  take(attempt: AccountTry): Promise<number | undefined>;
  /** Takes the try back: the password was right, so it was no guess. */
  succeeded(attempt: AccountTry): Promise<void>;
  /** Called when a password was set by a link in a mail: earlier wrong passwords do not count any more. */
  forget(email: string): Promise<void>;
}

export function createAccountTries(throttle: Throttle): AccountTries {
  return {
    async take(attempt) {
      for (const { bucket, rule } of bucketsOf(attempt)) {
        const { allowed, retryAfterSeconds } = await throttle.take(bucket, rule);
        if (!allowed) return retryAfterSeconds;
      }
      return undefined;
    },
    async succeeded(attempt) {
      if (attempt.path !== signIn) return;
      for (const { bucket } of bucketsOf(attempt)) await throttle.giveBack(bucket);
    },
    forget: (email) => throttle.reset(`account/${sha256(email)}`),
  };
}

function bucketsOf({ path, email, device }: AccountTry): { bucket: string; rule: ThrottleRule }[] {
  if (email === "") return [];
  const whose = device === undefined ? sha256(email) : `${sha256(email)}/${device}`;
  if (path === signIn) return [{ bucket: `account/${whose}`, rule: passwords }];
  if (!mails.includes(path)) return [];
  return [
    { bucket: `mail/${whose}`, rule: mailsInAnHour },
    { bucket: `mail-day/${whose}`, rule: mailsInADay },
  ];
}
