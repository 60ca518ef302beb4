import type { JWK } from "jose";
import type { Database } from "#store/engine/database.js";

export interface SigningKeyRows {
  /** Public halves of the keys JWTs are signed with. */
  publicKeys(): Promise<JWK[]>;
}

export function createSigningKeyRows({ kysely }: Database): SigningKeyRows {
  return {
    publicKeys: async () => {
      const rows = await kysely.selectFrom("signing_keys").select(["id", "public_key", "alg"]).execute();
      return rows.map(({ id, public_key, alg }) => ({
        ...JSON.parse(public_key),
        kid: id,
        alg: alg ?? "EdDSA",
      }));
    },
  };
}
