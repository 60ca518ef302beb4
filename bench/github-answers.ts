/** Answers of GitHub's kind and size, about 2 kB each. */

const api = "https://api.github.com";

const octocat = {
  login: "octocat",
  id: 1,
  node_id: "MDQ6VXNlcjE=",
  avatar_url: "https://avatars.githubusercontent.com/u/1?v=4",
  url: `${api}/users/octocat`,
  html_url: "https://github.com/octocat",
  followers_url: `${api}/users/octocat/followers`,
  organizations_url: `${api}/users/octocat/orgs`,
  repos_url: `${api}/users/octocat/repos`,
  type: "User",
  site_admin: false,
};

const repo = `${api}/repos/acme/webapp`;

export const user = json(octocat);

export const repository = json({
  id: 1296269,
  node_id: "MDEwOlJlcG9zaXRvcnkxMjk2MjY5",
  name: "webapp",
  full_name: "acme/webapp",
  private: false,
  owner: octocat,
  html_url: "https://github.com/acme/webapp",
  description: "The web application",
  fork: false,
  url: repo,
  ...Object.fromEntries(
    ["issues", "pulls", "labels", "releases", "branches", "commits", "contents", "milestones"].map((part) => [
      `${part}_url`,
      `${repo}/${part}{/number}`,
    ]),
  ),
  topics: ["web", "typescript", "application"],
  language: "TypeScript",
  default_branch: "main",
  stargazers_count: 80,
  forks_count: 9,
  open_issues_count: 12,
  visibility: "public",
  permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
  license: {
    key: "apache-2.0",
    name: "Apache License 2.0",
    spdx_id: "Apache-2.0",
    url: `${api}/licenses/apache-2.0`,
  },
  created_at: "2024-01-26T19:01:12Z",
  updated_at: "2026-10-26T19:14:43Z",
});

export const issue = json({
  id: 3000000001,
  node_id: "I_kwDOABCD1s6y0T_B",
  number: 1347,
  url: `${repo}/issues/1347`,
  repository_url: repo,
  html_url: "https://github.com/acme/webapp/issues/1347",
  comments_url: `${repo}/issues/1347/comments`,
  events_url: `${repo}/issues/1347/events`,
  state: "open",
  title: "Sign-in fails with a blank page",
  body: "Seen in Firefox 128 on Linux. The page stays white after the password was sent.",
  user: octocat,
  labels: [
    { id: 208045946, url: `${repo}/labels/bug`, name: "bug", color: "d73a4a", default: true },
    { id: 208045947, url: `${repo}/labels/priority`, name: "priority", color: "b60205", default: false },
  ],
  assignee: null,
  assignees: [octocat],
  milestone: null,
  locked: false,
  comments: 0,
  reactions: {
    url: `${repo}/issues/1347/reactions`,
    total_count: 0,
    "+1": 0,
    "-1": 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  },
  created_at: "2026-10-26T19:14:43Z",
  updated_at: "2026-10-26T19:14:43Z",
  closed_at: null,
});

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
