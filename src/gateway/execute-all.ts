import { itemsPath, type NextPage, pagingOf } from "#catalog/answer/paging.js";
import { remarkOn } from "#catalog/names.js";
import type { View } from "#catalog/view.js";
import { accountOf } from "#core/account-header.js";
import type { Clock } from "#core/clock.js";
import { badRequest, SkillettError } from "#core/errors.js";
import { findMember, replaceSpan } from "#core/json-text.js";
import { withHint, withRemark } from "#gateway/answer-parts.js";
import {
  type Answer,
  type Execute,
  type ExecuteDeps,
  type ExecuteRequest,
  shaped,
} from "#gateway/execute.js";
import { createGathering, type Gathering } from "#gateway/gathering.js";
import { type PageAnswer, readPage } from "#gateway/page-answer.js";
import { readShape, wholeAnswer } from "#gateway/shape.js";

/** Items of a walk whose caller does not say how many. */
export const defaultMaxItems = 1_000;
const maxPages = 100;
/** After this long no further page is asked for. */
const maxWalkMs = 30_000;

export interface ExecuteAllRequest extends ExecuteRequest {
  /** Items at most. */
  max: number;
}

export type ExecuteAll = (request: ExecuteAllRequest) => Promise<Answer>;

interface Deps extends Pick<ExecuteDeps, "results" | "clock" | "onFault"> {
  execute: Execute;
}

/** Why a walk ended before the last page. */
interface Stop {
  message: string;
  /** Commands of the error that ended it. */
  steps?: string[] | undefined;
  /** Params of the page to go on with. */
  next?: NextPage | undefined;
  retryAfter?: number | undefined;
}

/**
 * Reads the pages of a list one after the other, each a call with its own admission and its own row, and answers with
 * one list. An early end takes nothing of what was read: the answer says why in `hint`, and in `page.next` how to go
 * on.
 */
export function createExecuteAll(deps: Deps): ExecuteAll {
  const { execute, clock } = deps;
  return async (request) => {
    const { catalog } = request;
    const endpoint = catalog.endpoint(request.integration, request.endpoint);
    const integration = catalog.integration(endpoint.integration);
    if (endpoint.composite) throw notForAll(`${endpoint.name} is several calls already`);
    if (endpoint.effect !== "read") throw notForAll(`${endpoint.name} does not only read`);
    if (!pagingOf(integration, endpoint)) throw notForAll(`${endpoint.name} has no pages`);
    if (request.idempotencyKey !== undefined) throw badRequest([keyWithAll]);
    const path = itemsPath(integration, endpoint);
    const asked = readShape(request.shape ?? {}, endpoint);
    const shape = asked && { ...asked, view: asked.view && viewOfItems(asked.view, path) };
    if (request.dryRun) return firstOf(await execute(request));
    const { envelope, headers } = await walk(execute, request, path, clock);
    const whole = remarked(envelope, remarkOn(endpoint, request.endpoint));
    return { body: await shaped(deps, request, shape, whole), headers };
  };
}

/** The part of a view that is of the items of a list; undefined when it has none, so that they stay as they came. */
function viewOfItems(view: View, path: string | null): View | undefined {
  if (path === null) return view;
  return Object.values(view).find(({ from }) => from === path)?.fields ?? undefined;
}

function notForAll(why: string): SkillettError {
  return badRequest([
    { at: "query.all", message: `is for lists that are read in pages, and ${why}. Leave it out.` },
  ]);
}

const keyWithAll = {
  at: "headers.idempotency-key",
  message: "has no meaning with all, which only reads: leave it out",
};

/** A dry run shows the first request. */
function firstOf({ body, headers }: Answer): Answer {
  const remark = "This is the request for the first page: the others follow from its answer.";
  return { body: withRemark(String(body), remark), headers };
}

async function walk(
  execute: Execute,
  request: ExecuteAllRequest,
  path: string | null,
  clock: Clock,
): Promise<{ envelope: string; headers: Answer["headers"] }> {
  const gathering = createGathering(request.max);
  const until = clock() + maxWalkMs;
  const asked = new Set<string>();
  let next: NextPage | undefined;
  let headers: Answer["headers"] = {};
  for (;;) {
    const answer = await ask(execute, request, next, accountOf(headers)).catch((error) => {
      if (gathering.pages === 0) throw error;
      return stopOf(error, request, gathering, next);
    });
    if ("message" in answer) return { envelope: toEnvelope(gathering, answer), headers };
    headers = { ...headers, ...answer.headers };
    const page = readPage(answer.text, path);
    if (page.items === undefined && gathering.pages === 0) return { envelope: asItCame(page), headers };
    const stop = take(gathering, page, next, asked) ?? boundOf(gathering, page, clock() >= until);
    if (stop || !page.next) return { envelope: toEnvelope(gathering, stop), headers };
    next = page.next;
  }
}

/** @param account of the page before, since the default one may change meanwhile */
async function ask(
  execute: Execute,
  { max: _, params, connection, ...request }: ExecuteAllRequest,
  next: NextPage | undefined,
  account: string | undefined,
): Promise<{ text: string; headers: Answer["headers"] }> {
  const { body, headers } = await execute({
    ...request,
    params: next ? { ...(params as object), ...next } : params,
    connection: connection ?? account,
    shape: wholeAnswer,
    isPage: true,
  });
  return { text: String(body), headers };
}

/** @throws the error itself when there is nobody to answer, or when it is no refusal */
function stopOf(
  error: unknown,
  { signal }: ExecuteAllRequest,
  { pages }: Gathering,
  next: NextPage | undefined,
): Stop {
  const hasLeft = signal.aborted && signal.reason === undefined;
  if (!(error instanceof SkillettError) || hasLeft) throw error;
  const message = `Page ${pages + 1} could not be read: ${error.message}`;
  return { message, steps: error.next, next, retryAfter: error.retryAfterSeconds };
}

/** Takes the items of a page, unless it refuses or was there before. */
function take(
  gathering: Gathering,
  page: PageAnswer,
  asFor: NextPage | undefined,
  asked: Set<string>,
): Stop | undefined {
  const { items, refusal, next, retryAfter } = page;
  const number = gathering.pages + 1;
  if (refusal !== undefined)
    return { message: `Page ${number} was refused: ${refusal}`, next: asFor, retryAfter };
  if (items === undefined)
    return { message: `Page ${number} ${page.isTooLarge ? tooLarge : noList}`, next: asFor };
  const left = gathering.add(items);
  if (left === "repeated") {
    return {
      message: `The service answered with a page that was there before, so page ${number} is left out.`,
    };
  }
  if (left > 0) {
    const again = asFor ? " page.next asks for that page again, from its first item." : "";
    return {
      message: `It stopped at ${gathering.bound}: the page it stopped in has ${left} more.${again}`,
      next: asFor,
    };
  }
  const key = next && JSON.stringify(next);
  if (key === undefined) return undefined;
  if (asked.has(key))
    return { message: "The service names a next page that was there before: what follows is unknown." };
  asked.add(key);
  return undefined;
}

const tooLarge = "is larger than 8 MB: ask for fewer items in a page.";
const noList = "has no list where the ones before have it.";

/** Bounds that are reached with more pages to come. */
function boundOf(
  gathering: Gathering,
  { next, hint, retryAfter }: PageAnswer,
  isLate: boolean,
): Stop | undefined {
  if (!next) return hint && { message: hint.message };
  const stop = (message: string) => ({ message, next, retryAfter });
  if (gathering.isFull()) return stop(`It stopped at ${gathering.bound}, and there are more pages.`);
  if (retryAfter !== undefined) return stop("The service wants to be asked for the next page later.");
  if (gathering.pages >= maxPages) return stop(`It stopped after ${maxPages} pages, and there are more.`);
  if (isLate) return stop(`It stopped after ${maxWalkMs / 1_000} seconds, and there are more pages.`);
  return undefined;
}

function toEnvelope({ pages, count, list }: Gathering, stop?: Stop): string {
  const { message, steps, next, retryAfter } = stop ?? {};
  const hint =
    message === undefined ? "" : `,"hint":${JSON.stringify({ message, ...(steps && { next: steps }) })}`;
  const page = { next, retry_after: retryAfter, pages, items: count() };
  return `{"status":200,"data":${list()}${hint},"page":${JSON.stringify(page)}}`;
}

/** The envelope with a remark that has nothing to do with an end of the list, which a hint else means. */
function remarked(envelope: string, remark: string | undefined): string {
  const place = findMember(envelope, "page");
  if (remark === undefined || !place || findMember(envelope, "hint")) return withRemark(envelope, remark);
  const page = { ...JSON.parse(envelope.slice(place.from, place.to)), complete: true };
  return withRemark(replaceSpan(envelope, place, JSON.stringify(page)), remark);
}

/** The first answer, where it is a refusal or has no list. */
function asItCame({ text, refusal, isTooLarge }: PageAnswer): string {
  if (refusal !== undefined || isTooLarge || findMember(text, "hint")) return text;
  const message = "This answer has no list where the endpoint's file says (items), so it is the only one.";
  return withHint(text, { message });
}
