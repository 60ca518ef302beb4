import { reservedEndpoints } from "#catalog/load/endpoint-rules.js";
import type { LoadedEndpoint } from "#catalog/load/load-endpoint.js";
import { findEndpoint, isName } from "#catalog/names.js";
import { didYouMean } from "#core/suggest.js";

/** A name belongs to one endpoint: no other has it, or had it. The one in place of an endpoint is another. */
export function checkNames(loaded: readonly LoadedEndpoint[]): void {
  const taken = new Map<string, string>();
  for (const { endpoint, source } of loaded) {
    const { name, file } = endpoint;
    const other = taken.get(name);
    if (other !== undefined) source.report([], `the name ${name} is taken by ${other}`);
    taken.set(name, file);
  }
  const had = new Map<string, string>();
  for (const { endpoint, source } of loaded) {
    for (const [at, name] of endpoint.formerly.entries()) {
      const report = (message: string) => source.report(["formerly", at], message);
      const holder = taken.get(name);
      if (reservedEndpoints.includes(name))
        report(`the name ${name} is reserved, so it was never this one's`);
      if (holder === endpoint.file) report(`${name} is its name now`);
      else if (holder !== undefined) report(`the name ${name} is taken by ${holder}`);
      const other = had.get(name);
      if (other !== undefined) report(`the name ${name} was that of ${other}, too`);
      had.set(name, endpoint.file);
    }
  }
  checkReplacements(loaded);
}

function checkReplacements(loaded: readonly LoadedEndpoint[]): void {
  const endpoints = new Map(loaded.map(({ endpoint }) => [endpoint.name, endpoint]));
  for (const { endpoint, source } of loaded) {
    const { instead = null } = endpoint.deprecated ?? {};
    if (instead === null || !isName(instead)) continue;
    const report = (message: string) => source.report(["deprecated", "instead"], message);
    const found = findEndpoint(endpoints, instead);
    if (found === endpoint) report("is the endpoint itself");
    else if (!found) {
      const hint = didYouMean(instead, endpoints.keys()) || " Write a sentence for anything else.";
      report(`there is no endpoint ${instead} in this integration.${hint}`);
    }
  }
}
