/** The people who have an account. */
export const googleUsers = ["octocat@acme.example", "hubot@acme.example"] as const;

export type GoogleUser = (typeof googleUsers)[number];

/** What the emulator itself knows a user by; never leaves the stand-in. */
export const innerToken = (user: string) => `inner_${user}`;

export const googleSeed = {
  tokens: Object.fromEntries(googleUsers.map((user) => [innerToken(user), { login: user, scopes: [] }])),
  google: {
    users: [
      { email: "octocat@acme.example", name: "The Octocat" },
      { email: "hubot@acme.example", name: "Hubot" },
    ],
    messages: [
      message("msg_invoice", "octocat@acme.example", "Invoice 1047", "The invoice for October is attached."),
      message("msg_lunch", "octocat@acme.example", "Lunch on Friday?", "The place by the canal, at noon."),
      message("msg_deploy", "hubot@acme.example", "Deploy finished", "Version 4.2 is live."),
    ],
    calendars: googleUsers.map((user) => ({ id: user, user_email: user, summary: user, primary: true })),
    calendar_events: [
      {
        id: "evt_planning",
        user_email: "octocat@acme.example",
        calendar_id: "octocat@acme.example",
        summary: "Planning",
        start_date_time: "2026-11-23T09:00:00Z",
        end_date_time: "2026-11-23T10:00:00Z",
      },
    ],
  },
};

function message(id: string, to: string, subject: string, body: string) {
  return { id, user_email: to, from: "billing@widgets.example", to, subject, body_text: body };
}
