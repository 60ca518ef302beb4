import { createHmac, timingSafeEqual } from "node:crypto";

/** Makes and checks the end of an invitation's link. SECRET: whoever has it may accept the invitation. */
export interface InvitationLinks {
  /** `<id>.<signature>` */
  sign(id: string): string;
  /** The id in the end of a link; undefined when the signature is missing or not ours. */
  open(signed: string): string | undefined;
}

/**
 * Ids of invitations lie in the database and are shown to those who invite; a link also proves that it was
 * sent. Without it, whoever reads the database could accept in another's place.
 */
export function createInvitationLinks(secret: string): InvitationLinks {
  const signature = (id: string) =>
    createHmac("sha256", secret).update(`invitation/${id}`).digest("base64url").slice(0, 32);
  return {
    sign: (id) => `${id}.${signature(id)}`,
    open(signed) {
      const dot = signed.lastIndexOf(".");
      const id = signed.slice(0, Math.max(dot, 0));
      const [given, right] = [Buffer.from(signed.slice(dot + 1)), Buffer.from(signature(id))];
      return given.length === right.length && timingSafeEqual(given, right) ? id : undefined;
    },
  };
}
