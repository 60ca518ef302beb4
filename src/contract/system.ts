import Type from "typebox";
import type { Route } from "#contract/route.js";
import { strict } from "#contract/schemas.js";

export const health = {
  method: "GET",
  path: "/health",
  auth: "none",
  summary: "Is the process alive?",
  reply: {
    status: 200,
    description: "It is",
    body: Type.Object({ status: Type.Literal("ok"), version: Type.String() }),
  },
  errors: [],
} as const satisfies Route;

export const ready = {
  method: "GET",
  path: "/ready",
  auth: "none",
  summary: "Can it serve calls? (the database answers)",
  reply: { status: 200, description: "It can", body: Type.Object({ status: Type.Literal("ready") }) },
  errors: ["unavailable"],
} as const satisfies Route;

export const metrics = {
  method: "GET",
  path: "/metrics",
  auth: "none",
  summary: "Prometheus metrics",
  reply: { status: 200, description: "Text exposition format", raw: true },
  errors: [],
} as const satisfies Route;

export const claimPage = {
  method: "GET",
  path: "/claim",
  auth: "none",
  summary: "The page behind the claim link of a fresh instance",
  query: Type.Object({ token: Type.Optional(Type.String({ maxLength: 200 })) }),
  reply: { status: 200, description: "HTML", raw: true },
  errors: [],
} as const satisfies Route;

export const claim = {
  method: "POST",
  path: "/claim",
  auth: "none",
  summary: "Claim a fresh instance: its owner gets a name, an email address and a password",
  body: strict({
    token: Type.String({
      minLength: 1,
      maxLength: 200,
      description: "SECRET. From the claim link; works once",
    }),
    email: Type.String({ format: "email", maxLength: 254 }),
    display_name: Type.String({ minLength: 1, maxLength: 100 }),
    password: Type.String({ minLength: 8, maxLength: 128, description: "SECRET" }),
  }),
  form: true,
  reply: { status: 200, description: "HTML", raw: true },
  errors: ["bad_request", "forbidden"],
} as const satisfies Route;

export const getSignInOptions = {
  method: "GET",
  path: "/auth/options",
  auth: "none",
  summary: "See how people can sign in and up here",
  reply: {
    status: 200,
    description: "What the sign-in page offers",
    body: Type.Object({
      sign_up: Type.Union([Type.Literal("open"), Type.Literal("invite"), Type.Literal("closed")]),
      providers: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
      claimed: Type.Boolean({ description: "False while the claim link of a fresh instance works" }),
    }),
  },
  errors: [],
} as const satisfies Route;
