import Type from "typebox";
import { endpointFrontMatter, param } from "#catalog/front-matter.js";
import { closed, line, named, text } from "#catalog/front-matter-parts.js";

/** JSON Schema of an endpoint file that calls a tool of an MCP server in place of a request. */

const { summary, effect, scopes, returns, example, ...others } = endpointFrontMatter.properties;
const { errors, refusals, page, items, views, irreversible, target, untrusted, reaches, asks } = others;
const { description, required, as, lines } = param.properties;

/** Arguments are JSON: a param of a tool goes to one place, and is written in one way. */
const toolParam = Type.Object({
  description,
  required,
  as,
  lines,
  header: Type.Optional(text({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" })),
});

/** Keywords of a param of which a tool has no use: they say where it goes in a request, and how it is written there. */
export const requestKeywords = Object.keys(param.properties).filter((key) => !(key in toolParam.properties));

export const toolFrontMatter = closed({
  summary,
  tool: line(),
  arguments: Type.Optional(text()),
  pin: Type.Optional(text({ pattern: "^[0-9a-f]{64}$" })),
  repeatable: Type.Optional(Type.Boolean()),
  params: Type.Optional(named("^[A-Za-z][A-Za-z0-9_]*$", toolParam)),
  effect,
  scopes: Type.Optional(scopes),
  returns,
  errors,
  refusals,
  page,
  items,
  views,
  irreversible,
  target,
  untrusted,
  reaches,
  asks,
  example: closed({
    params: example.properties.params,
    sends: closed({ arguments: Type.Record(Type.String(), Type.Unknown()) }),
    answer: example.properties.answer,
  }),
});

export type ToolFrontMatter = Type.Static<typeof toolFrontMatter>;
