import type { ProviderClients, ProviderStatus } from "#connections/provider-clients.js";
import type * as routes from "#contract/admin.js";
import type { Api } from "#contract/route.js";
import type { Reload } from "#integrations/reload.js";
import type { KeyRotation } from "#store/vault/key-rotation.js";

export interface AdminDeps {
  clients: ProviderClients;
  rotation: KeyRotation;
  reload: Reload;
}

/** The routes of the operator of an instance: OAuth clients of sign-in providers, data keys, folders of integrations. */
export function createAdminApi({ clients, rotation, reload }: AdminDeps): Api<typeof routes> {
  return {
    async listProviders() {
      return { providers: (await clients.list()).map(toProvider) };
    },
    async setProvider({ params, body }) {
      return toProvider(
        await clients.set(params.provider, { id: body.client_id, secret: body.client_secret }),
      );
    },
    async removeProvider({ params }) {
      return toProvider(await clients.remove(params.provider));
    },
    rotateKeys({ body }) {
      return rotation.step(body.rotation);
    },
    reloadIntegrations: () => reload(),
  };
}

function toProvider({ provider, integrations, configured, clientId, callbackUrl, settings }: ProviderStatus) {
  return {
    provider: provider.slug,
    name: provider.name,
    integrations,
    configured,
    client_id: clientId,
    callback_url: callbackUrl,
    register_url: provider.registerUrl,
    settings,
  };
}
