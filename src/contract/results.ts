import Type from "typebox";
import { answer, shape } from "#contract/answer-schemas.js";
import type { Route } from "#contract/route.js";
import { strict } from "#contract/schemas.js";

export const getResult = {
  method: "GET",
  path: "/v1/results/:id",
  auth: "key",
  summary: "Read on in an answer that was cut",
  params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64, description: "res_…" }) }),
  query: strict({ page: Type.Optional(Type.Integer({ minimum: 1, default: 1 })), ...shape }),
  reply: {
    status: 200,
    description: "The page; a list is cut between its items, anything else as text",
    body: Type.Object(answer),
    raw: true,
  },
  errors: ["bad_request", "not_found"],
} as const satisfies Route;
