import { expect, it } from "vitest";
import { connectGithub, describeApi, type Scenario } from "./scenario.js";

/** Finding out what there is to call, and how. */

const notFound = (message: string, ...next: string[]): Scenario["expect"] => ({
  status: 404,
  json: { error: "not_found", message, retryable: false, ...(next.length > 0 ? { next } : {}) },
});

const scenarios: Scenario[] = [
  {
    name: "an integration says whether and as whom it is connected",
    path: "/v1/skills",
    expect: {
      status: 200,
      json: {
        integrations: expect.arrayContaining([
          {
            slug: "github",
            name: "GitHub",
            description: expect.stringContaining("pull requests"),
            category: "developer",
            auth: ["oauth2", "token"],
            connected: true,
            connections: [{ id: expect.stringMatching(/^conn_/), account: "octocat", status: "connected" }],
            endpoints: expect.any(Number),
          },
          expect.objectContaining({ slug: "slack", connected: false, connections: [] }),
        ]),
      },
    },
  },
  {
    name: "?q= ranks",
    path: "/v1/skills?q=create%20issue",
    expect: {
      status: 200,
      json: {
        endpoints: expect.arrayContaining([
          {
            integration: "github",
            name: "create_issue",
            resource: "issues",
            summary: expect.any(String),
            method: "POST",
            effect: "write",
          },
        ]),
      },
    },
  },
  {
    name: "?q= with words nobody has finds nothing",
    path: "/v1/skills?q=zzzzqqqq",
    expect: { status: 200, exactly: { integrations: [], endpoints: [] } },
  },
  {
    name: "?q= empty finds nothing",
    path: "/v1/skills?q=",
    expect: { status: 200, json: { endpoints: [] } },
  },
  {
    name: "?q= too long is refused",
    path: `/v1/skills?q=${"a".repeat(201)}`,
    expect: { status: 400, issues: { "query.q": "at most 200" } },
  },
  {
    name: "?q= twice is refused",
    path: "/v1/skills?q=a&q=b",
    expect: { status: 400, issues: { "query.q": "must be a string" } },
  },
  {
    name: "an unknown question is refused, naming the nearest",
    path: "/v1/skills?qq=issue",
    expect: { status: 400, issues: { "query.qq": "is unknown. Did you mean q?" } },
  },
  {
    name: "the endpoints of an integration",
    path: "/v1/skills/github",
    expect: {
      status: 200,
      json: {
        integration: "github",
        endpoints: expect.arrayContaining([
          expect.objectContaining({ name: "list_issues_for_repo", method: "GET", effect: "read" }),
        ]),
      },
    },
  },
  {
    name: "an endpoint, with everything needed to call it",
    path: "/v1/skills/github/create_issue",
    expect: {
      status: 200,
      json: {
        integration: "github",
        endpoint: "create_issue",
        method: "POST",
        path: "/repos/{repo}/issues",
        effect: "write",
        params: {
          type: "object",
          additionalProperties: false,
          required: expect.arrayContaining(["repo", "title"]),
          properties: { labels: { type: "array" } },
        },
        example: { repo: expect.any(String) },
        scopes: expect.any(Array),
        markdown: expect.stringContaining("create_issue"),
      },
    },
  },
  {
    name: "the folder, SKILL.md first",
    path: "/v1/github/download",
    expect: {
      status: 200,
      json: {
        slug: "github",
        files: expect.arrayContaining([
          { file_path: "SKILL.md", content: expect.stringContaining("name: skillett-github") },
          { file_path: "endpoints/issues/create_issue.md", content: expect.stringMatching(/^---\n/) },
        ]),
      },
    },
  },
  {
    name: "an unknown integration names the nearest",
    path: "/v1/skills/githib",
    expect: notFound("Integration githib not found. Did you mean github?", "skillett skills"),
  },
  {
    name: "an unknown endpoint names the nearest",
    path: "/v1/skills/github/create_isue",
    expect: notFound(
      "Endpoint github create_isue not found. Did you mean create_issue?",
      "skillett skills github",
    ),
  },
  {
    name: "a download of what is not there",
    path: "/v1/gihub/download",
    expect: notFound("Integration gihub not found. Did you mean github?"),
  },
  {
    name: "a name near nothing gets no guess",
    path: "/v1/skills/salesforce",
    expect: notFound("Integration salesforce not found."),
  },
  {
    name: "names are not those of objects",
    path: "/v1/skills/__proto__",
    expect: notFound("Integration __proto__ not found."),
  },
  {
    name: "nor are endpoints",
    path: "/v1/skills/github/constructor",
    expect: { status: 404, json: { error: "not_found" } },
  },
  {
    name: "a slug too long",
    path: `/v1/skills/${"a".repeat(65)}`,
    expect: { status: 400, issues: { "path.integration": "at most 64" } },
  },
  {
    name: "a way that is none of ours",
    path: "/v2/skills",
    key: null,
    expect: { status: 404, json: { error: "not_found", message: expect.stringContaining("/openapi.json") } },
  },
  {
    name: "a method that is none of ours",
    method: "PUT",
    path: "/v1/skills",
    expect: { status: 404, json: { error: "not_found" } },
  },
];

describeApi(
  "discovery",
  (stage) => connectGithub(stage),
  scenarios,
  (stage) => {
    it("ranks the best first", async () => {
      const first = async (words: string) => {
        const { json } = await stage().skillett.call("GET", `/v1/skills?q=${encodeURIComponent(words)}`);
        const [{ integration, name }] = json.endpoints;
        return `${integration} ${name}`;
      };
      expect(await first("create issue")).toBe("github create_issue");
      expect(await first("creat isue")).toBe("github create_issue");
      expect(await first("send email")).toMatch(/^gmail send/);
    });

    it("downloads as many endpoint files as the list has endpoints", async () => {
      const { skillett } = stage();
      const { files } = (await skillett.call("GET", "/v1/github/download")).json;
      const { endpoints } = (await skillett.call("GET", "/v1/skills/github")).json;
      const names = files.map(({ file_path }: { file_path: string }) => file_path);
      expect(names[0]).toBe("SKILL.md");
      const paths = endpoints.map(
        ({ resource, name }: Record<string, string>) => `endpoints/${resource}/${name}.md`,
      );
      expect(names).toEqual(expect.arrayContaining(paths));
    });
  },
);
