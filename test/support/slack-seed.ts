import { allSlackScopes } from "#support/slack-scopes.js";

export const slackUsers = ["octocat", "hubot"] as const;

export type SlackUser = (typeof slackUsers)[number];

/** What the emulator itself knows a user by; never leaves the stand-in. */
export const innerToken = (user: SlackUser) => `inner_${user}`;

export const slackSeed = {
  slack: {
    team: { name: "Acme", domain: "acme" },
    users: [
      { name: "octocat", real_name: "The Octocat", email: "octocat@acme.example" },
      { name: "hubot", real_name: "Hubot", email: "hubot@acme.example" },
    ],
    channels: [{ name: "deploys", topic: "What goes live" }],
    tokens: slackUsers.map((user) => ({
      token: innerToken(user),
      type: "user",
      user,
      scopes: allSlackScopes,
    })),
  },
};
