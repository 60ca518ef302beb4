import type { Endpoint, Integration } from "#catalog/integration.js";

/** A rename switches nothing on: an endpoint is off by whichever of its names. */
export const namesOf = ({ name, formerly }: Endpoint): readonly string[] => [name, ...formerly];

/** Steps of a composite that are off, by name; none of an endpoint that is one request. */
export function stepsOff(
  { endpoints }: Integration,
  { composite }: Endpoint,
  isOff: (endpoint: Endpoint) => boolean,
): string[] {
  const calls = composite?.steps.map(({ call }) => call) ?? [];
  return calls.filter((call) => {
    const step = endpoints.get(call);
    return step !== undefined && isOff(step);
  });
}
