import type { Integration } from "#catalog/integration.js";
import type { Use } from "#upstream/guard.js";

/** The use of a request to a service: hosts that are allowed for one that ships are closed to those that tenants bring. */
export const useOf = ({ slug, isBrought }: Pick<Integration, "slug" | "isBrought">): Use =>
  isBrought ? "tenant-integration" : `integration:${slug}`;
