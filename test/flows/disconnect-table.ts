/** An integration whose credentials a provider can revoke. */
interface Service {
  provider: "github" | "google" | "slack" | "odd";
  /** Who signs in. */
  as: string;
  endpoint: string;
  /** Where it is revoked. */
  at: RegExp;
  /** Has a refresh token: when revoking fails, it is renewed and tried once more. */
  renews?: true;
}

/** An account at Google. */
export const octocat = "octocat@acme.example";

/** What is disconnected, by integration. */
export const services: Record<string, Service> = {
  github: {
    provider: "github",
    as: "octocat",
    endpoint: "get_authenticated_user",
    at: /^DELETE \/applications\/[^/]+\/token$/,
  },
  gmail: {
    provider: "google",
    as: octocat,
    endpoint: "get_profile",
    at: /^POST \/oauth2\/revoke$/,
    renews: true,
  },
  "google-calendar": {
    provider: "google",
    as: octocat,
    endpoint: "list_calendars",
    at: /^POST \/oauth2\/revoke$/,
    renews: true,
  },
  slack: {
    provider: "slack",
    as: "octocat",
    endpoint: "test_auth",
    at: /^POST \/api\/auth\.revoke$/,
  },
  "odd-oauth": {
    provider: "odd",
    as: "octocat",
    endpoint: "get_path",
    at: /^POST \/revoke$/,
    renews: true,
  },
};
