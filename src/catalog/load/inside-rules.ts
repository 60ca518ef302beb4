import type { IntegrationYaml } from "#catalog/front-matter.js";
import type { Source } from "#catalog/load/source.js";
import { isInside } from "#core/inside-service.js";

/** A service that is part of this program knows the caller's tenant: it takes no credential and has no other place. */
export function checkInside(yaml: IntegrationYaml, source: Source): void {
  if (!isInside(yaml.base_url)) return;
  for (const field of ["account", "settings", "discover"] as const) {
    if (yaml[field] !== undefined) source.report([field], "is not for a service that is inside");
  }
  for (const [name, method] of Object.entries(yaml.auth)) {
    if (Object.keys(method).length > 0) {
      source.report(["auth", name], "takes a credential, which a service that is inside has no use for");
    }
  }
}
