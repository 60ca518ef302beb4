import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";

/**
 * Has this process resolve names under `.localhost`, as resolvers should and not all do: a service of a test can have
 * many hosts with it. @see RFC 6761 §6.3
 */
export function resolveLocalhostNames(): void {
  const { lookup } = dns;
  const resolve = (name: string, ...rest: unknown[]) =>
    Reflect.apply(lookup, dns, [name.endsWith(".localhost") ? "127.0.0.1" : name, ...rest]);
  dns.lookup = Object.assign(resolve, lookup) as typeof lookup;
  syncBuiltinESMExports();
}
