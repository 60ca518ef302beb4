import Type from "typebox";
import { json, notFound } from "#sandbox/answer.js";
import { type Route, reads } from "#sandbox/route.js";
import { strict } from "#sandbox/schemas.js";

const codes = new Map([
  [400, "bad_request"],
  [404, "not_found"],
  [409, "conflict"],
  [500, "internal_error"],
  [503, "unavailable"],
]);

const query = strict({ after_seconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })) });

/** Answers as a service gives them on a bad day. */
export const failureRoutes: Route[] = [
  reads("/failures/{}", { query }, async (_, { ids: [status = 0], query: { after_seconds = 0 }, wait }) => {
    const code = codes.get(status);
    if (code === undefined) throw notFound(`failure ${status}`);
    await wait(after_seconds * 1_000);
    return json(status, { error: { code, message: "You have asked for this failure." } });
  }),
];
