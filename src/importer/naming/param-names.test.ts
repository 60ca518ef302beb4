import { expect, test } from "vitest";
import { reservedParams } from "#catalog/load/endpoint-rules.js";
import { createNaming, paramName } from "#importer/naming/param-names.js";

test.each(reservedParams)("the param %s of a service has a name that a file may have", (name) => {
  expect(createNaming().nameFor(name, "query")).toBe(`${name}_param`);
});

test.each([
  ["filter[state]", "filter_state"],
  ["7days", "param_7days"],
  ["constructor", "constructor_param"],
])("the param %j of a service is called %s", (original, name) => {
  expect(paramName(original)).toBe(name);
});
