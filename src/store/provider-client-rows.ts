import type { Database } from "#store/engine/database.js";
import type { ProviderClientRow } from "#store/schema/tables.js";

/** OAuth clients the operator has set. */
export interface ProviderClientRows {
  list(): Promise<ProviderClientRow[]>;
  get(provider: string): Promise<ProviderClientRow | undefined>;
  put(row: ProviderClientRow): Promise<void>;
  delete(provider: string): Promise<void>;
}

export function createProviderClientRows({ kysely }: Database): ProviderClientRows {
  return {
    list: () => kysely.selectFrom("provider_clients").selectAll().execute(),
    get: (provider) =>
      kysely.selectFrom("provider_clients").selectAll().where("provider", "=", provider).executeTakeFirst(),
    put: async ({ provider, ...rest }) => {
      await kysely
        .insertInto("provider_clients")
        .values({ provider, ...rest })
        .onConflict((conflict) => conflict.column("provider").doUpdateSet(rest))
        .execute();
    },
    delete: async (provider) => {
      await kysely.deleteFrom("provider_clients").where("provider", "=", provider).execute();
    },
  };
}
