import Type from "typebox";
import { isoTime, nullable } from "#contract/schemas.js";

/** The part of an answer that the caller wants. */
export const shape = {
  fields: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2000,
      description: "Only these fields of the data: a,b.c; lists are mapped through",
    }),
  ),
  max_chars: Type.Optional(
    Type.Integer({
      minimum: 1000,
      maximum: 1_000_000,
      description: "UTF-16 units: longer data is cut, and the whole kept for an hour under `cut.result`",
    }),
  ),
};

/** Stands beside data that is not complete. */
export const cut = Type.Object(
  {
    result: nullable(
      Type.String({ description: "res_…: GET /v1/results/:id reads on. Null: the whole was not kept" }),
    ),
    page: Type.Integer(),
    pages: Type.Integer(),
    total_chars: nullable(
      Type.Integer({ description: "UTF-16 units of the data as JSON; null when not known" }),
    ),
    expires_at: nullable(isoTime),
    message: Type.String({ description: "What is missing, and how to get it" }),
  },
  { description: "When the data was longer than `max_chars`" },
);

/** The answer of a service. Each part but the first two is left out when there is nothing to say. */
export const answer = {
  status: Type.Integer({ description: "HTTP status of the service's answer" }),
  data: Type.Unknown({
    description:
      "Body of the service's answer, exactly as returned unless `view` says otherwise; text as a string",
  }),
  encoding: Type.Optional(Type.Literal("base64")),
  content_type: Type.Optional(Type.String()),
  refused: Type.Optional(
    Type.Object(
      { message: Type.String({ description: "In the service's words, where it has any" }) },
      { description: "When the service refuses although its status does not say so" },
    ),
  ),
  hint: Type.Optional(
    Type.Object(
      {
        message: Type.String(),
        class: Type.Optional(
          Type.Enum(["scope", "not_shared", "admin_needed", "plan", "rate"], {
            description: "Why the service refuses, where that is known",
          }),
        ),
        wanted_scopes: Type.Optional(Type.Array(Type.String())),
        granted_scopes: Type.Optional(Type.Array(Type.String())),
        next: Type.Optional(Type.Array(Type.String())),
      },
      {
        description:
          "What the service does not say: what went wrong here, a missing scope, what may have been done",
      },
    ),
  ),
  page: Type.Optional(
    Type.Object(
      {
        next: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), {
            description: "Params to give, beside the same others, to have the next page",
          }),
        ),
        pages: Type.Optional(Type.Integer({ description: "With `all`: pages that were read" })),
        items: Type.Optional(Type.Integer({ description: "With `all`: items of them in `data`" })),
        retry_after: Type.Optional(
          Type.Integer({ description: "Seconds until the service wants to be asked again" }),
        ),
        location: Type.Optional(
          Type.String({ description: "Address the service names: of what was made, or where to look" }),
        ),
      },
      { description: "What the service says of the next page, of waiting, and of other addresses" },
    ),
  ),
  view: Type.Optional(
    Type.Literal("readable", { description: "When the data is this view of what the service answered" }),
  ),
  cut: Type.Optional(cut),
};
