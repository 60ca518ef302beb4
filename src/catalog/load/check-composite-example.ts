import { readPath } from "#catalog/body.js";
import { itemName, type Step } from "#catalog/composite.js";
import type { ExampleRequest } from "#catalog/example.js";
import type { Endpoint, Integration, RequestPlan } from "#catalog/integration.js";
import {
  checkExample,
  checkSchemas,
  compare,
  exampleFiles,
  issuesOf,
  sent,
} from "#catalog/load/check-example.js";
import { fileFactsByParam, handlesByParam } from "#catalog/request/composite-files.js";
import { fillParams } from "#catalog/request/fill-params.js";
import { createPlanner, type Planner } from "#catalog/request/plan.js";
import { createParamReader } from "#catalog/request/read-params.js";
import { badRequest, SkillettError } from "#core/errors.js";
import type { Check, SchemaIssue } from "#core/schema-check.js";

type Compile = (schema: object) => Check;

/** The golden check of any endpoint. @see checkExample */
export function checkAnyExample(
  integration: Integration,
  endpoint: Endpoint,
  compile: Compile,
): SchemaIssue[] {
  return endpoint.composite
    ? checkCompositeExample(integration, endpoint, compile)
    : checkExample(integration, endpoint, compile);
}

/** With the answers of the example, the params must become exactly the requests that it says. */
function checkCompositeExample(
  integration: Integration,
  endpoint: Endpoint,
  compile: Compile,
): SchemaIssue[] {
  const schemaIssues = checkSchemas(endpoint, compile);
  if (schemaIssues.length > 0) return schemaIssues;
  const { sends } = endpoint.composite!.example;
  try {
    const actual = requestsOf(integration, endpoint, compile);
    const differences = sends.flatMap((expected, at) =>
      at < actual.length ? compare(expected, actual[at]!, ["example", "sends", at]) : [],
    );
    if (actual.length === sends.length) return differences;
    const message = `has ${sends.length}: the params and answers make ${actual.length}`;
    return [...differences, { path: ["example", "sends"], message }];
  } catch (error) {
    return issuesOf(error);
  }
}

function requestsOf(integration: Integration, endpoint: Endpoint, compile: Compile): ExampleRequest[] {
  const { steps, example } = endpoint.composite!;
  const params = createParamReader(endpoint.params, compile(endpoint.params))(endpoint.example.params);
  const values = { ...params, ...example.answers };
  const { facts, bytesOf } = exampleFiles(endpoint);
  const ofFiles = fileFactsByParam(handlesByParam(endpoint, params), facts);
  return steps.flatMap((step) => {
    const inner = integration.endpoints.get(step.call)!;
    const plan = createPlanner(integration, inner, compile(inner.params));
    return itemsOf(step, values).map((item) => {
      const read = (path: string) =>
        readPath({ ...values, [itemName]: item }, path) ?? readPath(ofFiles, path);
      const filled = planned(step, (given) => plan(given, facts), fillParams(step.params, read).params);
      return sent(integration, inner, filled, bytesOf);
    });
  });
}

/** A refusal says which step it is of. */
function planned({ call }: Step, plan: Planner, params: Record<string, unknown>): RequestPlan {
  try {
    return plan(params);
  } catch (error) {
    if (!(error instanceof SkillettError)) throw error;
    const issues = error.issues ?? [];
    throw badRequest(
      issues.map(({ at, message }) => ({
        at: "answers",
        message: `with them and the params, ${at} of ${call} ${message}`,
      })),
    );
  }
}

/** A step without a list is called once. */
function itemsOf({ each }: Step, values: Record<string, unknown>): unknown[] {
  if (!each) return [undefined];
  const list = readPath(values, each.list);
  return Array.isArray(list) ? list.slice(0, each.max) : [];
}
