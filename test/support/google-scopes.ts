const google = (names: string[]) => names.map((name) => `https://www.googleapis.com/auth/${name}`);

const allMail = ["https://mail.google.com/"];
const mailScopes = [...allMail, ...google(["gmail.modify"])];

/** One scope of the list is enough; the first match counts. @see https://developers.google.com/identity/protocols/oauth2/scopes */
const routes: { method: RegExp; path: RegExp; accepted: string[] }[] = [
  {
    method: /^POST$/,
    path: /^\/gmail\/v1\/users\/[^/]+\/messages\/send$/,
    accepted: [...mailScopes, ...google(["gmail.compose", "gmail.send"])],
  },
  {
    method: /./,
    path: /^\/gmail\/v1\/users\/[^/]+\/drafts/,
    accepted: [...mailScopes, ...google(["gmail.compose", "gmail.readonly"])],
  },
  {
    method: /^GET$/,
    path: /^\/gmail\/v1\/users\/[^/]+\/profile$/,
    accepted: [...mailScopes, ...google(["gmail.compose", "gmail.metadata", "gmail.readonly"])],
  },
  { method: /^GET$/, path: /^\/gmail\//, accepted: [...mailScopes, ...google(["gmail.readonly"])] },
  { method: /./, path: /^\/gmail\//, accepted: mailScopes },
  {
    method: /^GET$/,
    path: /^\/calendar\/v3\/calendars\/[^/]+\/events/,
    accepted: google(["calendar", "calendar.events", "calendar.events.readonly", "calendar.readonly"]),
  },
  {
    method: /./,
    path: /^\/calendar\/v3\/calendars\/[^/]+\/events/,
    accepted: google(["calendar", "calendar.events"]),
  },
  {
    method: /^GET$/,
    path: /^\/calendar\/v3\/calendars\//,
    accepted: google(["calendar", "calendar.calendars", "calendar.calendars.readonly", "calendar.readonly"]),
  },
  {
    method: /^GET$/,
    path: /^\/calendar\/v3\/users\/[^/]+\/calendarList/,
    accepted: google([
      "calendar",
      "calendar.calendarlist",
      "calendar.calendarlist.readonly",
      "calendar.readonly",
    ]),
  },
  {
    method: /^POST$/,
    path: /^\/calendar\/v3\/freeBusy$/,
    accepted: google(["calendar", "calendar.events.freebusy", "calendar.freebusy", "calendar.readonly"]),
  },
];

/** What opens everything here. */
export const allGoogleScopes = [...allMail, ...google(["calendar"])];

/** Empty where any token will do. */
export function googleScopesAccepted(method: string, path: string): string[] {
  return routes.find((route) => route.method.test(method) && route.path.test(path))?.accepted ?? [];
}
