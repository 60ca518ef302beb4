import { toReply } from "#api/well-known.js";
import type { Contract } from "#contract/contract.js";
import type { Api } from "#contract/route.js";
import type * as routes from "#contract/skill-addresses.js";
import { isoTime } from "#core/clock.js";
import type { InstallerAddresses } from "#identity/skill-addresses.js";
import type { WellKnown } from "#skills/delivery/well-known.js";
import type { SkillAddressRow } from "#store/schema/skill-tables.js";

export interface SkillAddressesDeps {
  installerAddresses: InstallerAddresses;
  wellKnown: WellKnown;
  publicUrl: () => string;
}

export function createSkillAddressesApi(deps: SkillAddressesDeps): Api<typeof routes> {
  const { installerAddresses: addresses, wellKnown, publicUrl } = deps;
  const getFile: Api<Contract>["getPublishedFileByAddress"] = async ({ params, query, address }) => {
    const reader = await addresses.open(params.secret, address);
    return toReply.file(await wellKnown.file(reader, params.name, params["*"]), params["*"], query.digest);
  };
  return {
    listSkillAddresses: async ({ caller, params }) => ({
      addresses: (await addresses.list(caller, params.agent)).map(toAddress),
    }),
    async createSkillAddress({ caller, params, body: { name, expires_at } }) {
      const expiresAt = expires_at === undefined ? undefined : Date.parse(expires_at);
      const { row, path } = await addresses.create(caller, params.agent, { name, expiresAt });
      return { address: toAddress(row), url: publicUrl() + path };
    },
    revokeSkillAddress: async ({ caller, params }) => ({
      address: toAddress(await addresses.revoke(caller, params.agent, params.id)),
    }),
    async getSkillIndexByAddress({ params: { secret }, address }) {
      return wellKnown.index(await addresses.open(secret, address), `/s/${secret}`);
    },
    getOldSkillIndexByAddress: async ({ params, address }) =>
      wellKnown.oldIndex(await addresses.open(params.secret, address)),
    getPublishedFileByAddress: getFile,
    getOldPublishedFileByAddress: getFile,
    async getPublishedArchiveByAddress({ params, query, address }) {
      const reader = await addresses.open(params.secret, address);
      const name = params.archive.slice(0, -".tar.gz".length);
      return toReply.archive(await wellKnown.archive(reader, name), query.digest);
    },
  };
}

function toAddress(row: SkillAddressRow) {
  return {
    id: row.id,
    agent_id: row.agent_id,
    name: row.name,
    created_by: row.created_by,
    created_at: isoTime(row.created_at),
    expires_at: isoTime(row.expires_at),
    revoked_at: isoTime(row.revoked_at),
    last_used_at: isoTime(row.last_used_at),
  };
}
