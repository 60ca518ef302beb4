import Type from "typebox";
import { diff, endpointCounts, gains } from "#contract/catalogue-changes.js";
import type { Route } from "#contract/route.js";
import { slug, strict } from "#contract/schemas.js";

const repeatable = (description: string) =>
  Type.Optional(
    Type.Union(
      [
        Type.String({ maxLength: 200 }),
        Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 1_000 }),
      ],
      { description: `${description}. May be given several times` },
    ),
  );

const problem = Type.Object({
  file: Type.String({ description: "Such as acme/endpoints/items/list_items.md" }),
  line: Type.Union([Type.Integer(), Type.Null()], {
    description: "Counted from 1; null when it is about the file",
  }),
  message: Type.String(),
});

const report = Type.Object(
  {
    kind: Type.String({
      description: "openapi, swagger, discovery, graphql, folder, overlay; none with problems",
    }),
    title: Type.String(),
    version: Type.String(),
    left_out: Type.Array(
      Type.Object({
        what: Type.String(),
        count: Type.Integer(),
        examples: Type.Array(Type.String(), { description: "The first few" }),
      }),
    ),
    notes: Type.Array(Type.String()),
  },
  {
    description:
      "The parts of the description that could not be carried over, and what was decided on the way",
  },
);

export const importIntegration = {
  method: "POST",
  path: "/v1/integrations/import",
  auth: "any",
  permission: "integrations:*",
  summary: "Import an integration from the description of an API, or from a folder of text",
  query: strict({
    slug: Type.Optional({ ...slug, description: "Name of the integration; made of the title when left out" }),
    content: Type.Optional(
      Type.Enum(["description", "documents", "folder"], {
        default: "description",
        description:
          "The body: text of a description; JSON with `description` and `documents`, the texts it refers to by their address; or JSON with `files`, texts by their path in the folder",
      }),
    ),
    fetched_from: Type.Optional(
      Type.String({ maxLength: 2_000, description: "URL of the description, for relative references" }),
    ),
    base_url: Type.Optional(
      Type.String({ maxLength: 2_000, description: "In place of the server that the description names" }),
    ),
    tag: repeatable("Only operations with this tag"),
    operation: repeatable(
      "Only this operation, by its operationId; of GraphQL, a field of Query or Mutation",
    ),
    overlay: Type.Optional(
      Type.Boolean({
        description:
          "The folder refines what was imported before, as one without integration.yaml always does",
      }),
    ),
    dry_run: Type.Optional(
      Type.Boolean({ description: "Nothing is stored, and all problems are part of the answer" }),
    ),
  }),
  upload: true,
  reply: {
    status: 200,
    description: "What there is now, and how it differs from before",
    body: Type.Object({
      integration: slug,
      created: Type.Boolean({ description: "There was none of this slug before" }),
      problems: Type.Array(problem, { description: "With `dry_run`: why it would be refused" }),
      endpoints: endpointCounts,
      diff,
      gains,
      report,
    }),
  },
  errors: ["bad_request", "forbidden", "conflict", "payload_too_large", "plan_limit_reached", "unavailable"],
} as const satisfies Route;
