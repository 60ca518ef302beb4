import Type from "typebox";
import { ok, Refusal } from "#sandbox/answer.js";
import { changes, type Route, reads } from "#sandbox/route.js";
import { line, strict } from "#sandbox/schemas.js";
import { people } from "#sandbox/things.js";

export const teamRoutes: Route[] = [
  reads("/people", {}, async () => ok({ people })),
  changes(
    "POST /people",
    { body: strict({ name: line(), address: Type.String({ format: "email", maxLength: 254 }) }) },
    async () => {
      throw new Refusal(
        403,
        "admin_required",
        "Only administrators invite people, and this account is none.",
      );
    },
  ),
];
