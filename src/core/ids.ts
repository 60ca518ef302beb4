import { randomUUID } from "node:crypto";

export type IdPrefix =
  | "conn"
  | "key"
  | "call"
  | "task"
  | "msg"
  | "res"
  | "file"
  | "grant"
  | "addr"
  | "client";

/** A new id such as `conn_0198c0de…`: a UUIDv7 without dashes, so ids sort by time of birth. */
export function newId(prefix: IdPrefix): string {
  return `${prefix}_${newUuid().replaceAll("-", "")}`;
}

/**
 * A new UUIDv7: 48 bits of time, then the random bits of a UUIDv4, which Node draws in advance and in bulk.
 *
 * @see RFC 9562 §5.7
 */
export function newUuid(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
