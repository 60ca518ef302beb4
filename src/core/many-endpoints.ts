/** Endpoints that an agent is shown at once. Of an integration with more it reads how many there are of each resource. */
export const maxListed = 200;

/** How many endpoints each resource has, in the order in which they come. */
export function countByResource(endpoints: readonly { resource: string }[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { resource } of endpoints) counts.set(resource, (counts.get(resource) ?? 0) + 1);
  return Object.fromEntries(counts);
}
