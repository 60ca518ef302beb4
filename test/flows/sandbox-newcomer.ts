import { newUuid } from "#core/ids.js";
import type { Skillett } from "#support/skillett.js";
import { insertPerson } from "#support/world.js";

/** Somebody new, in a tenant of their own, who calls at any server of the database. */
export async function newcomer(skillett: Skillett) {
  const person = await insertPerson(skillett.app.database, newUuid());
  const callAt =
    (server: Skillett, key = person.key) =>
    (endpoint: string, params: object = {}, { query = "", headers = {} } = {}) =>
      server.call("POST", `/v1/sandbox/${endpoint}${query}`, { key, body: { params }, headers });
  const log = async () => (await skillett.call("GET", "/v1/calls", { key: person.key })).json.calls;
  return { ...person, call: callAt(skillett), callAt, log };
}
