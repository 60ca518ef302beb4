import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";
import { InvalidGrant } from "oidc-provider/lib/helpers/errors.js";
import type { Clock } from "#core/clock.js";
import { dayMs } from "#core/clock.js";
import { sha256 } from "#core/digest.js";
import type { OAuthArtifactRows } from "#store/oauth-artifact-rows.js";
import type { OAuthGrantRows } from "#store/oauth-grant-rows.js";

interface Deps {
  artifacts: OAuthArtifactRows;
  grants: OAuthGrantRows;
  /** The one audience there is. */
  resource: string;
  clock: Clock;
}

/** How long a client that registered itself may wait until somebody lets it in; from then on it lasts. */
const unusedClientMs = 7 * dayMs;

/** Where oidc-provider keeps its things: on our tables. */
export function createOAuthAdapter(deps: Deps): AdapterFactory {
  return (kind) => {
    if (kind === "Session") return noSessions;
    return kind === "Grant" ? grantAdapter(deps) : artifactAdapter(kind, deps);
  };
}

const unused = async () => undefined;

/** A person is asked at each request, so the library needs no session: ours knows who is signed in. */
const noSessions: Adapter = {
  upsert: unused,
  find: unused,
  findByUserCode: unused,
  findByUid: unused,
  consume: unused,
  destroy: unused,
  revokeByGrantId: unused,
};

function artifactAdapter(kind: string, { artifacts, grants, clock }: Deps): Adapter {
  return {
    ...noSessions,
    async upsert(id, payload, expiresIn) {
      const now = clock();
      const lifeMs = expiresIn === undefined ? unusedClientMs : expiresIn * 1000;
      const grantId = payload.grantId ?? null;
      await artifacts.save({ kind, id: sha256(id), grantId, payload, expiresAt: now + lifeMs }, now);
    },
    async find(id) {
      const found = await artifacts.find(kind, sha256(id), clock());
      if (!found) return undefined;
      const { payload, consumedAt } = found;
      return (
        consumedAt === null ? payload : { ...payload, consumed: seconds(consumedAt) }
      ) as AdapterPayload;
    },
    /** Of two requests that both found it unused, the second counts as a reuse, which ends the grant. */
    async consume(id) {
      const hash = sha256(id);
      if (await artifacts.consume(kind, hash, clock())) return;
      const found = await artifacts.find(kind, hash, clock());
      if (typeof found?.payload.grantId === "string") await grants.revoke(found.payload.grantId, clock());
      throw new InvalidGrant("already used");
    },
    destroy: (id) => artifacts.delete(kind, sha256(id)),
    revokeByGrantId: (grantId) => artifacts.deleteOfGrant(kind, grantId),
  };
}

/**
 * Grants are made when a person lets a client in, and are read from the database each time, so that a revoked one is
 * not found.
 */
function grantAdapter({ grants, resource, clock }: Deps): Adapter {
  return {
    ...noSessions,
    async find(id) {
      const grant = await grants.findLive(id, clock());
      if (!grant) return undefined;
      const scope = (JSON.parse(grant.scopes) as string[]).join(" ");
      return {
        kind: "Grant",
        jti: grant.id,
        accountId: grant.profile_id,
        clientId: grant.client_id,
        resources: { [resource]: scope },
      } as AdapterPayload;
    },
    destroy: (id) => grants.revoke(id, clock()),
  };
}

const seconds = (ms: number) => Math.floor(ms / 1000);
