import type * as routes from "#contract/protected-resource.js";
import type { Api } from "#contract/route.js";
import { issuerOf, resourceOf } from "#identity/oauth-server.js";

export interface ProtectedResourceDeps {
  /** Scopes that a remote client may request. */
  scopesSupported: () => string[];
  publicUrl: () => string;
}

/** @see RFC 9728 §2 */
export function createProtectedResourceApi(deps: ProtectedResourceDeps): Api<typeof routes> {
  const metadata = () => ({
    resource: resourceOf(deps.publicUrl()),
    authorization_servers: [issuerOf(deps.publicUrl())],
    scopes_supported: deps.scopesSupported(),
    bearer_methods_supported: ["header" as const],
    resource_name: "Skillett",
  });
  return { protectedResourceMetadata: metadata, rootResourceMetadata: metadata };
}
