import { stringify } from "lossless-json";
import Type, { type Static } from "typebox";
import { accountOf } from "#core/account-header.js";
import { exactNumber, parseAnswer } from "#core/answer-json.js";
import { badRequest } from "#core/errors.js";
import { compact, findMember, isDeeperThan, replaceSpan } from "#core/json-text.js";
import type { Backend, RawAnswer } from "#mcp/backend.js";
import { nextStep } from "#mcp/next-step.js";
import { type Result, tool } from "#mcp/tool.js";

/** About 10,000 tokens, as much as clients let a result have. */
const maxCharacters = 40_000;

const input = Type.Object(
  {
    integration: Type.String({ minLength: 1, maxLength: 64, description: "Slug, such as github" }),
    endpoint: Type.String({ minLength: 1, maxLength: 128, description: "Such as create_issue" }),
    params: Type.Optional(
      Type.Unsafe<Record<string, unknown>>({
        type: "object",
        description: "As integration_describe shows",
        // Not patternProperties, which Type.Record makes: some models refuse every tool of a server that has it.
        additionalProperties: true,
      }),
    ),
    connection: Type.Optional(
      Type.String({ minLength: 1, maxLength: 255, description: "Account to use; else the default one" }),
    ),
    fields: Type.Optional(
      Type.String({ minLength: 1, maxLength: 2000, description: "Only these fields of the data: a,b.c" }),
    ),
    view: Type.Optional(
      Type.Unsafe<"raw">({
        type: "string",
        enum: ["raw"],
        description: "The data as the service gave it, where a readable view is the default",
      }),
    ),
    asFile: Type.Optional(
      Type.Boolean({ description: "Keep the answer as a file; other params take its id" }),
    ),
    all: Type.Optional(Type.Boolean({ description: "Read page after page of a list; data has all items" })),
    max: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: "With all: items at most; 1000 when left out",
      }),
    ),
    dryRun: Type.Optional(Type.Boolean({ description: "Show the request instead of sending it" })),
    idempotencyKey: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        pattern: "^[\\x21-\\x7e]+$",
        description: "Retry safely: the same key never does twice what was done",
      }),
    ),
    resultId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: "Read on in a result that was cut; sends nothing",
      }),
    ),
    page: Type.Optional(Type.Integer({ minimum: 1, description: "Of that result" })),
  },
  { additionalProperties: false },
);

const output = Type.Object({
  status: Type.Optional(Type.Integer({ description: "HTTP status of the service" })),
  data: Type.Optional(Type.Unknown({ description: "What the service answered" })),
  encoding: Type.Optional(Type.String()),
  contentType: Type.Optional(Type.String()),
  refused: Type.Optional(
    Type.Unknown({ description: "The service refuses, whatever its status says: message" }),
  ),
  hint: Type.Optional(
    Type.Unknown({ description: "What the service does not say: message, and what to do" }),
  ),
  page: Type.Optional(
    Type.Unknown({
      description:
        "next: params to add for the next page; pages, items: of all; retryAfter: seconds to wait; location: an address",
    }),
  ),
  view: Type.Optional(Type.String({ description: "The data is this view of the answer" })),
  cut: Type.Optional(
    Type.Unknown({ description: "Data is not all there: message, resultId, page, pages, totalCharacters" }),
  ),
  dryRun: Type.Optional(Type.Boolean()),
  request: Type.Optional(Type.Unknown()),
  steps: Type.Optional(Type.Unknown()),
});

export const integrationRun = tool({
  name: "integration_run",
  title: "Run an endpoint",
  description:
    "Call an endpoint with the person's connected account. Long results are cut: read on with resultId and page, or ask for fewer fields.",
  input,
  output,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  async run(backend, args, signal) {
    const { resultId, page, view } = args;
    // A page without a result would repeat the call, which is not what the model wants.
    if (resultId === undefined && page !== undefined) throw badRequest([pageOfNothing]);
    if (resultId !== undefined && view !== undefined) throw badRequest([viewOfResult]);
    const { bytes, headers } = await (resultId === undefined
      ? execute(backend, args, signal)
      : readOn(backend, args, resultId));
    const account = accountOf(headers);
    return {
      ...toResult(bytes.toString()),
      ...(account === undefined ? {} : { meta: { [accountMeta]: account } }),
    };
  },
});

/** In `_meta` of the result: the account that it was sent with. */
const accountMeta = "skillett/account";

const pageOfNothing = {
  at: "integration_run.page",
  message: "is of a result that was cut: give its resultId",
};

const viewOfResult = {
  at: "integration_run.view",
  message: "is chosen by the call: a result is read on in the view in which it was cut",
};

function execute(backend: Backend, args: Static<typeof input>, signal: AbortSignal): Promise<RawAnswer> {
  const { integration, endpoint, params = {}, connection, all, max, asFile, dryRun, idempotencyKey } = args;
  return backend.executeEndpoint({
    params: { integration, endpoint },
    query: {
      ...(all ? { all } : {}),
      ...(max === undefined ? {} : { max }),
      ...(dryRun ? { dry_run: true } : {}),
      // Bytes are of no use to a model, and become a file by themselves.
      as: asFile ? "file" : "auto",
      view: args.view ?? "auto",
      ...shape(args),
    },
    headers: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
    body: { params, ...(connection === undefined ? {} : { connection }) },
    signal,
  });
}

function readOn(backend: Backend, args: Static<typeof input>, id: string): Promise<RawAnswer> {
  return backend.getResult({ params: { id }, query: { page: args.page ?? 1, ...shape(args) } });
}

const shape = ({ fields }: Static<typeof input>) => ({
  max_chars: maxCharacters,
  ...(fields === undefined ? {} : { fields }),
});

interface Envelope {
  data: unknown;
  content_type?: string;
  refused?: object;
  hint?: { wanted_scopes?: string[]; granted_scopes?: string[]; next?: string[] };
  page?: { retry_after?: unknown };
  cut?: { result: string | null; total_chars: unknown; expires_at: string | null };
  dry_run?: boolean;
}

/** Clients' parsers of JSON take no more than this of lists and objects within each other. */
const maxDepth = 100;

/** The answer of `POST /v1/{integration}/{endpoint}`, with the names that tools use, and no digit lost. */
function toResult(answer: string): Result<Static<typeof output>> {
  const json = isDeeperThan(answer, maxDepth) ? withDataAsText(answer) : answer;
  const {
    content_type: contentType,
    hint,
    page,
    cut,
    dry_run: dryRun,
    ...rest
  } = parseAnswer(json) as Envelope;
  const text = stringify({
    ...rest,
    ...(contentType === undefined ? {} : { contentType }),
    ...(hint === undefined ? {} : { hint: toHint(hint) }),
    ...(page === undefined ? {} : { page: toPage(page) }),
    ...(cut === undefined ? {} : { cut: toCut(cut) }),
    ...(dryRun === undefined ? {} : { dryRun }),
  })!;
  const value = parseAnswer(text, exactNumber) as Static<typeof output>;
  return { value, text, isError: value.refused !== undefined || (value.status ?? 0) >= 400 };
}

/** The call was made, so its answer is returned: data nested too deep to be read is given as text. */
function withDataAsText(answer: string): string {
  const json = compact(answer);
  const data = findMember(json, "data");
  return data ? replaceSpan(json, data, JSON.stringify(json.slice(data.from, data.to))) : json;
}

const toHint = ({
  wanted_scopes: wantedScopes,
  granted_scopes: grantedScopes,
  next,
  ...hint
}: Envelope["hint"] & {}) => ({
  ...hint,
  ...(next ? { next: next.map((step) => nextStep(step)) } : {}),
  ...(wantedScopes ? { wantedScopes } : {}),
  ...(grantedScopes ? { grantedScopes } : {}),
});

const toPage = ({ retry_after: retryAfter, ...page }: Envelope["page"] & {}) => ({
  ...page,
  ...(retryAfter === undefined ? {} : { retryAfter }),
});

const toCut = ({ result, total_chars, expires_at, ...cut }: Envelope["cut"] & {}) => ({
  ...cut,
  resultId: result,
  totalCharacters: total_chars,
  expiresAt: expires_at,
});
