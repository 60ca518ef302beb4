import type { Route } from "#contract/route.js";

export const resetSandbox = {
  method: "DELETE",
  path: "/v1/sandbox",
  auth: "any",
  summary: "Put the sandbox of the tenant back to what it begins with",
  reply: { status: 204, description: "Reset, for everybody in the tenant" },
  errors: ["scope_not_allowed"],
} as const satisfies Route;
