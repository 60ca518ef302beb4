import { useQuery } from "@tanstack/react-query";
import { permissionsOf, type Role } from "#core/permissions.js";
import { meQuery, useApi } from "#web/api/api.js";
import type { Member } from "#web/api/auth.js";
import { membersQuery } from "#web/api/members.js";

/** Gives the name of a person by the id of their profile. */
export type NameOf = (profileId: string) => string;

/** Names of people of the current tenant, as far as they still belong to it. */
export function useNames(): NameOf {
  const api = useApi();
  const { data: me } = useQuery(meQuery(api));
  const { data } = useQuery({ ...membersQuery(api, me?.tenantId ?? ""), enabled: me !== undefined });
  return (profileId) => {
    if (profileId === me?.profile.id) return "you";
    if (!data) return "…";
    const found = data.members.find(({ userId }) => userId === profileId);
    return found ? found.user.name || found.user.email : "somebody who is not here any more";
  };
}

/** Those who may decide tasks: "Ada (owner), Grace (engineer)". */
export function decidersInWords(members: Member[]): string {
  return members
    .filter(({ role }) => permissionsOf(role as Role).has("tasks:decide"))
    .map(({ user, role }) => `${user.name || user.email} (${role})`)
    .join(", ");
}
