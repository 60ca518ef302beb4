import type { Profiled } from "#cli/command-parts.js";
import { openSession, type Session } from "#cli/server/session.js";
import { UsageError } from "#cli/terminal/failure.js";
import type { Host } from "#cli/terminal/host.js";
import { printBody, printJson } from "#cli/terminal/output.js";

/** `skillett integrations list [integration]` */
export async function listIntegrations(
  slug: string | undefined,
  options: Profiled,
  host: Host,
): Promise<void> {
  const { client, signal } = openSession(host, options.profile);
  const reply =
    slug === undefined
      ? await client.stream("listTenantIntegrations", { signal })
      : await client.stream("getTenantIntegration", { params: { integration: slug }, signal });
  await printBody(host, reply.body);
}

export interface Switch {
  slug: string;
  /** Endpoints, with `*` for any part of a name; the whole integration when there are none. */
  names: string[];
  on: boolean;
}

/** `skillett integrations enable|disable <integration> [endpoint…]` */
export async function switchIntegration(
  { slug, names, on }: Switch,
  options: Profiled,
  host: Host,
): Promise<void> {
  const session = openSession(host, options.profile);
  const endpoints = await namesMeant(session, slug, names);
  const body =
    names.length === 0 ? { enabled: on } : { endpoints: Object.fromEntries(endpoints.map((it) => [it, on])) };
  const { client, signal } = session;
  const { integration, enabled, ...state } = await client.switchIntegration({
    params: { integration: slug },
    body,
    signal,
  });
  const off = state.endpoints.filter((it) => !it.enabled).map(({ name }) => name);
  await printJson(host, { integration, enabled, endpoints: state.endpoints.length, off });
}

/** The endpoints that are named, those of patterns too. */
async function namesMeant({ client, signal }: Session, slug: string, names: string[]): Promise<string[]> {
  if (!names.some((name) => name.includes("*"))) return names;
  const { endpoints } = await client.getTenantIntegration({ params: { integration: slug }, signal });
  const known = endpoints.map(({ name }) => name);
  const found = names.flatMap((name) => {
    if (!name.includes("*")) return [name];
    const form = new RegExp(`^${name.split(/\*+/).map(escaped).join(".*")}$`);
    const fitting = known.filter((it) => form.test(it));
    if (fitting.length === 0) throw new UsageError(`${slug} has no endpoint like ${name}.`);
    return fitting;
  });
  return [...new Set(found)];
}

const escaped = (text: string) => text.replaceAll(/[^\w]/g, "\\$&");
