import { gt, inc, rcompare, valid } from "semver";
import { SkillettError } from "#core/errors.js";
import { draft } from "#store/skill-version-rows.js";

/** Newest first; the draft before all others. */
export function newestFirst<V extends { version: string }>(versions: readonly V[]): V[] {
  return [...versions].sort((a, b) => {
    if (a.version === draft || b.version === draft) return a.version === draft ? -1 : 1;
    return rcompare(a.version, b.version);
  });
}

/**
 * The version to publish under when nobody names one: that of the folder when it is newer than all there
 * are, else the next patch; 1.0.0 is the first.
 *
 * @param versions those there are; the draft does not count
 */
export function nextVersion(versions: readonly { version: string }[], ofFolder: string | null): string {
  const latest = latestOf(versions);
  const own = valid(ofFolder);
  if (own && (!latest || gt(own, latest))) return own;
  return latest === undefined ? "1.0.0" : inc(latest, "patch")!;
}

/** @throws conflict when it is not newer than all there are */
export function refuseOld(versions: readonly { version: string }[], requested: string): void {
  const latest = latestOf(versions);
  if (!latest || gt(requested, latest)) return;
  throw new SkillettError("conflict", {
    message: `Version ${requested} is not newer than ${latest}, which is published. Take ${inc(latest, "patch")} or later.`,
  });
}

function latestOf(versions: readonly { version: string }[]): string | undefined {
  return newestFirst(versions).find(({ version }) => version !== draft)?.version;
}
