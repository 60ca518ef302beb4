import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { sha256 } from "#core/digest.js";

/** How long a browser is remembered after a sign-in, in seconds. */
export const knownDeviceSeconds = 180 * 24 * 3600;

/**
 * Browsers in which somebody has signed in to an account before. They have tries of their own, so that whoever guesses
 * elsewhere does not lock the account's owner out. Being known lets nobody in.
 */
export interface KnownDevices {
  /** Name of the cookie for an account: one browser may have several. */
  cookieName(email: string): string;
  /** The value of the cookie. SECRET: `<id>.<ms since the epoch when it ends>.<signature>` */
  sign(email: string, now: number): string;
  /**
   * The id of the device in a cookie; undefined when the cookie is for another account, was not made by us, or has
   * expired.
   */
  open(cookie: string, email: string, now: number): string | undefined;
}

/** @param secret SECRET, not from the database */
export function createKnownDevices(secret: string): KnownDevices {
  const signature = (email: string, id: string, end: string) =>
    createHmac("sha256", secret)
      .update(`known-device/${sha256(email)}/${id}/${end}`)
      .digest("base64url");
  return {
    cookieName: (email) => `device_${sha256(email).slice(0, 16)}`,
    sign(email, now) {
      const id = randomBytes(16).toString("base64url");
      const end = String(now + knownDeviceSeconds * 1000);
      return `${id}.${end}.${signature(email, id, end)}`;
    },
    open(cookie, email, now) {
      const [id = "", end = "", given = "", ...more] = cookie.split(".");
      if (more.length > 0 || !(Number(end) > now)) return undefined;
      const right = Buffer.from(signature(email, id, end));
      const proof = Buffer.from(given);
      return proof.length === right.length && timingSafeEqual(proof, right) ? id : undefined;
    },
  };
}
