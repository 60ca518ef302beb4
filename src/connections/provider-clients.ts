import type { Catalog } from "#catalog/catalog.js";
import type { AuthProvider, ProviderOwner } from "#catalog/provider.js";
import type { OAuthClient } from "#connections/oauth.js";
import type { Clock } from "#core/clock.js";
import { badRequest, type SkillettError } from "#core/errors.js";
import type { IntegrationClientRows } from "#store/integration-client-rows.js";
import type { ProviderClientRows } from "#store/provider-client-rows.js";
import { sealedRow } from "#store/vault/sealed-columns.js";
import type { Vault } from "#store/vault/vault.js";

/** SECRET: a client id and secret from the environment, by provider. */
export type ConfiguredClients = Record<string, { id: string; secret: string }>;

export interface ProviderStatus {
  provider: AuthProvider;
  /** Slugs of the integrations that sign people in there. */
  integrations: string[];
  configured: "environment" | "operator" | null;
  clientId: string | null;
  /** To register at the provider. */
  callbackUrl: string;
  settings: string[];
}

/** Our OAuth client at each provider: the one the operator has set, else the one of the environment. */
export interface ProviderClients {
  /** Undefined when nothing is configured. */
  find(provider: AuthProvider): Promise<OAuthClient | undefined>;
  list(): Promise<ProviderStatus[]>;
  /** @throws SkillettError `not_found` for an unknown provider */
  set(slug: string, client: { id: string; secret: string }): Promise<ProviderStatus>;
  /** @throws SkillettError `not_found` for an unknown provider */
  remove(slug: string): Promise<ProviderStatus>;
  /** The error that says which settings are missing, and how to make them. */
  notConfigured(provider: AuthProvider, next: string[]): SkillettError;
}

interface Deps {
  /** The catalogue of what ships and of the folders of the operator, as it is now. */
  shared: () => Catalog;
  rows: ProviderClientRows;
  ownRows: Pick<IntegrationClientRows, "get">;
  vault: Vault;
  configured: ConfiguredClients;
  callbackUrl: () => string;
  clock: Clock;
}

export function createProviderClients({
  shared,
  rows,
  ownRows,
  vault,
  configured,
  callbackUrl,
  clock,
}: Deps): ProviderClients {
  async function status(provider: AuthProvider): Promise<ProviderStatus> {
    const row = await rows.get(provider.slug);
    const environment = configured[provider.slug];
    return {
      provider,
      integrations: signingInAt(shared().integrations, provider),
      configured: row ? "operator" : environment ? "environment" : null,
      clientId: row?.client_id ?? environment?.id ?? null,
      callbackUrl: callbackUrl(),
      settings: settingsOf(provider),
    };
  }

  async function findOwn(
    provider: AuthProvider,
    { tenantId, integration }: ProviderOwner,
  ): Promise<OAuthClient | undefined> {
    const row = await ownRows.get({ tenant_id: tenantId, slug: integration });
    // One of another authorization server, which was there before, is none for this.
    if (row?.issuer !== provider.issuer) return undefined;
    const opened = await vault.open(row.box, sealedRow.integrationClient(tenantId, integration));
    const { id, secret } = JSON.parse(opened) as OwnClientSecret;
    return { provider, id, secret, callbackUrl: row.callback_url, clientAuth: row.client_auth };
  }

  return {
    async find(provider) {
      if (provider.owner) return findOwn(provider, provider.owner);
      const { clientAuth } = provider;
      const common = { provider, callbackUrl: callbackUrl(), clientAuth };
      const row = await rows.get(provider.slug);
      if (!row) {
        const environment = configured[provider.slug];
        return environment && { ...common, ...environment };
      }
      const secret = await vault.open(row.box, sealedRow.providerClient(provider.slug));
      return { ...common, id: row.client_id, secret };
    },
    list: () => Promise.all([...shared().providers.values()].map(status)),
    async set(slug, { id, secret }) {
      const provider = shared().provider(slug);
      const box = vault.seal(secret, sealedRow.providerClient(slug));
      await rows.put({ provider: slug, client_id: id, box, updated_at: clock() });
      return status(provider);
    },
    async remove(slug) {
      const provider = shared().provider(slug);
      await rows.delete(slug);
      return status(provider);
    },
    notConfigured(provider, next) {
      if (provider.owner) return noOwnClient(provider, provider.owner, next);
      const message =
        `${provider.name} sign-in is not set up on this server. Its operator registers an OAuth client at ` +
        `${provider.registerUrl} with the callback URL ${callbackUrl()}, and sets ` +
        `${settingsOf(provider).join(" and ")}, or runs: skillett admin provider ${provider.slug} --client-id <id>`;
      return badRequest([{ at: "integration", message }], { message, ...(next.length > 0 ? { next } : {}) });
    },
  };
}

/** SECRET: what is sealed of a client of an integration that a tenant brings. */
export interface OwnClientSecret {
  id: string;
  /** Empty for a public client. */
  secret: string;
}

function noOwnClient(
  { name }: AuthProvider,
  { integration: slug }: ProviderOwner,
  next: string[],
): SkillettError {
  const message = `This server has no OAuth client at ${name}. Reading ${slug} anew registers one where programs may do so.`;
  const all = [...next, `skillett integrations refresh ${slug}`];
  return badRequest([{ at: "integration", message }], { message, next: all });
}

/** Slugs of the integrations that sign people in at this provider. */
export function signingInAt(integrations: Catalog["known"], { slug }: AuthProvider): string[] {
  return [...integrations.values()]
    .filter(({ auth }) => Object.values(auth).some(({ grant }) => grant?.provider.slug === slug))
    .map((integration) => integration.slug);
}

function settingsOf({ slug }: AuthProvider): string[] {
  const prefix = `SKILLETT_${slug.toUpperCase().replaceAll("-", "_")}`;
  return [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`];
}
