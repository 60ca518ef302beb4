import Type from "typebox";

/** Parts of an answer that says what came of an integration that a tenant brought. */

const names = (description: string) => Type.Array(Type.String(), { description });

export const endpointCounts = Type.Object({
  on: Type.Integer({ description: "Endpoints that can be called" }),
  off: Type.Integer({ description: "Endpoints that are off until somebody switches them on" }),
});

export const diff = Type.Object(
  {
    added: names("Endpoints that are new"),
    removed: names("Endpoints that are gone"),
    changed: Type.Array(
      Type.Object({
        name: Type.String(),
        what: Type.Array(Type.String(), { description: "Such as `effect: read → write`, or `params`" }),
      }),
      { description: "Endpoints whose effect or request is another now" },
    ),
    renamed: Type.Array(Type.Object({ from: Type.String(), to: Type.String() }), {
      description: "Endpoints that go on answering to the name they had",
    }),
  },
  { description: "Compared with what the tenant had" },
);

export const gains = Type.Array(
  Type.Object({
    key: Type.String({
      description: "Name of the key with its first characters, or of a program that somebody has let in",
    }),
    endpoints: Type.Integer(),
    by: Type.Array(Type.String(), { description: "The scopes that allow it" }),
  }),
  {
    description:
      "Keys and programs that may call endpoints they could not call before, at once where these are on, else as soon as they are",
  },
);
