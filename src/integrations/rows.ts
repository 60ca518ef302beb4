import { lines, type WrittenRoute } from "#integrations/stored.js";
import type { RouteRow } from "#store/schema/integration-tables.js";

/** The rows of endpoints, made one by one as they are written. @param routes lines of `WrittenRoute`s */
export function* toRows(tenantId: string, slug: string, routes: Buffer): Generator<RouteRow> {
  for (const line of lines(routes)) {
    const {
      name,
      enabled,
      offReason,
      path,
      text,
      compiled,
      effect,
      hash: decides,
    } = JSON.parse(line) as WrittenRoute;
    yield {
      tenant_id: tenantId,
      slug,
      name,
      enabled: enabled ? 1 : 0,
      off_reason: offReason,
      path,
      text,
      overlay: null,
      compiled,
      effect,
      hash: decides,
    };
  }
}
