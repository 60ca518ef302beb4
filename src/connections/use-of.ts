import type { Integration } from "#catalog/integration.js";
import type { AuthProvider } from "#catalog/provider.js";
import type { Use } from "#upstream/guard.js";

/** The use of a request to a service: hosts that are allowed for one that ships are closed to those that tenants bring. */
export const useOf = ({ slug, isBrought }: Pick<Integration, "slug" | "isBrought">): Use =>
  isBrought ? "tenant-integration" : `integration:${slug}`;

/** The use of a request to a provider: one that comes with what a tenant brings is no more trusted than that. */
export const useOfProvider = ({ slug, owner }: Pick<AuthProvider, "slug" | "owner">): Use =>
  owner ? "tenant-integration" : `provider:${slug}`;
