import { table } from "#cli/terminal/table.js";
import type { Client } from "#client/client.js";
import { countByResource, maxListed } from "#core/many-endpoints.js";

type Listed = Awaited<ReturnType<Client["getIntegration"]>>;
type Endpoint = Listed["endpoints"][number];

/** Endpoints for a person to read, a line each. */
export function endpointLines(endpoints: readonly Endpoint[], columns: number): string {
  const rows = endpoints.map(({ name, summary, effect, deprecated }) => [
    name,
    `${summary}${effect === "read" ? "" : ` (${effect})`}${deprecated ? " (deprecated)" : ""}`,
  ]);
  return table(rows, columns);
}

/** The same under the resources that they belong to. */
export function linesByResource(endpoints: readonly Endpoint[], columns: number): string {
  const resources = [...new Set(endpoints.map(({ resource }) => resource))];
  return resources
    .map(
      (name) =>
        `${name}\n${endpointLines(
          endpoints.filter(({ resource }) => resource === name),
          columns,
        )}`,
    )
    .join("\n\n");
}

/**
 * The same as JSON with a line for each endpoint, for agents: they read it before every task, and pay for what goes
 * without saying. `effect` is left out of those that only read.
 */
export function endpointJson({ integration, endpoints, hint }: Listed): string {
  const lines = endpoints.map(({ name, effect, summary, deprecated }) =>
    JSON.stringify({
      name,
      ...(effect !== "read" && { effect }),
      ...(deprecated && { deprecated }),
      summary,
    }),
  );
  const list = lines.length > 0 ? `\n${lines.join(",\n")}\n` : "";
  const ending = hint ? `,"hint":${JSON.stringify(hint)}` : "";
  return `{"integration":${JSON.stringify(integration)},"endpoints":[${list}]${ending}}\n`;
}

/** Whether agents are better shown the resources: so many endpoints would cost them more than any task. */
export const isLong = ({ endpoints }: Listed): boolean => endpoints.length > maxListed;

/** How many endpoints each resource has, as JSON, and how to get at them. */
export function resourceJson({ integration, endpoints }: Listed): string {
  const hint = {
    message: `${integration} has ${endpoints.length} endpoints. Say what you want to do, or name a resource.`,
    next: [`skillett skills ${integration} -q "…"`, `skillett skills ${integration} --resource <name>`],
  };
  const resources = countByResource(endpoints);
  return `${JSON.stringify({ integration, total: endpoints.length, resources, hint })}\n`;
}
