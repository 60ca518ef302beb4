import type { Emulator } from "#support/emulator.js";

const logins = ["octocat", "hubot"] as const;

/** The people who have an account; both may write to both repositories. */
export type Login = (typeof logins)[number];

/** What the emulator itself knows a login by; never leaves the stand-in. */
export const innerToken = (login: Login) => `inner_${login}`;

export const githubSeed = {
  tokens: Object.fromEntries(
    logins.map((login) => [innerToken(login), { login, scopes: ["repo", "user", "read:org"] }]),
  ),
  github: {
    users: [
      { login: "octocat", name: "The Octocat", email: "octocat@acme.example", location: "San Francisco" },
      { login: "hubot", name: "Hubot", email: "hubot@acme.example" },
    ],
    orgs: [
      {
        login: "acme",
        name: "Acme",
        description: "Makers of everything",
        members: logins.map((login) => ({ login, role: "admin" })),
      },
    ],
    repos: [
      { owner: "acme", name: "webapp", description: "The web application", language: "TypeScript" },
      { owner: "acme", name: "app", description: "The mobile application", language: "Kotlin" },
    ],
  },
};

const labels = [
  { name: "bug", color: "d73a4a", description: "Something is not working" },
  { name: "enhancement", color: "a2eeef", description: "New feature or request" },
  { name: "priority", color: "b60205", description: "Needs attention first" },
];

const issues = {
  "acme/webapp": [
    { title: "Sign-in fails with a blank page", body: "Seen in Firefox 128.", labels: ["bug", "priority"] },
    { title: "Dark mode for the settings page", labels: ["enhancement"] },
    { title: "Checkout total is off by one cent", body: "Only with two coupons.", labels: ["bug"] },
  ],
  "acme/app": [{ title: "Push notifications arrive twice", labels: ["bug"] }],
};

/** Labels and issues cannot be seeded by configuration, so they come into being as on GitHub: by requests. */
export async function seedIssues(emulator: Emulator): Promise<void> {
  for (const [repo, open] of Object.entries(issues)) {
    for (const label of labels) await post(emulator, `/repos/${repo}/labels`, label);
    for (const issue of open) await post(emulator, `/repos/${repo}/issues`, issue);
  }
}

async function post(emulator: Emulator, path: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${innerToken("octocat")}`, "content-type": "application/json" };
  const { status } = await emulator.send({ method: "POST", path, headers, body: JSON.stringify(body) });
  if (status !== 201) throw new Error(`The GitHub stand-in refused POST ${path}: ${status}`);
}
