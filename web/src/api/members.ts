import { queryOptions } from "@tanstack/react-query";
import type { Api } from "#web/api/api.js";

/** The people of the tenant by id, as tasks and keys name them. */
export function membersQuery({ auth }: Api, tenantId: string) {
  return queryOptions({
    queryKey: ["members", tenantId],
    queryFn: () => auth.members(tenantId),
    staleTime: 30_000,
  });
}
