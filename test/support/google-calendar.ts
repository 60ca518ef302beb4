import type { Ask } from "#support/emulator.js";
import type { Answer, FrontRequest } from "#support/service-front.js";

interface Resource {
  id: string;
  primary?: boolean;
  [field: string]: unknown;
}

export interface Calendar {
  /** Undefined for what the emulator answers by itself. */
  answer(request: FrontRequest, ask: Ask): Promise<Answer | undefined>;
}

/**
 * The parts of Google Calendar that the emulator lacks, made from those it has: one calendar, and reading and
 * changing one event. A change is kept as a new event of the emulator under the old id.
 */
export function createCalendar(): Calendar {
  /** Google's id of an event that was changed, to the emulator's. */
  const renamed = new Map<string, string>();

  async function getCalendar(id: string, ask: Ask): Promise<Answer> {
    const { items } = JSON.parse((await ask("GET", "/calendar/v3/users/me/calendarList")).text);
    const calendar = (items as Resource[]).find((it) => it.id === id || (id === "primary" && it.primary));
    return calendar ? { status: 200, body: { ...calendar, kind: "calendar#calendar" } } : notFound;
  }

  async function findEvent(calendar: string, id: string, ask: Ask): Promise<Resource | undefined> {
    const listed = await ask("GET", `${eventsOf(calendar)}?maxResults=250`);
    if (listed.status !== 200) return undefined;
    const event = (JSON.parse(listed.text).items as Resource[]).find((it) => it.id === inner(id));
    return event && { ...event, id };
  }

  async function patchEvent(calendar: string, id: string, changes: object, ask: Ask): Promise<Answer> {
    const event = await findEvent(calendar, id, ask);
    if (!event) return notFound;
    const made = await ask("POST", eventsOf(calendar), { ...event, ...changes });
    if (made.status !== 200) return { status: made.status, body: JSON.parse(made.text) };
    await ask("DELETE", `${eventsOf(calendar)}/${inner(id)}`);
    renamed.set(id, JSON.parse(made.text).id);
    return { status: 200, body: { ...JSON.parse(made.text), id } };
  }

  async function listEvents(request: FrontRequest, ask: Ask): Promise<Answer> {
    const { status, text } = await ask("GET", request.path);
    const list = JSON.parse(text);
    const outer = new Map([...renamed].map(([id, innerId]) => [innerId, id]));
    const items = (list.items as Resource[] | undefined)?.map((it) => ({
      ...it,
      id: outer.get(it.id) ?? it.id,
    }));
    return { status, body: { ...list, ...(items && { items }) } };
  }

  const inner = (id: string) => renamed.get(id) ?? id;

  return {
    async answer(request, ask) {
      const { method, url, body } = request;
      const [, calendar = "", events, id = ""] =
        /^\/calendar\/v3\/calendars\/([^/]+)(\/events)?(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
      if (calendar === "") return undefined;
      if (!events) return method === "GET" && id === "" ? getCalendar(decoded(calendar), ask) : undefined;
      if (method === "GET" && id === "") return listEvents(request, ask);
      if (method === "DELETE") return passedOn(await ask("DELETE", `${eventsOf(calendar)}/${inner(id)}`));
      if (method === "PATCH") return patchEvent(calendar, id, JSON.parse(body.toString() || "{}"), ask);
      if (method !== "GET") return undefined;
      const event = await findEvent(calendar, id, ask);
      return event ? { status: 200, body: event } : notFound;
    },
  };
}

const eventsOf = (calendar: string) => `/calendar/v3/calendars/${calendar}/events`;
const decoded = (segment: string) => decodeURIComponent(segment);

function passedOn({ status, text }: { status: number; text: string }): Answer {
  return { status, ...(text && { body: JSON.parse(text) }) };
}

const notFound: Answer = {
  status: 404,
  body: {
    error: {
      code: 404,
      message: "Not Found",
      errors: [{ domain: "global", reason: "notFound", message: "Not Found" }],
    },
  },
};
