import { callbackPath, clientDocumentOf, clientMetadata } from "#connections/own-client.js";
import type { OwnClientSecret } from "#connections/provider-clients.js";
import type { Clock } from "#core/clock.js";
import { SkillettError } from "#core/errors.js";
import { newId } from "#core/ids.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { Challenge } from "#mcp-servers/sign-in/challenge.js";
import type { FindSignIn, FoundSignIn, ServerSignIn } from "#mcp-servers/sign-in/find-sign-in.js";
import type { RegisterClient } from "#mcp-servers/sign-in/register-client.js";
import type { IntegrationClientRows } from "#store/integration-client-rows.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";
import type { AnswerHead } from "#upstream/send.js";

/** The state of signing in at a server that is being added or read anew. */
export interface SignInState {
  challenge: Challenge | null;
  /** Null where nobody can sign in, or nobody has looked. */
  signIn: ServerSignIn | null;
}

export interface Looked extends SignInState {
  /** Undefined where the server could not be asked. */
  found: FoundSignIn | undefined;
  /** A sentence why nobody can sign in; undefined where people can. */
  problem: string | undefined;
}

/** How people sign in at MCP servers of tenants, and the clients of ours that they sign in with. */
export interface ServerSignIns {
  /**
   * Asks the server.
   *
   * @param head its answer to somebody without a token
   * @param known what it said before, which stays when it cannot be asked just now
   */
  look(
    server: { url: string; service: string; head?: AnswerHead | undefined },
    known: SignInState,
    signal: RequestSignal,
  ): Promise<Looked>;
  /**
   * Registers a client at the server, unless there is one. The integration is stored before, so that a server whose change
   * is refused gets none.
   *
   * @returns a sentence why there is none; undefined when there is one
   */
  register(
    of: { tenantId: string; slug: string; service: string },
    found: FoundSignIn,
    signal: RequestSignal,
  ): Promise<string | undefined>;
}

interface Deps {
  findSignIn: FindSignIn;
  registerClient: RegisterClient;
  readChallenge: (head: AnswerHead) => Promise<Challenge>;
  clients: IntegrationClientRows;
  vault: Vault;
  publicUrl: () => string;
  clock: Clock;
}

export function createServerSignIns(deps: Deps): ServerSignIns {
  const { findSignIn, registerClient, readChallenge, clients, vault, publicUrl, clock } = deps;
  return {
    async look({ url, service, head }, known, signal) {
      const challenge = head ? await readChallenge(head) : known.challenge;
      try {
        const found = await findSignIn({ url, service, challenge }, signal);
        return { challenge, signIn: found.signIn, found, problem: undefined };
      } catch (error) {
        return { ...known, challenge, found: undefined, problem: reasonOf(error) };
      }
    },

    async register({ tenantId, slug, service }, { registering }, signal) {
      const key = { tenant_id: tenantId, slug };
      const { issuer } = registering;
      const known = await clients.get(key);
      // An address that is not ours any more leads people who sign in nowhere.
      const isGood = known?.issuer === issuer && known.callback_url.startsWith(`${publicUrl()}/`);
      if (isGood) return undefined;
      const name = newId("client");
      const callbackUrl = publicUrl() + callbackPath(name);
      const self = {
        documentUrl: clientDocumentOf(publicUrl(), name).client_id,
        metadata: (authMethod: string) => clientMetadata(publicUrl(), callbackUrl, authMethod),
      };
      try {
        const { id, secret, clientAuth } = await registerClient({ ...registering, service }, self, signal);
        const sealed = JSON.stringify({ id, secret } satisfies OwnClientSecret);
        const box = vault.seal(sealed, sealedRow.integrationClient(tenantId, slug));
        const row = { ...key, issuer, callback_url: callbackUrl, client_auth: clientAuth, box };
        await clients.put({ ...row, created_at: clock() });
        return undefined;
      } catch (error) {
        return reasonOf(error);
      }
    },
  };
}

function reasonOf(error: unknown): string {
  const { name, message } = error as Error;
  // The message of a failed exchange says which address was not reached.
  if (name === "NoSignIn" || error instanceof SkillettError) return message.replace(/\.$/, "");
  throw error;
}
