import { queryOptions } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type Client, createClient } from "#client/client.js";
import type { listAgents } from "#contract/agents.js";
import type { listApiKeys } from "#contract/api-keys.js";
import type { getAuthorizationRequest, listAuthorizations } from "#contract/authorizations.js";
import type { listConnections } from "#contract/connections.js";
import type { getDeviceRequest } from "#contract/device.js";
import type { listIntegrations } from "#contract/integrations.js";
import type { CallOutput } from "#contract/io.js";
import type { getMe } from "#contract/people.js";
import { type Auth, createAuth } from "#web/api/auth.js";
import { browserTransport } from "#web/api/transport.js";

/** The server, as the pages see it. */
export interface Api {
  /** Routes of our contract. */
  skillett: Client;
  auth: Auth;
}

export type DeviceRequest = CallOutput<typeof getDeviceRequest>;
export type AuthorizationRequest = CallOutput<typeof getAuthorizationRequest>;
export type Authorization = CallOutput<typeof listAuthorizations>["authorizations"][number];
export type Agent = CallOutput<typeof listAgents>["agents"][number];
export type Me = CallOutput<typeof getMe>;

export function createApi(url: string): Api {
  return {
    skillett: createClient({ url, transport: browserTransport }),
    auth: createAuth(url, browserTransport),
  };
}

export function useApi(): Api {
  return useRouter().options.context.api;
}

/** The session of the person who is signed in; null without one. */
export function sessionQuery({ auth }: Api) {
  return queryOptions({ queryKey: ["session"], queryFn: auth.session, staleTime: 30_000 });
}

export function optionsQuery({ skillett }: Api) {
  return queryOptions({
    queryKey: ["options"],
    queryFn: () => skillett.getSignInOptions(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function meQuery({ skillett }: Api) {
  return queryOptions({ queryKey: ["me"], queryFn: () => skillett.getMe(), staleTime: 30_000 });
}

export function sessionsQuery({ auth }: Api) {
  return queryOptions({ queryKey: ["sessions"], queryFn: auth.sessions });
}

export function invitationQuery({ auth }: Api, id: string) {
  return queryOptions({ queryKey: ["invitation", id], queryFn: () => auth.invitation(id) });
}

/** Fetched once and not again: a request that has been decided does not exist any more. */
export function authorizationRequestQuery({ skillett }: Api, uid: string) {
  return queryOptions({
    queryKey: ["authorization", uid],
    queryFn: () => skillett.getAuthorizationRequest({ params: { id: uid } }),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

export function authorizationsQuery({ skillett }: Api) {
  return queryOptions({ queryKey: ["authorizations"], queryFn: () => skillett.listAuthorizations() });
}

export function agentsQuery({ skillett }: Api) {
  return queryOptions({ queryKey: ["agents"], queryFn: () => skillett.listAgents() });
}

export type Integration = CallOutput<typeof listIntegrations>["integrations"][number];
export type Connection = CallOutput<typeof listConnections>["connections"][number];
export type ApiKey = CallOutput<typeof listApiKeys>[number];

export function integrationsQuery({ skillett }: Api) {
  return queryOptions({ queryKey: ["integrations"], queryFn: () => skillett.listIntegrations() });
}

/** One integration, with the ways to connect an account of it. */
export function integrationQuery({ skillett }: Api, slug: string) {
  return queryOptions({
    queryKey: ["integrations", slug],
    queryFn: () => skillett.getIntegration({ params: { integration: slug } }),
    staleTime: 30_000,
  });
}

/** A person's own accounts, and those that are shared with the tenant. */
export function connectionsQuery({ skillett }: Api) {
  return queryOptions({ queryKey: ["connections"], queryFn: () => skillett.listConnections() });
}

/** A person's own keys, those of agents among them. */
export function apiKeysQuery({ skillett }: Api) {
  return queryOptions({ queryKey: ["api-keys"], queryFn: () => skillett.listApiKeys() });
}

export function usageQuery({ skillett }: Api) {
  return queryOptions({ queryKey: ["usage"], queryFn: () => skillett.getUsage() });
}
