import type { GraphQLArgument, GraphQLField, GraphQLInputObjectType } from "graphql";
import {
  getNamedType,
  isInputObjectType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
} from "graphql/type/definition.js";
import type { ParamSchema } from "#catalog/schema.js";
import { type InputContext, inputSchema } from "#importer/graphql/input.js";
import { connectionOf, selectionOf } from "#importer/graphql/selection.js";
import { effectOf } from "#importer/naming/effects.js";
import { asRequired, createNaming, type Naming } from "#importer/naming/param-names.js";
import { wordsOf } from "#importer/naming/words.js";
import { oneLine, paragraphs } from "#importer/text.js";
import type { ImportedEndpoint } from "#importer/write/endpoint-file.js";
import { exampleParams } from "#importer/write/example-params.js";
import type { ParamYaml } from "#importer/write/front-matter.js";
import { withExamples } from "#importer/write/loosen.js";

/** A field of Query or Mutation. */
export interface RootField {
  kind: "query" | "mutation";
  field: GraphQLField<unknown, unknown>;
}

const maxArguments = 60;
const maxDescription = 300;

/** @param path of the request that takes queries: `/graphql` */
export function toEndpoint(
  name: string,
  { kind, field }: RootField,
  path: string,
  context: InputContext,
): ImportedEndpoint {
  const naming = createNaming();
  const args = field.args
    .filter((it) => it.deprecationReason == null || isRequiredArgument(it))
    .slice(0, maxArguments);
  for (const arg of args) carryArgument(arg, naming, context);
  const params = withExamples(naming.params, context.note);
  const summary = oneLine(field.description, 120) || name.replaceAll("_", " ");
  const said = {
    method: "POST" as const,
    name,
    id: field.name,
    path: `/${field.name}`,
    text: String(field.description ?? ""),
  };
  const { effect, irreversible } = effectOf(said, false);
  const isWrite = kind === "mutation";
  return {
    name,
    resource: resourceOf(field),
    summary,
    method: "POST",
    path,
    base: null,
    graphql: queryOf(kind, field, args),
    params,
    // A query changes nothing, whatever its name.
    effect: !isWrite ? "read" : effect === "read" ? "write" : effect,
    irreversible: isWrite && irreversible,
    target: null,
    scopes: [],
    returns: returnsOf(field),
    ...pageOf(kind, field, params),
    deprecated: field.deprecationReason != null,
    advice: paragraphs(field.description, 1_200) || summary,
    example: exampleParams(params),
  };
}

/** One input object is written as its fields, so that these are params of their own. */
function carryArgument(arg: GraphQLArgument, naming: Naming, context: InputContext): void {
  const type = getNamedType(arg.type);
  const isFlat = isRequiredArgument(arg) && isNonNullType(arg.type) && isInputObjectType(arg.type.ofType);
  if (isFlat && isInputObjectType(type) && hasRequired(type)) {
    for (const field of Object.values(type.getFields()).slice(0, maxArguments)) {
      const schema = inputSchema(field.type, context);
      add(
        naming,
        field.name,
        `${arg.name}.${field.name}`,
        schema,
        isRequiredInputField(field),
        field.description,
      );
    }
    return;
  }
  add(naming, arg.name, arg.name, inputSchema(arg.type, context), isRequiredArgument(arg), arg.description);
}

/** A variable that must have a value needs a param that must have one. */
const hasRequired = (type: GraphQLInputObjectType) =>
  Object.values(type.getFields()).some(isRequiredInputField);

function add(
  naming: Naming,
  original: string,
  variable: string,
  { description: _, ...schema }: ParamSchema,
  isRequired: boolean,
  about: unknown,
): void {
  const name = naming.nameFor(original, "input");
  naming.params[name] = {
    ...(isRequired ? asRequired(schema) : schema),
    ...(name === variable ? {} : { as: variable }),
    description: oneLine(about, maxDescription) || original,
  } as ParamYaml;
}

function queryOf(
  kind: string,
  field: GraphQLField<unknown, unknown>,
  args: readonly GraphQLArgument[],
): string {
  // An argument with a default may be left out, and so may its variable.
  const typeOf = ({ type, defaultValue }: GraphQLArgument) =>
    String(isNonNullType(type) && defaultValue !== undefined ? type.ofType : type);
  const declared = args.map((arg) => `$${arg.name}: ${typeOf(arg)}`).join(", ");
  const given = args.map((arg) => `${arg.name}: $${arg.name}`).join(", ");
  const selection = selectionOf(field.type);
  const call = `${field.name}${given === "" ? "" : `(${given})`}${selection === "" ? "" : ` { ${selection} }`}`;
  return `${kind}${declared === "" ? "" : `(${declared})`} { ${call} }`;
}

function returnsOf({ type }: GraphQLField<unknown, unknown>): string {
  const connection = connectionOf(type);
  return connection === null
    ? `${String(type)}.`
    : `A page of ${connection.items}, and whether there is more.`;
}

function pageOf(
  kind: string,
  field: GraphQLField<unknown, unknown>,
  params: Readonly<Record<string, ParamYaml>>,
) {
  const connection = kind === "query" ? connectionOf(field.type) : null;
  if (connection === null) return { page: null, items: null };
  const at = `data.${field.name}`;
  const page = {
    kind: "cursor",
    params: { after: `${at}.pageInfo.endCursor` },
    more: `${at}.pageInfo.hasNextPage`,
  };
  return Object.hasOwn(params, "after")
    ? { page, items: `${at}.${connection.items}` }
    : { page: null, items: null };
}

/** Orders stand together, whether one is made or several are listed. */
function resourceOf({ type }: GraphQLField<unknown, unknown>): string {
  const named = getNamedType(type).name.replace(/(Connection|Payload|Edge|Response|Result)$/, "");
  const folder = wordsOf(named).join("-").slice(0, 60);
  return /^[a-z]/.test(folder) ? folder : "general";
}
