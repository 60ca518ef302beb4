import { createPatch } from "diff";
import type { ToolChange } from "#core/tool-change.js";
import { pinIn } from "#integrations/route-hash.js";
import type { RouteRow } from "#store/schema/integration-tables.js";

const maxDiff = 20_000;
/** Texts of a server decide how long it takes to compare them. */
const bounds = { context: 3, maxEditLength: 2_000, timeout: 100 };

/** @param names of the endpoints that have changed */
export function toolChanges(
  before: readonly RouteRow[],
  after: readonly RouteRow[],
  names: readonly string[],
): ToolChange[] {
  const waiting = ({ enabled, off_reason }: RouteRow) => enabled === 1 || off_reason === "changed";
  const old = new Map(before.filter(waiting).map((row) => [row.name, row]));
  return after.flatMap((row) => {
    const was = old.get(row.name);
    if (!was || !names.includes(row.name)) return [];
    const pin = pinIn(row.hash!);
    return [{ integration: row.slug, endpoint: row.name, pin, diff: diffOf(was, row) }];
  });
}

function diffOf(before: RouteRow, after: RouteRow): string {
  // Against a version that nobody has taken, the difference to the one that they know would be hidden.
  if (before.enabled === 0)
    return `It had changed before, and nobody has taken that. Now:\n\n${after.text}`.slice(0, maxDiff);
  const patch = createPatch(after.name, before.text ?? "", after.text ?? "", "before", "now", bounds);
  if (patch === undefined) return `All of it is other than before. Now:\n\n${after.text}`.slice(0, maxDiff);
  // The first lines only name the file.
  return patch.split("\n").slice(4).join("\n").slice(0, maxDiff);
}
