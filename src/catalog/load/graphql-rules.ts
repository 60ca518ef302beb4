import type { DocumentNode, OperationDefinitionNode, VariableDefinitionNode } from "graphql";
import { parse } from "graphql/language/parser.js";
import { visit } from "graphql/language/visitor.js";
import type { EndpointFrontMatter } from "#catalog/front-matter.js";
import type { EndpointFacts } from "#catalog/integration.js";
import type { Source } from "#catalog/load/source.js";
import { nameSteps } from "#catalog/request/name-steps.js";
import { didYouMean } from "#core/suggest.js";

type Report = (message: string) => void;

/** More than anybody writes by hand. */
const maxTokens = 10_000;

/** The rules of an endpoint whose file has a query. @see GraphQL specification, October 2021, §2 */
export function checkGraphql(endpoint: EndpointFacts, matter: EndpointFrontMatter, source: Source): void {
  if (matter.graphql === undefined) return;
  const report: Report = (message) => source.report(["graphql"], message);
  if (endpoint.method !== "POST") source.report(["request"], "GraphQL is sent by POST");
  for (const key of ["body", "body_under"] as const) {
    if (matter[key] !== undefined) source.report([key], "is what graphql writes");
  }
  if (matter.constants?.body?.query !== undefined) {
    source.report(["constants", "body", "query"], "is what graphql writes");
  }
  const document = parseQuery(matter.graphql, report);
  const operation = document && onlyOperation(document, report);
  if (!operation) return;
  checkOperation(operation, endpoint, source);
  checkUses(document, operation, report);
  checkVariables(operation, endpoint, source);
}

function parseQuery(text: string, report: Report): DocumentNode | null {
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    // A query that is nested without end has no syntax error, but overflows the stack.
    const { message, locations } = error as Error & { locations?: { line: number }[] };
    const line = locations?.[0] ? ` in its line ${locations[0].line}` : "";
    report(`is no GraphQL${line}: ${message}`);
    return null;
  }
}

function onlyOperation({ definitions }: DocumentNode, report: Report): OperationDefinitionNode | null {
  const operations = definitions.filter((it) => it.kind === "OperationDefinition");
  const others = definitions.filter(({ kind }) => !/^(Operation|Fragment)Definition$/.test(kind));
  if (operations.length === 1 && others.length === 0) return operations[0]!;
  report("must have one operation, and beside it nothing but fragments");
  return null;
}

function checkOperation({ operation }: OperationDefinitionNode, { effect }: EndpointFacts, source: Source) {
  if (operation === "subscription") source.report(["graphql"], "is a subscription, which has no one answer");
  if (operation === "mutation" && effect === "read") source.report(["effect"], "a mutation is no read");
}

/** Every variable is declared and used: a service refuses the query otherwise. */
function checkUses(document: DocumentNode, operation: OperationDefinitionNode, report: Report): void {
  const declared = variablesOf(operation).map(({ variable }) => variable.name.value);
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  for (const name of used) {
    if (!declared.includes(name)) report(`$${name} is not declared.${didYouMean(name, declared)}`);
  }
  for (const name of declared) if (!used.has(name)) report(`$${name} is declared but not used`);
}

/** Params of the body and variables are the same, but that a constant may be in the place of a param. */
function checkVariables(
  operation: OperationDefinitionNode,
  { placements, params, constants }: EndpointFacts,
  source: Source,
): void {
  const declared = variablesOf(operation).map(({ variable }) => variable.name.value);
  const byParam = Object.entries(placements).flatMap(([param, { in: place, name }]) =>
    place === "body" ? [{ param, name: nameSteps(name)[0]! }] : [],
  );
  for (const { param, name } of byParam) {
    if (declared.includes(name)) continue;
    source.report(["params", param], `the query declares no $${name}.${didYouMean(name, declared)}`);
  }
  const fixed = Object.keys(Object(constants.body.variables));
  for (const definition of variablesOf(operation)) {
    const { value } = definition.variable.name;
    if (!isRequired(definition) || fixed.includes(value)) continue;
    const givers = byParam.filter(({ name }) => name === value).map(({ param }) => param);
    if (givers.length === 0) source.report(["graphql"], `no param gives $${value}, which must have a value`);
    else if (!givers.some((param) => params.required.includes(param))) {
      source.report(["params", givers[0]!], `$${value} must have a value: say required: true`);
    }
  }
}

const variablesOf = ({ variableDefinitions }: OperationDefinitionNode) => variableDefinitions ?? [];

const isRequired = ({ type, defaultValue }: VariableDefinitionNode) =>
  type.kind === "NonNullType" && defaultValue === undefined;
