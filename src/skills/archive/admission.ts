import { type Inventory, takeInventory } from "#skills/archive/inventory.js";
import {
  type ArchiveEntry,
  allowedBytes,
  limits,
  tooLarge,
  tooManyEntries,
  tooManyFiles,
  wholeBudget,
} from "#skills/archive/limits.js";

/** Lists the entries of an archive, and tells which of them to unpack. */
export interface Admission {
  /** The path of an entry that is a file; null for other entries. Throws when there are too many entries. */
  list(entry: ArchiveEntry): string | null;
  /** Whether to unpack a file: asked when all entries are listed. Throws over a limit. */
  isAdmitted(path: string): boolean;
  /** The skills of the archive: asked when all entries are listed. Throws over a limit. */
  inventory(): Inventory;
}

export function createAdmission(packedBytes: number, budget = wholeBudget): Admission {
  const allowed = Math.min(allowedBytes(packedBytes), budget.bytes);
  const entries: ArchiveEntry[] = [];
  let settled: { inventory: Inventory; admitted: Set<string> } | undefined;
  const settle = () => {
    if (settled) return settled;
    const inventory = takeInventory(entries);
    const sound = inventory.skills.filter(({ problems }) => problems.length === 0);
    if (sound.reduce((sum, { files }) => sum + files.length, 0) > budget.files) throw tooManyFiles();
    if (sound.reduce((sum, { bytes }) => sum + bytes, 0) > allowed) throw tooLarge(packedBytes, budget);
    const admitted = new Set([...inventory.marketplaces, ...sound.flatMap(({ files }) => files)]);
    settled = { inventory, admitted };
    return settled;
  };
  return {
    list(entry) {
      if (entries.length === limits.entries) throw tooManyEntries();
      const path = entry.path.replace(/^(\.\/+)+/, "");
      if (entry.kind === "directory" && /^\.?\/*$/.test(path)) return null;
      const place = entry.kind === "directory" ? path.replace(/\/$/, "") : path;
      entries.push({ ...entry, path: place });
      return entry.kind === "file" ? place : null;
    },
    isAdmitted: (path) => settle().admitted.has(path),
    inventory: () => settle().inventory,
  };
}
