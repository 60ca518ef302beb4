import type { Effect, HttpMethod } from "#catalog/schema.js";

const reading = new Set(
  "get list search query find lookup read fetch count check validate preview compare render export download describe resolve retrieve batchget".split(
    " ",
  ),
);
const destroying = new Set(
  "delete remove destroy purge erase wipe drop revoke terminate deactivate close".split(" "),
);

/**
 * The effect of a call on the world, as far as its method and its name tell. A POST reads only if its name begins by
 * saying so: to take a write for a read would let it through where only reading is allowed.
 */
export function effectOf(method: HttpMethod, name: string): Effect {
  const [verb = ""] = name.split("_");
  if (method === "GET") return "read";
  if (method === "DELETE" || destroying.has(verb)) return "destructive";
  return method === "POST" && reading.has(verb) ? "read" : "write";
}
