import { deepStrictEqual } from "node:assert";
import { request } from "undici";
import type { Contestant, Endpoint } from "./contestants.js";

/** Ends the bench unless all contestants give the same answers: others must not be compared. */
export async function sameAnswers([first, ...others]: Contestant[]): Promise<void> {
  for (const endpoint of ["get_repo", "create_issue"] as const) {
    const expected = await answer(first!, endpoint);
    for (const other of others) {
      deepStrictEqual(
        await answer(other, endpoint),
        expected,
        `${other.name} answers ${endpoint} differently`,
      );
    }
  }
}

async function answer({ name, request: made }: Contestant, endpoint: Endpoint) {
  const { url, ...options } = made(endpoint);
  const got = await request(url, options);
  const text = await got.body.text();
  if (got.statusCode !== 200) throw new Error(`${name} answered ${endpoint} with ${got.statusCode}: ${text}`);
  return JSON.parse(text);
}
