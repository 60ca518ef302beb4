import type { GraphQLField, GraphQLObjectType, GraphQLSchema } from "graphql";
import { getNamedType, isListType, isNonNullType } from "graphql/type/definition.js";
import type { Issue } from "#core/errors.js";
import { didYouMean } from "#core/suggest.js";
import { type RootField, toEndpoint } from "#importer/graphql/operation.js";
import { build, readGraphqlSchema } from "#importer/graphql/read-schema.js";
import { connectionOf } from "#importer/graphql/selection.js";
import type { Made } from "#importer/made.js";
import { nameFields, type UnnamedField } from "#importer/naming/field-names.js";
import type { ImportOptions } from "#importer/options.js";
import type { Notes } from "#importer/report.js";
import { oneLine } from "#importer/text.js";
import { Unsupported } from "#importer/unsupported.js";
import { writeEndpointFile } from "#importer/write/endpoint-file.js";
import { type ImportedFile, mainFiles } from "#importer/write/main-files.js";
import { smallEnough } from "#importer/write/small-file.js";

/** More than these are too many to make endpoints of without anybody having chosen. */
const maxUnchosen = 200;
const maxListed = 40;

/** @param text @see readGraphqlSchema */
export function importGraphql(text: string, options: ImportOptions, notes: Notes): Made {
  const schema = readGraphqlSchema(text);
  const all = build(() => fieldsOf(schema));
  const { operations = [] } = options;
  const chosen = operations.length === 0 ? all : all.filter(({ field }) => operations.includes(field.name));
  const address = addressOf(options.baseUrl);
  const issues = [...issuesOfChoice(all, options), ...("at" in address ? [address] : [])];
  const name = oneLine(options.name, 60) || options.slug;
  const made = { title: name, version: "" };
  if ("at" in address || issues.length > 0) return { ...made, files: [], endpoints: 0, issues };
  const subscriptions = Object.values(build(() => schema.getSubscriptionType()?.getFields()) ?? {});
  for (const { name: field } of subscriptions)
    notes.leaveOut("subscriptions, which have no one answer", oneLine(field, 100));
  notes.note(
    "A GraphQL schema does not say how to sign in: people paste a token, with Bearer before it or without.",
  );
  const endpoints = endpointsOf(chosen, address.path, options.slug, notes);
  const about = `${name}, imported from its GraphQL schema.`;
  const headers = { accept: "application/json" };
  const main = mainFiles({
    slug: options.slug,
    name,
    about,
    server: { base_url: address.base_url },
    headers,
    auth,
  });
  const nothing: Issue[] =
    endpoints.length === 0
      ? [{ at: "description", message: "has no query or mutation that could be carried over" }]
      : [];
  return { ...made, files: [...main, ...endpoints], endpoints: endpoints.length, issues: nothing };
}

const help = "The service's documentation says where it is made.";
const auth = {
  token: { fields: { token: { label: "Access token", help } }, headers: { authorization: "Bearer {token}" } },
  key: { fields: { key: { label: "API key", help } }, headers: { authorization: "{key}" } },
};

function fieldsOf(schema: GraphQLSchema): RootField[] {
  const of = (kind: RootField["kind"], type: GraphQLObjectType | null | undefined) =>
    Object.values(type?.getFields() ?? {})
      .filter(({ name }) => !name.startsWith("_"))
      .map((field): RootField => ({ kind, field }));
  return [...of("query", schema.getQueryType()), ...of("mutation", schema.getMutationType())];
}

/** The address that takes queries, as a base URL and the path below it. */
function addressOf(baseUrl: string | undefined): { base_url: string; path: string } | Issue {
  const message =
    "is needed: a GraphQL schema does not say where the API is. Give the address that takes queries, such as https://api.example.com/graphql";
  const url = baseUrl !== undefined && URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url?.protocol !== "https:" || url.username !== "" || url.search !== "")
    return { at: "base_url", message };
  const path = url.pathname.replace(/\/+$/, "");
  const at = path.lastIndexOf("/");
  return { base_url: url.origin + path.slice(0, Math.max(at, 0)), path: path === "" ? "/" : path.slice(at) };
}

function issuesOfChoice(all: readonly RootField[], { tags = [], operations = [] }: ImportOptions): Issue[] {
  const known = new Set(all.map(({ field }) => field.name));
  const unknown = operations
    .filter((it) => !known.has(it))
    .map((it) => ({
      at: "operations",
      message: `there is no ${it.slice(0, 100)} in the schema.${didYouMean(it, known)}`,
    }));
  const tagged =
    tags.length > 0 ? [{ at: "tags", message: "are of OpenAPI: choose operations of a GraphQL schema" }] : [];
  if (operations.length > 0 || known.size <= maxUnchosen) return [...unknown, ...tagged];
  const listed = [...known].slice(0, maxListed).join(", ");
  const message = `has ${known.size} operations, and without a choice ${maxUnchosen} can be imported: choose some by operations, of ${listed} …`;
  return [...tagged, { at: "description", message }];
}

/** Depths of input objects that are tried, until a file is small enough. */
const depths = [2, 1, 0];

function endpointsOf(fields: readonly RootField[], path: string, slug: string, notes: Notes): ImportedFile[] {
  const names = nameFields(fields.map(toUnnamed));
  return fields.flatMap((root, i) => {
    const label = `${root.kind} ${oneLine(root.field.name, 100)}`;
    try {
      const note = (what: string) => notes.leaveOut(what, label);
      const make = (maxDepth: number) => {
        const endpoint = build(() => toEndpoint(names[i]!, root, path, { maxDepth, note }));
        const file = `endpoints/${endpoint.resource}/${endpoint.name}.md`;
        return { path: file, ...writeEndpointFile(`${slug}/${file}`, endpoint) };
      };
      return [smallEnough(depths, make)];
    } catch (error) {
      if (!(error instanceof Unsupported)) throw error;
      notes.leaveOut(`operations: ${error.message}`, label);
      return [];
    }
  });
}

function toUnnamed({ kind, field }: RootField): UnnamedField {
  return { kind, name: field.name, isList: isMany(field) };
}

function isMany({ type }: GraphQLField<unknown, unknown>): boolean {
  const nullable = isNonNullType(type) ? type.ofType : type;
  return isListType(nullable) || connectionOf(getNamedType(type)) !== null;
}
