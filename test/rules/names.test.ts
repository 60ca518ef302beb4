import { expect, test } from "vitest";
import { contract } from "#contract/contract.js";
import type { Route } from "#contract/route.js";
import type { SkillettError } from "#core/errors.js";
import { createValidatorCompiler } from "#http/validation.js";

/** Whatever a caller sends that may be shown to people is refused where it would mislead them. */

interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  pattern?: string;
  format?: string;
  const?: unknown;
  enum?: unknown[];
  contentMediaType?: string;
  patternProperties?: Record<string, Schema>;
}

const parts = { params: "path", query: "query", body: "" } as const;
const httpParts = { params: "params", query: "querystring", body: "body" } as const;
const compile = createValidatorCompiler();

/** Text that stands deeper than the fields of a request, by route, with who judges it. */
const deeper = new Map([
  ["addMcpServer body.headers", "by the rules for headers of integration.yaml; they are no secrets"],
  ["importIntegration query.tag", "is compared with the description, and stored nowhere"],
  ["importIntegration query.operation", "the same"],
  ["executeEndpoint body.files", "by the rules for names of files; of a dry run alone"],
  ["sendRequest body.query", "is encoded; control characters are refused"],
  ["sendRequest body.headers", "ASCII without line breaks alone; none is shown"],
  ["connect body.credentials", "by the rules of the integration for its fields; none is shown"],
  [
    "connect body.settings",
    "a value has only ASCII letters, digits and a few signs; see src/catalog/settings.ts",
  ],
  ["createApiKey body.scopes", "checkScopes knows what there is, and refuses the rest"],
  ["authorizeDevice body.scopes", "the same"],
  ["approveAuthorization body.scopes", "the same"],
  ["createSkill body.files", "paths by the rules for paths; contents are kept as they are"],
  ["updateSkill body.files", "the same"],
]);

interface Field {
  route: string;
  part: keyof typeof parts;
  schema: Schema;
  name: string;
  field: Schema;
}

const fields: Field[] = Object.entries(contract as Record<string, Route>).flatMap(([route, one]) =>
  (Object.keys(parts) as (keyof typeof parts)[]).flatMap((part) =>
    options(one[part] as Schema | undefined).flatMap((schema) =>
      Object.entries(schema.properties ?? {}).map(([name, field]) => ({ route, part, schema, name, field })),
    ),
  ),
);

function options(schema: Schema | undefined): Schema[] {
  return schema ? (schema.anyOf ?? [schema]) : [];
}

/** Text that anything may stand in. */
function isFree(schema: Schema): boolean {
  return options(schema).some(
    ({ type, pattern, format, contentMediaType, enum: words }) =>
      type === "string" && !pattern && !format && !contentMediaType && !words,
  );
}

const names = fields.filter(({ field }) => isFree(field));

test("fields for names are found among those of the routes", () => {
  expect(names.length).toBeGreaterThan(30);
  expect(names.map(({ route, name }) => `${route} ${name}`)).toEqual(
    expect.arrayContaining(["createAgent name", "createApiKey name", "claim display_name"]),
  );
});

test.each(names.map((field) => [`${field.route} ${field.part}.${field.name}`, field] as const))(
  "%s cannot change the direction of text",
  (_, { part, schema, name }) => {
    const request = { schema, method: "POST", url: "/", httpPart: httpParts[part] };
    const { error } = compile(request as never)({ [name]: "ad\u202enim" }) as { error?: SkillettError };
    const at = [parts[part], name].filter(Boolean).join(".");
    expect(error?.issues).toContainEqual({ at, message: expect.stringContaining("U+202E") });
  },
);

test("text that stands deeper in a request is judged by somebody", () => {
  const free = (schema: Schema): boolean =>
    options(schema).some(
      ({ type, items, properties, patternProperties }) =>
        (type === "array" && items !== undefined && (isFree(items) || free(items))) ||
        (type === "object" &&
          [...Object.values(properties ?? {}), ...Object.values(patternProperties ?? {})].some(
            (inner) => isFree(inner) || free(inner),
          )),
    );
  const found = fields
    .filter(({ field }) => free(field))
    .map(({ route, part, name }) => `${route} ${part}.${name}`);
  expect(found).toEqual([...deeper.keys()]);
});
