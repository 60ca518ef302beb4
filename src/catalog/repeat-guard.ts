import { hash } from "node:crypto";

/** How a service tells a request that comes twice from two requests: by a header, or by a param. */
export type RepeatGuard = { header: string } | ParamGuard;

/** A param with a value of the client's choice, such as the id of the thing to be made. */
export interface ParamGuard {
  param: string;
  form: GuardForm;
  /** Characters of `hex` and `base32hex`. */
  length: number;
  /** A second request is answered as the first one was; otherwise it is refused. */
  replays: boolean;
}

export const guardForms = ["uuid", "hex", "base32hex"] as const;
export type GuardForm = (typeof guardForms)[number];

/** Characters that a hash gives. */
export const maxGuardLength: Record<GuardForm, number> = { uuid: 36, hex: 64, base32hex: 51 };

/** The value for a seed: the same for the same, so that a request that is sent again has it too. */
export function guardValue({ form, length }: Omit<ParamGuard, "param" | "replays">, seed: string): string {
  const digest = hash("sha256", seed, "hex");
  if (form === "hex") return digest.slice(0, length);
  if (form === "base32hex") return base32hex(digest).slice(0, length);
  // Services that look at the version want 4, the one of random UUIDs. @see RFC 9562 §5.4
  const variant = "89ab"[Number.parseInt(digest[16]!, 16) % 4];
  const parts = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  return parts.join("-");
}

/** @see RFC 4648 §7, in small letters */
function base32hex(hex: string): string {
  const bits = [...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0")).join("");
  return bits
    .match(/.{5}/g)!
    .map((five) => Number.parseInt(five, 2).toString(32))
    .join("");
}
