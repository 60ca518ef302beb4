import type { Clock } from "#core/clock.js";
import type { InsideAnswer, InsideRequest, InsideService } from "#core/inside-service.js";
import { Refusal } from "#sandbox/answer.js";
import { calendarRoutes } from "#sandbox/calendar.js";
import { chatRoutes } from "#sandbox/chat.js";
import { failureRoutes } from "#sandbox/failures.js";
import { issueRoutes } from "#sandbox/issues.js";
import { mailRoutes } from "#sandbox/mail.js";
import { pause } from "#sandbox/pause.js";
import type { Route } from "#sandbox/route.js";
import { createRouter } from "#sandbox/router.js";
import { createState } from "#sandbox/state.js";
import { teamRoutes } from "#sandbox/team.js";
import type { Database } from "#store/engine/database.js";
import type { ThrottleRows } from "#store/throttle-rows.js";

/**
 * A small service of our own: issues, mail, a calendar and chat of a team, with which everything can be tried without
 * an account. Each tenant has its own. Nothing that is sent leaves it.
 */
export interface Sandbox {
  answer: InsideService;
  /** Puts a tenant's sandbox back to what everybody begins with. */
  reset(tenantId: string): Promise<void>;
}

interface Deps {
  database: Database;
  throttles: ThrottleRows;
  clock: Clock;
}

const minuteMs = 60_000;
const routes = [
  ...issueRoutes,
  ...mailRoutes,
  ...calendarRoutes,
  ...chatRoutes,
  ...teamRoutes,
  ...failureRoutes,
];

export function createSandbox({ database, throttles, clock }: Deps): Sandbox {
  const state = createState({ database, clock });
  const find = createRouter(routes);
  const bucketOf = (tenantId: string, { path }: Route) => `sandbox:${path}:${tenantId}`;
  const limited = routes.filter(({ perMinute }) => perMinute !== null);

  /** The headers that tell how much is left. @throws Refusal when nothing is */
  async function count(tenantId: string, route: Route): Promise<Record<string, string>> {
    const { perMinute } = route;
    if (perMinute === null) return {};
    const now = clock();
    const { used, windowStart } = await throttles.count(bucketOf(tenantId, route), now, minuteMs);
    const seconds = String(Math.max(1, Math.ceil((windowStart + minuteMs - now) / 1000)));
    const headers = {
      "ratelimit-limit": String(perMinute),
      "ratelimit-remaining": String(Math.max(0, perMinute - used)),
      "ratelimit-reset": seconds,
    };
    if (used <= perMinute) return headers;
    throw new Refusal(429, "rate_limited", `This is answered ${perMinute} times a minute.`, {
      ...headers,
      "retry-after": seconds,
    });
  }

  async function handle(request: InsideRequest): Promise<InsideAnswer> {
    const { tenantId, signal } = request;
    const { route, ...read } = find(request);
    const headers = await count(tenantId, route);
    const given = { ...read, now: clock(), wait: (ms: number) => pause(ms, signal) };
    const answer = route.changes
      ? await state.change(tenantId, (change) => route.handle(change, given))
      : await state.read(tenantId, (records) => route.handle(records, given));
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  return {
    async answer(request) {
      try {
        return await handle(request);
      } catch (error) {
        if (error instanceof Refusal) return error.toAnswer();
        throw error;
      }
    },
    async reset(tenantId) {
      await state.reset(tenantId);
      await Promise.all(limited.map((route) => throttles.delete(bucketOf(tenantId, route))));
    },
  };
}
