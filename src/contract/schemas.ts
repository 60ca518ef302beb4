import Type from "typebox";

/** Schemas that several routes share. */

export const isoTime = Type.String({ description: "ISO 8601, UTC" });
export const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const slug = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "Integration slug, such as github",
});
export const endpointName = Type.String({
  minLength: 1,
  maxLength: 128,
  description: "Endpoint, such as create_issue",
});
export const connectionId = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "Connection id, conn_…",
});
export const effect = Type.Union([Type.Literal("read"), Type.Literal("write"), Type.Literal("destructive")]);
export const httpMethod = Type.Union([
  Type.Literal("GET"),
  Type.Literal("POST"),
  Type.Literal("PUT"),
  Type.Literal("PATCH"),
  Type.Literal("DELETE"),
]);

/** An object that refuses unknown fields. */
export const strict = <T extends Type.TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

/** The end of a kind of credential. */
export const end = Type.Object(
  {
    on: Type.String({ description: "YYYY-MM-DD" }),
    message: Type.String(),
    next: Type.Array(Type.String(), { description: "Commands that connect in another way" }),
  },
  { description: "When the service is to take such credentials no more" },
);

/** Of an account that the service was not asked about. */
export const unchecked = Type.Optional(
  Type.Object(
    { message: Type.String() },
    {
      description: "Where the service was not asked about the account: the first call shows whether it works",
    },
  ),
);
