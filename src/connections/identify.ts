import type { Account } from "#catalog/answer/account.js";
import { probeReason } from "#catalog/answer/refusals.js";
import { parseJson, readPath } from "#catalog/body.js";
import type { Integration } from "#catalog/integration.js";
import { authorize, type Credential } from "#catalog/request/authorize.js";
import type { Discover, SettingValues } from "#catalog/setting.js";
import { reachedBy, settingIssue, withSettings } from "#catalog/settings.js";
import { probeAccount, refused } from "#connections/probe.js";
import { printable } from "#connections/token-failure.js";
import { unaskedAccount } from "#connections/unasked-account.js";
import { useOf } from "#connections/use-of.js";
import { asName } from "#core/display-text.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { RequestSignal } from "#core/request-signal.js";
import type { ConnectionRow } from "#store/schema/tables.js";
import { isUnasked } from "#store/unasked-account.js";
import { openBody } from "#upstream/body.js";
import type { Upstream } from "#upstream/send.js";

const maxBytes = 1_000_000;

/** A credential that is about to be stored. */
export interface Unproven {
  integration: Integration;
  /** Name of the auth method. */
  method: string;
  /** SECRET. */
  credential: Credential;
  /** Settings that the person gave. */
  given: SettingValues;
  /** SECRET. The answer of the token endpoint; undefined where there was none. */
  answer: unknown;
}

/** The account that a credential opens, with its settings. The same account elsewhere is another account. */
export async function identify(
  upstream: Upstream,
  given: Unproven,
  signal: RequestSignal,
): Promise<{ account: Account; settings: SettingValues }> {
  const { method, credential } = given;
  const integration = reachedBy(given.integration, method);
  const unproven = { ...given, integration };
  const { settings, site } = await complete(upstream, unproven, signal);
  const reached = withSettings(integration, settings);
  const account = reached.account
    ? await probeAccount(upstream, reached, reached.account, method, credential, signal)
    : unaskedAccount(integration, method, credential);
  if (Object.keys(settings).length === 0) return { account, settings };
  // One person has the same name at all hosts, and a call names its connection by it.
  const name = asName(`${account.name} at ${placeName(integration, settings, site)}`);
  return { account: { id: accountKey(account.id, settings), name }, settings };
}

/** The settings in words: the service's own name of the site, where it says one. */
function placeName({ settings: all, discover }: Integration, values: SettingValues, site: unknown): string {
  const label = discover?.name ? readPath(site, discover.name) : undefined;
  const parts = Object.entries(values).map(([name, value]) => {
    const part = all[name]!.from === "discover" && typeof label === "string" ? label : value;
    return part.replace(/^https?:\/\//, "");
  });
  return [...new Set(parts)].join(", ");
}

/** The id of an account as it is stored: unique among all hosts of the service. @see serviceAccountId */
function accountKey(id: string, settings: SettingValues): string {
  return `${id} ${JSON.stringify(settings)}`;
}

/** The service's own id of an account that is stored. */
export function serviceAccountId({
  account_id,
  settings,
}: Pick<ConnectionRow, "account_id" | "settings">): string {
  return settings === "{}" ? account_id : account_id.slice(0, -settings.length - 1);
}

/** Is it the account that is to be connected again? One that nobody knew the owner of becomes this one. */
export function isAccountOf(connection: ConnectionRow, account: Account, settings: SettingValues): boolean {
  if (connection.account_id === account.id) return true;
  return isUnasked(connection) && connection.settings === JSON.stringify(settings);
}

/** Settings in the order of the file, those from answers included. */
async function complete(
  upstream: Upstream,
  unproven: Unproven,
  signal: RequestSignal,
): Promise<{ settings: SettingValues; site: unknown }> {
  const { integration, given, answer } = unproven;
  const all = Object.entries(integration.settings);
  const asks = integration.discover && all.some(([, { from }]) => from === "discover");
  const site = asks ? await discoverSite(upstream, unproven, signal) : undefined;
  const values = all.map(([name, setting]) => {
    const { from, path, default: usual } = setting;
    if (from === "field") return [name, given[name]!];
    const found = from === "token" ? readPath(answer, path!) : readPath(site, path!);
    const value = withoutSlash(found) ?? usual;
    if (value === null || settingIssue(setting, value) !== null) throw unusable(integration, name);
    return [name, value];
  });
  return { settings: Object.fromEntries(values), site };
}

/** Origins are often written with a slash at the end. */
function withoutSlash(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? value.replace(/\/$/, "") : undefined;
}

/** The entry that the person chose, or the only one. */
async function discoverSite(
  upstream: Upstream,
  { integration, method, credential, given }: Unproven,
  signal: RequestSignal,
): Promise<unknown> {
  const { name: service, headers, settings } = integration;
  const { url, list, name }: Discover = integration.discover!;
  const request = authorize(integration, method, credential, { method: "GET", url, headers, body: null });
  const response = await upstream.send({ ...request, use: useOf(integration), service, signal });
  const { head, rest } = await openBody(response, maxBytes);
  await rest?.return?.();
  const said = parseJson(head);
  const reason = probeReason(integration, { ...response, said, bytes: head });
  if (reason?.class === "dead") throw refused(integration, method, response.status);
  const body = response.status < 300 ? said : undefined;
  if (body === undefined) throw silent(service, response.status);
  const sites = [list === null ? body : readPath(body, list)].flat();
  const chosen = Object.entries(settings).filter(([it, { from }]) => from === "discover" && it in given);
  const fitting = sites.filter((site) =>
    chosen.every(([it, { path }]) => withoutSlash(readPath(site, path!)) === given[it]),
  );
  if (fitting.length === 1) return fitting[0];
  const [setting, { path }] = Object.entries(settings).find(([, { from }]) => from === "discover")!;
  const choices = sites.slice(0, 20).map((site) => {
    const label = name === null ? undefined : readPath(site, name);
    const value = printable(String(readPath(site, path!)));
    return typeof label === "string" ? `${value} (${printable(label)})` : value;
  });
  const message =
    choices.length === 0
      ? `This account opens nothing at ${service}. Nothing was stored.`
      : `Choose one of those that this account opens at ${service}, as the setting ${setting}: ${choices.join(", ")}. Nothing was stored.`;
  throw badRequest([{ at: `settings.${setting}`, message }], {
    message,
    next: [`skillett connect ${integration.slug} --setting ${setting}=…`],
  });
}

function silent(service: string, status: number): SkillettError {
  return new SkillettError("upstream_unreachable", {
    message: `${service} did not say where this account is reached (HTTP ${status}). Nothing was stored; try again later.`,
  });
}

function unusable({ name, settings }: Integration, setting: string): SkillettError {
  return new SkillettError("upstream_unreachable", {
    message: `${name} did not say where this account is reached: its ${setting} (${settings[setting]!.label}) is missing, or leads elsewhere than to ${name}. Nothing was stored.`,
    retryable: false,
  });
}
