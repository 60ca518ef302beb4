/** One version of a skill. */
export interface VersionKey {
  skillId: string;
  version: string;
}

/** Alternatives of one statement: their tree has a depth that engines limit. */
const batch = 200;

/** Rows of many versions, read with as few statements as engines take. */
export async function readVersions<Row>(
  keys: readonly VersionKey[],
  read: (some: VersionKey[]) => Promise<Row[]>,
): Promise<Row[]> {
  const found: Row[] = [];
  for (let at = 0; at < keys.length; at += batch) found.push(...(await read(keys.slice(at, at + batch))));
  return found;
}
