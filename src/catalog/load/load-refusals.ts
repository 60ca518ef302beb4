import type { BodyMatch } from "#catalog/body.js";
import type { RateLimitYaml, RefusalsYaml, RefusedYaml } from "#catalog/front-matter-refusals.js";
import type { Source } from "#catalog/load/source.js";
import type { RateLimit, RefusalRule, RefusedMatch, TimeSource } from "#catalog/refusal.js";
import type { Path } from "#core/schema-check.js";

type RuleYaml = RefusalsYaml[number];
type ShortMatch = NonNullable<RefusedYaml["body"]>;
type TimeYaml = NonNullable<RateLimitYaml["reset"]>;

/** A single value is a list of one. */
function toMatch(match: ShortMatch): BodyMatch {
  return Object.fromEntries(Object.entries(match).map(([path, values]) => [path, [values].flat()]));
}

export function toRefused({ body, present = [], absent = [], message, unknown }: RefusedYaml): RefusedMatch {
  return {
    body: body ? toMatch(body) : null,
    present,
    absent,
    message: [message].flat(),
    unknown: unknown ? toMatch(unknown) : null,
  };
}

export const toRefusals = (rules: RefusalsYaml = []): RefusalRule[] => rules.map(toRule);

function toRule({
  status,
  body,
  headers = {},
  text = [],
  lacking,
  scopes,
  wait,
  ...rule
}: RuleYaml): RefusalRule {
  const named = Object.entries(headers).map(([name, values]) => [name, [values].flat()]);
  return {
    ...rule,
    status: status === undefined ? null : [status].flat(),
    body: body ? toMatch(body) : null,
    headers: Object.fromEntries(named),
    text: [text].flat().map((it) => it.toLowerCase()),
    lacking: lacking ?? null,
    scopes: scopes ?? null,
    wait: wait ?? null,
  };
}

export function toRateLimit({ remaining = [], retry_after: wait, reset }: RateLimitYaml = {}): RateLimit {
  return { remaining: [remaining].flat(), retryAfter: toTimes(wait), reset: toTimes(reset) };
}

function toTimes(sources: TimeYaml = []): TimeSource[] {
  return [sources].flat().map(({ header = null, body = null, as = null }) => ({ header, body, as }));
}

/**
 * Reports rules that can never apply, and ones with parts that have no meaning in their class.
 *
 * @param below400 there are refusals with such a status
 */
export function checkRefusals(rules: RefusalsYaml = [], below400: boolean, source: Source): void {
  rules.forEach((rule, i) => {
    const report = (path: Path, message: string) => source.report(["refusals", i, ...path], message);
    const status = statusesOf(rule);
    if (!status && !hasMore(rule)) report([], "says when: status, body, headers, text or lacking");
    if (rule.scopes !== undefined && rule.class !== "scope") report(["scopes"], "is for class scope");
    if (rule.lacking && rule.class !== "scope") report(["lacking"], "is for class scope");
    if (rule.wait !== undefined && rule.class !== "rate") report(["wait"], "is for class rate");
    if (status?.some((it) => it < 400) && !below400) {
      report(["status"], "below 400 is a refusal only where refused says so");
    }
    const before = rules.slice(0, i).findIndex((earlier) => !hasMore(earlier) && covers(earlier, status));
    if (before >= 0) report([], `never applies: refusals.${before} takes all of it before`);
  });
}

const statusesOf = ({ status }: RuleYaml) => (status === undefined ? undefined : [status].flat());

/** Conditions beside the status. */
const hasMore = ({ body, headers, text, lacking }: RuleYaml) =>
  [body, headers, text, lacking].some((it) => it !== undefined);

function covers(earlier: RuleYaml, statuses: number[] | undefined): boolean {
  const taken = statusesOf(earlier);
  return (taken && statuses?.every((it) => taken.includes(it))) ?? false;
}

export function checkRateLimit({ retry_after: wait, reset }: RateLimitYaml = {}, source: Source): void {
  for (const [key, sources = []] of Object.entries({ retry_after: wait, reset })) {
    for (const { header, body } of [sources].flat()) {
      if ((header === undefined) === (body === undefined)) {
        source.report(["rate_limit", key], "stands in one place: say header or body");
      }
    }
  }
}
