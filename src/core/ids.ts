import { v7 } from "uuid";

export type IdPrefix = "conn" | "key" | "call";

/** A new id such as `conn_0198c0de…`: UUIDv7 without dashes, so ids sort by time of birth. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${v7().replaceAll("-", "")}`;
}

/** A new UUIDv7 for tenants and profiles. */
export function newUuid(): string {
  return v7();
}
