import Type from "typebox";
import {
  closed,
  dottedPath,
  headerName,
  named,
  oneOrMore,
  shortMatch,
  text,
} from "#catalog/front-matter-parts.js";
import { refusalClasses, timeForms } from "#catalog/refusal.js";

/** JSON Schemas of what files say about refusals. */

export const refused = closed({
  body: Type.Optional(shortMatch()),
  present: Type.Optional(Type.Array(dottedPath(), { minItems: 1 })),
  absent: Type.Optional(Type.Array(dottedPath(), { minItems: 1 })),
  message: oneOrMore(dottedPath()),
  unknown: Type.Optional(shortMatch()),
});

export const refusals = Type.Array(
  closed({
    class: Type.Enum([...refusalClasses]),
    status: Type.Optional(oneOrMore(Type.Integer({ minimum: 200, maximum: 599 }))),
    body: Type.Optional(shortMatch()),
    headers: Type.Optional(named("^[a-z0-9-]+$", oneOrMore(text()), { minProperties: 1 })),
    text: Type.Optional(oneOrMore(text({ maxLength: 200 }))),
    lacking: Type.Optional(closed({ granted: headerName(), accepted: headerName() })),
    scopes: Type.Optional(dottedPath()),
    wait: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400 })),
  }),
  { minItems: 1, maxItems: 50 },
);

const timeSource = closed({
  header: Type.Optional(headerName()),
  body: Type.Optional(dottedPath()),
  as: Type.Optional(Type.Enum([...timeForms])),
});

export const rateLimit = closed({
  remaining: Type.Optional(oneOrMore(headerName())),
  retry_after: Type.Optional(oneOrMore(timeSource)),
  reset: Type.Optional(oneOrMore(timeSource)),
});

export type RefusedYaml = Type.Static<typeof refused>;
export type RefusalsYaml = Type.Static<typeof refusals>;
export type RateLimitYaml = Type.Static<typeof rateLimit>;
