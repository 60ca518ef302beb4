import type { Client, Interaction } from "oidc-provider";
import { isPermitted, type Person, refuseUnlessPermitted } from "#core/caller.js";
import type { Clock } from "#core/clock.js";
import { sha256 } from "#core/digest.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import {
  checkScopes,
  type IntegrationsOf,
  readingPart,
  type Scopeable,
  uncovered,
  withoutRaw,
} from "#core/scopes.js";
import { isDocument } from "#identity/client-kind.js";
import { decisionCookie } from "#identity/decision-cookie.js";
import { agentKeyMs } from "#identity/keys.js";
import type { OAuthServer } from "#identity/oauth-server.js";
import type { AgentRows } from "#store/agent-rows.js";
import type { Database } from "#store/engine/database.js";
import type { OAuthArtifactRows } from "#store/oauth-artifact-rows.js";
import type { ListedGrant, OAuthGrantRows } from "#store/oauth-grant-rows.js";

/** A request of a program, as a browser names it. */
export interface InteractionRef {
  uid: string;
  /** The `Cookie` header: shows whether this browser began it. */
  cookie: string | undefined;
}

export interface InteractionDetails {
  clientId: string;
  clientName: string | null;
  /** Host of the document that describes the client; null for a client that registered itself. */
  clientHost: string | null;
  /** The host, or the scheme, that the browser is sent to. */
  redirectTo: string;
  scopes: string[];
  suggestedAgentId: string | null;
}

export interface Approval {
  /** Id or slug; null acts as the person. */
  agent: string | null;
  /** Left out: all requested scopes but those for raw requests, or for an agent the part of them that only reads. */
  scopes?: string[] | undefined;
  /** ms since the epoch; null lasts until it is revoked. Left out: null, or for an agent 90 days from now. */
  expiresAt?: number | null | undefined;
}

/** The requests of programs for access, which people decide, and the grants they have given. */
export interface Authorizations {
  see(person: Person, ref: InteractionRef): Promise<InteractionDetails>;
  /** Both return the address at which the browser continues. */
  approve(person: Person, ref: InteractionRef, approval: Approval): Promise<string>;
  deny(ref: InteractionRef): Promise<string>;
  list(person: Person): Promise<ListedGrant[]>;
  revoke(person: Person, id: string): Promise<void>;
}

export interface AuthorizationsDeps {
  database: Database;
  server: OAuthServer;
  artifacts: OAuthArtifactRows;
  grants: OAuthGrantRows;
  agents: Pick<AgentRows, "find" | "list">;
  integrationsOf: IntegrationsOf;
  clock: Clock;
}

export function createAuthorizations(deps: AuthorizationsDeps): Authorizations {
  const { database, server, artifacts, grants, agents, integrationsOf, clock } = deps;

  async function find({
    uid,
    cookie,
  }: InteractionRef): Promise<{ interaction: Interaction; client: Client }> {
    const { Interaction, Client } = await server.provider();
    const interaction = beganHere(uid, cookie) ? await Interaction.find(uid) : undefined;
    const client = interaction && (await Client.find(String(interaction.params.client_id)));
    if (!interaction || !client) throw requestOver();
    return { interaction, client };
  }

  /** Only once: a second decision finds the request decided. */
  function decide(ref: InteractionRef, result: (found: Awaited<ReturnType<typeof find>>) => Promise<Result>) {
    return database.locked(`authorization/${ref.uid}`, async () => {
      const found = await find(ref);
      const { interaction } = found;
      if (interaction.result) throw decided();
      interaction.result = await result(found);
      await interaction.persist();
      return interaction.returnTo;
    });
  }

  async function suggest({ tenantId, profileId }: Person, clientId: string): Promise<string | null> {
    const before = (await grants.list(tenantId, profileId)).find((grant) => grant.client_id === clientId);
    if (before) return before.agent_name === null ? null : before.agent_id;
    const active = (await agents.list(tenantId)).filter(({ status }) => status === "active");
    return active.length === 1 ? active[0]!.id : null;
  }

  async function agentFor(person: Person, name: string | null): Promise<string | null> {
    if (name === null) return null;
    refuseUnlessPermitted(person, "agents:*");
    const found = await agents.find(person.tenantId, name);
    if (found) return found.id;
    throw new SkillettError("not_found", { facts: { resource: "Agent" } });
  }

  return {
    async see(person, ref) {
      const { interaction, client } = await find(ref);
      const { clientId, clientName = null } = client;
      return {
        clientId,
        clientName,
        clientHost: isDocument(clientId) ? new URL(clientId).host : null,
        redirectTo: destination(String(interaction.params.redirect_uri)),
        scopes: scopesOf(interaction),
        suggestedAgentId: isPermitted(person, "agents:*") ? await suggest(person, clientId) : null,
      };
    },
    approve: (person, ref, { agent, scopes: chosen, expiresAt }) =>
      decide(ref, async ({ interaction, client }) => {
        const asked = scopesOf(interaction);
        const { tenantId, profileId } = person;
        const agentId = await agentFor(person, agent);
        const integrations = await integrationsOf(person);
        const scopes = chosen ?? (agentId === null ? withoutRaw(asked) : readingPart(asked, integrations));
        refuseMoreThanAsked(scopes, asked, integrations);
        if (scopes.length === 0) throw nothingByDefault(asked);
        const now = clock();
        if (typeof expiresAt === "number" && expiresAt <= now) throw inThePast();
        const end = expiresAt === undefined && agentId !== null ? now + agentKeyMs : (expiresAt ?? null);
        const id = newId("grant");
        await grants.insert({
          tenant_id: tenantId,
          id,
          profile_id: profileId,
          agent_id: agentId,
          client_id: client.clientId,
          client_name: client.clientName ?? null,
          scopes: JSON.stringify(scopes),
          last_used_at: null,
          revoked_at: null,
          expires_at: end,
          created_at: now,
        });
        await artifacts.keep("Client", sha256(client.clientId));
        // The code, and all tokens that come of it, have the scopes that the person chose.
        interaction.params = { ...interaction.params, scope: scopes.join(" ") };
        return { login: { accountId: profileId }, consent: { grantId: id } };
      }),
    deny: (ref) =>
      decide(ref, async () => ({ error: "access_denied", error_description: "the person declined" })),
    list: ({ tenantId, profileId }) => grants.list(tenantId, profileId),
    async revoke({ tenantId: tenant_id, profileId: profile_id }, id) {
      if (await grants.revokeOwn({ tenant_id, profile_id }, id, clock())) return;
      throw new SkillettError("not_found", { facts: { resource: "Authorization" } });
    },
  };
}

type Result = NonNullable<Interaction["result"]>;

const scopesOf = ({ params }: Interaction) => String(params.scope).split(" ");

/** A link to somebody else's request leads nowhere: only the browser that began it has the cookie. */
function beganHere(uid: string, cookie = ""): boolean {
  return cookie.split(/; */).includes(`${decisionCookie}=${uid}`);
}

function destination(redirectUri: string): string {
  const { protocol, host } = new URL(redirectUri);
  return /^https?:$/.test(protocol) ? host : protocol;
}

function refuseMoreThanAsked(scopes: string[], asked: string[], integrations: Scopeable): void {
  const issues = checkScopes(scopes, integrations);
  if (issues.length > 0) throw badRequest(issues);
  const more = uncovered(asked, scopes);
  if (more.length === 0) return;
  const message = `the program does not ask for ${more.join(", ")}, but for ${asked.join(", ")}`;
  throw badRequest([{ at: "scopes", message }]);
}

function nothingByDefault(asked: string[]): SkillettError {
  const message = `an agent only reads and nobody sends raw requests unless scopes are given, and the program asks for nothing else. Give those of these that it may have: ${asked.join(", ")}`;
  return badRequest([{ at: "scopes", message }]);
}

const inThePast = () => badRequest([{ at: "expiresAt", message: "must lie in the future" }]);

function requestOver(): SkillettError {
  return new SkillettError("not_found", {
    message: "This request is over, or another browser began it. Start again in the program that sent you.",
  });
}

function decided(): SkillettError {
  return new SkillettError("conflict", {
    message: "This request has been decided already. Start again in the program that sent you.",
  });
}
