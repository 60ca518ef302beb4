import { expect } from "vitest";
import { type GithubStandIn, startGithub } from "#support/github-stand-in.js";
import { type GoogleStandIn, startGoogle } from "#support/google-stand-in.js";
import type { OauthStandIn } from "#support/oauth-stand-in.js";
import { type SlackStandIn, startSlack } from "#support/slack-stand-in.js";

export const octocat = "octocat@acme.example";
const meeting = {
  summary: "Retrospective",
  start: { dateTime: "2026-11-24T09:00:00Z" },
  end: { dateTime: "2026-11-24T10:00:00Z" },
};

/** How people use a service. */
export interface Service {
  integration: string;
  provider: "github" | "google" | "slack";
  /** On the page to consent. */
  as: string;
  account: string;
  read: { endpoint: string; params: object; data: object };
  write: { endpoint: string; params: object; status: number; data: object };
}

export const services: Service[] = [
  {
    integration: "github",
    provider: "github",
    as: "octocat",
    account: "octocat",
    read: { endpoint: "get_authenticated_user", params: {}, data: { login: "octocat" } },
    write: {
      endpoint: "create_issue",
      params: { repo: "acme/app", title: "Bug report" },
      status: 201,
      data: { title: "Bug report", user: { login: "octocat" } },
    },
  },
  {
    integration: "gmail",
    provider: "google",
    as: octocat,
    account: octocat,
    read: { endpoint: "get_profile", params: {}, data: { emailAddress: octocat } },
    write: {
      endpoint: "send_email",
      params: { to: "ada@example.com", subject: "Hello", text: "Good morning." },
      status: 200,
      data: { id: expect.any(String) },
    },
  },
  {
    integration: "google-calendar",
    provider: "google",
    as: octocat,
    account: octocat,
    read: {
      endpoint: "list_events",
      params: {},
      data: { items: expect.arrayContaining([expect.objectContaining({ summary: "Planning" })]) },
    },
    write: { endpoint: "create_event", params: meeting, status: 200, data: { summary: "Retrospective" } },
  },
  {
    integration: "slack",
    provider: "slack",
    as: "octocat",
    account: "octocat@Acme",
    read: {
      endpoint: "list_channels",
      params: {},
      data: { ok: true, channels: expect.arrayContaining([expect.objectContaining({ name: "deploys" })]) },
    },
    write: {
      endpoint: "post_message",
      params: { channel: "deploys", text: "The build is green." },
      status: 200,
      data: { ok: true, message: { text: "The build is green." } },
    },
  },
];

/** By provider. */
export type StandIns = { github: GithubStandIn; google: GoogleStandIn; slack: SlackStandIn };

/** @param refreshing whether tokens of GitHub and Slack end and are renewed; those of Google always do */
export async function startAll(refreshing: boolean): Promise<StandIns> {
  const [github, google, slack] = await Promise.all([
    startGithub({ expiringTokens: refreshing }),
    startGoogle(),
    startSlack({ rotation: refreshing }),
  ]);
  return { github, google, slack };
}

export const settingsOf = (standIns: StandIns) =>
  Object.assign({}, ...Object.values(standIns).map((it: OauthStandIn) => it.settings()));
