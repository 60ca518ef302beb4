import type { AuthMethod, Endpoint, Integration } from "#catalog/integration.js";
import { LinearPattern } from "#catalog/linear-pattern.js";
import { type AuthProvider, ownProvider } from "#catalog/provider.js";
import type { Setting } from "#catalog/setting.js";

/**
 * Version of the texts below. Raise it when a field of an endpoint or of an integration comes, goes or changes: what is
 * stored in another version is compiled anew.
 */
export const compiledFormat = 1;

/** Fields that lists, searches and matching requests read of every endpoint. All else is parsed when somebody asks for it. */
const lightFields = [
  "integration",
  "name",
  "resource",
  "summary",
  "method",
  "base",
  "path",
  "effect",
  "asks",
  "formerly",
  "deprecated",
  "composite",
  "file",
] as const satisfies readonly (keyof Endpoint)[];

type Light = Pick<Endpoint, (typeof lightFields)[number]>;
type Heavy = Omit<Endpoint, keyof Light>;

const heavyFields: Record<keyof Heavy, true> = {
  irreversible: true,
  target: true,
  untrusted: true,
  reaches: true,
  scopes: true,
  returns: true,
  errors: true,
  refusals: true,
  page: true,
  items: true,
  views: true,
  answerFile: true,
  repeatGuard: true,
  params: true,
  placements: true,
  body: true,
  bodyUnder: true,
  bodyRoot: true,
  isGraphql: true,
  constants: true,
  example: true,
  tool: true,
  notes: true,
};

/** An endpoint as text: a line with the fields that everybody reads, and a line with the others. */
export function writeEndpoint(endpoint: Endpoint): string {
  const light = Object.fromEntries(lightFields.map((name) => [name, endpoint[name]]));
  const heavy = Object.fromEntries(
    (Object.keys(heavyFields) as (keyof Heavy)[]).map((name) => [name, endpoint[name]]),
  );
  return `${JSON.stringify(light)}\n${JSON.stringify(heavy)}`;
}

/**
 * Reads an endpoint.
 *
 * @param text of `writeEndpoint`; its first line alone when the second is given by itself
 * @param heavyLine kept as it is until somebody looks closely
 */
export type EndpointReader = (text: string, heavyLine?: Buffer) => Endpoint;

/** Reads endpoints. Few are looked at closely at a time, so only so many are kept parsed. */
export function createEndpointReader(maxParsed = 64): EndpointReader {
  const texts = new WeakMap<object, string | Buffer>();
  const parsed = new Map<object, Heavy>();

  function heavy(endpoint: object): Heavy {
    const found = parsed.get(endpoint);
    if (found) return found;
    const read = JSON.parse(String(texts.get(endpoint))) as Heavy;
    const [oldest] = parsed.keys();
    if (parsed.size >= maxParsed) parsed.delete(oldest!);
    parsed.set(endpoint, read);
    return read;
  }

  const prototype = Object.create(null, {
    ...Object.fromEntries(
      Object.keys(heavyFields).map((name) => [
        name,
        {
          get(this: object) {
            return heavy(this)[name as keyof Heavy];
          },
        },
      ]),
    ),
  });

  return (text, heavyLine) => {
    const end = heavyLine ? text.length : text.indexOf("\n");
    const endpoint = Object.assign(Object.create(prototype), JSON.parse(text.slice(0, end)));
    texts.set(endpoint, heavyLine ?? text.slice(end + 1));
    return endpoint;
  };
}

/**
 * Without its endpoints, which are stored by themselves. Providers of the instance are known to the reader, so they are
 * only named; one of its own is written whole.
 */
export function writeIntegration({ endpoints: _, ...integration }: Integration): string {
  return JSON.stringify({
    ...integration,
    settings: mapValues(integration.settings, ({ pattern, ...setting }) => ({
      ...setting,
      pattern: pattern?.source ?? null,
    })),
    auth: mapValues(integration.auth, ({ grant, ...method }) => ({
      ...method,
      grant: grant && {
        ...grant,
        provider: grant.provider.slug === ownProvider ? grant.provider : grant.provider.slug,
      },
    })),
  });
}

/**
 * @param text of `writeIntegration`
 * @param providers that ways to connect name
 * @param tenantId whose integration it is, and so its own provider; undefined for one of the instance
 */
export function readIntegration(
  text: string,
  endpoints: Integration["endpoints"],
  providers: ReadonlyMap<string, AuthProvider> = new Map(),
  tenantId?: string,
): Integration {
  const { settings, auth, ...rest } = JSON.parse(text) as Written;
  const owner = tenantId === undefined ? null : { tenantId, integration: rest.slug };
  const providerOf = (written: string | AuthProvider) =>
    typeof written === "string" ? providers.get(written)! : { ...written, owner };
  return {
    ...rest,
    settings: mapValues(settings, ({ pattern, ...setting }) => ({
      ...setting,
      pattern: pattern === null ? null : new LinearPattern(pattern),
    })),
    auth: mapValues(auth, ({ grant, ...method }) => ({
      ...method,
      grant: grant && { ...grant, provider: providerOf(grant.provider) },
    })),
    endpoints,
  };
}

type Written = Omit<Integration, "endpoints" | "settings" | "auth"> & {
  settings: Record<string, Omit<Setting, "pattern"> & { pattern: string | null }>;
  auth: Record<
    string,
    Omit<AuthMethod, "grant"> & {
      grant:
        | (Omit<NonNullable<AuthMethod["grant"]>, "provider"> & { provider: string | AuthProvider })
        | null;
    }
  >;
};

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
