import Type from "typebox";
import { endpointFrontMatter, param, type ViewYaml, view } from "#catalog/front-matter.js";
import { closed, line, named, text, word } from "#catalog/front-matter-parts.js";

/** JSON Schema of an endpoint file that has steps in place of a request. */

/** Items of a list that one call is made for each of: every one of them counts into the limits. */
const maxEach = 25;

const stepView = Type.Unsafe<"readable" | ViewYaml>({
  ...view(),
  type: ["string", "object"],
  pattern: "^readable$",
});

export const step = closed({
  call: text(),
  params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  each: Type.Optional(line()),
  max: Type.Optional(Type.Integer({ minimum: 1, maximum: maxEach })),
  view: Type.Optional(stepView),
  repeatable: Type.Optional(Type.Boolean()),
});

const { summary, effect, returns, errors, views, example, ...others } = endpointFrontMatter.properties;
const { irreversible, target, untrusted, reaches, asks, formerly, deprecated } = others;

export const compositeFrontMatter = closed({
  summary,
  params: Type.Optional(named("^[A-Za-z][A-Za-z0-9_]*$", param)),
  steps: named(word, step),
  answer: Type.Optional(view()),
  effect: Type.Optional(effect),
  returns,
  errors,
  views,
  irreversible,
  target,
  untrusted,
  reaches,
  asks,
  formerly,
  deprecated,
  example: closed({
    params: example.properties.params,
    files: example.properties.files,
    answers: Type.Record(Type.String(), Type.Unknown()),
    sends: Type.Array(example.properties.sends, { minItems: 1 }),
  }),
});

export type CompositeFrontMatter = Type.Static<typeof compositeFrontMatter>;
export type StepYaml = Type.Static<typeof step>;
