import { expect, it } from "vitest";
import { connectGithub, describeApi, type Scenario } from "./scenario.js";

/** Finding out what there is to call, and how. */

const notFound = (message: string, ...next: string[]): Scenario["expect"] => ({
  status: 404,
  json: { error: "not_found", message, retryable: false, ...(next.length > 0 ? { next } : {}) },
});

const nothingFits = { message: expect.stringContaining("No endpoint fits"), next: ["skillett skills"] };

const issuePage = {
  status: 200,
  headers: { "content-type": "text/markdown; charset=utf-8" },
  text: expect.stringMatching(/^# github create_issue\n\nCreate an issue\.\n/),
};

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
    name: "a search finds an endpoint by its words",
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
    name: "a search finds an endpoint by other words than its own",
    path: "/v1/skills?q=file%20a%20bug",
    expect: {
      status: 200,
      json: { endpoints: expect.arrayContaining([expect.objectContaining({ name: "create_issue" })]) },
    },
  },
  {
    name: "a search within an integration finds its endpoints alone",
    path: "/v1/skills/github?q=messages",
    expect: {
      status: 200,
      json: {
        integration: "github",
        endpoints: expect.not.arrayContaining([expect.objectContaining({ name: "post_message" })]),
      },
    },
  },
  {
    name: "a search within an integration for what it cannot do finds nothing, and says what to do",
    path: "/v1/skills/github?q=refund%20the%20last%20invoice",
    expect: {
      status: 200,
      json: { endpoints: [], hint: { ...nothingFits, next: ["skillett skills github"] } },
    },
  },
  {
    name: "a search for a job that nothing does finds nothing, and says what to do",
    path: "/v1/skills?q=play%20the%20next%20song%20on%20spotify",
    expect: { status: 200, exactly: { integrations: [], endpoints: [], hint: nothingFits } },
  },
  {
    name: "an integration whose description has a word like one of the question is none that fits",
    path: "/v1/skills?q=how%20do%20I%20bake%20bread",
    expect: { status: 200, exactly: { integrations: [], endpoints: [], hint: nothingFits } },
  },
  {
    name: "an integration that is named in a question that nothing fits is shown",
    path: "/v1/skills?q=bake%20bread%20with%20gmail",
    expect: { status: 200, json: { integrations: [{ slug: "gmail" }], endpoints: [] } },
  },
  {
    name: "a search with words nobody has finds nothing, and says what to do",
    path: "/v1/skills?q=zzzzqqqq",
    expect: { status: 200, exactly: { integrations: [], endpoints: [], hint: nothingFits } },
  },
  {
    name: "an empty search finds nothing",
    path: "/v1/skills?q=",
    expect: { status: 200, json: { endpoints: [] } },
  },
  {
    name: "a search that is too long is refused",
    path: `/v1/skills?q=${"a".repeat(2001)}`,
    expect: { status: 400, issues: { "query.q": "at most 2000" } },
  },
  {
    name: "a search given twice is refused",
    path: "/v1/skills?q=a&q=b",
    expect: { status: 400, issues: { "query.q": "must be a string" } },
  },
  {
    name: "an unknown query parameter is refused with the nearest",
    path: "/v1/skills?qq=issue",
    expect: { status: 400, issues: { "query.qq": "is unknown. Did you mean q?" } },
  },
  {
    name: "an integration lists its endpoints with method and effect",
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
    name: "an endpoint has everything needed to call it",
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
        returns: expect.stringContaining("The new issue"),
        // What stands in no other field.
        markdown: expect.stringMatching(/^Look for a duplicate first.*- `404`: The repository/s),
      },
    },
  },
  {
    name: "an endpoint has a page in Markdown",
    path: "/v1/skills/github/create_issue.md",
    expect: issuePage,
  },
  {
    name: "the page of an endpoint is given to a client that would rather have Markdown",
    path: "/v1/skills/github/create_issue",
    headers: { accept: "text/markdown, */*" },
    expect: issuePage,
  },
  {
    name: "the page of an unknown endpoint is not found, and the nearest is named",
    path: "/v1/skills/github/create_isue.md",
    expect: notFound(
      "Endpoint github create_isue not found. Did you mean create_issue?",
      "skillett skills github",
    ),
  },
  {
    name: "a download has SKILL.md and the pages of the endpoints",
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
    name: "an unknown integration is not found, and the nearest is named",
    path: "/v1/skills/githib",
    expect: notFound("Integration githib not found. Did you mean github?", "skillett skills"),
  },
  {
    name: "an unknown endpoint is not found, and the nearest is named",
    path: "/v1/skills/github/create_isue",
    expect: notFound(
      "Endpoint github create_isue not found. Did you mean create_issue?",
      "skillett skills github",
    ),
  },
  {
    name: "a download of an unknown integration is not found, and the nearest is named",
    path: "/v1/gihub/download",
    expect: notFound("Integration gihub not found. Did you mean github?"),
  },
  {
    name: "a name near nothing gets no guess",
    path: "/v1/skills/salesforce",
    expect: notFound("Integration salesforce not found."),
  },
  {
    name: "a name that every object has is no integration",
    path: "/v1/skills/__proto__",
    expect: notFound("Integration __proto__ not found."),
  },
  {
    name: "a name that every object has is no endpoint",
    path: "/v1/skills/github/constructor",
    expect: { status: 404, json: { error: "not_found" } },
  },
  {
    name: "a slug that is too long is refused",
    path: `/v1/skills/${"a".repeat(65)}`,
    expect: { status: 400, issues: { "path.integration": "at most 64" } },
  },
  {
    name: "a path that is none of Skillett's is refused with where the paths are",
    path: "/v2/skills",
    key: null,
    expect: { status: 404, json: { error: "not_found", message: expect.stringContaining("/openapi.json") } },
  },
  {
    name: "a method that is none of Skillett's is not found",
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
    it("a search ranks endpoints by how well they fit, and the same way each time", async () => {
      const ranked = async (words: string): Promise<string[]> => {
        const { json } = await stage().skillett.call("GET", `/v1/skills?q=${encodeURIComponent(words)}`);
        return json.endpoints.map(
          ({ integration, name }: Record<string, string>) => `${integration} ${name}`,
        );
      };
      const found = await ranked("create issue");
      expect(found[0]).toBe("github create_issue");
      expect((await ranked("creat isue"))[0]).toBe("github create_issue");
      expect((await ranked("send email"))[0]).toMatch(/^gmail send/);
      // What has both words in its name comes before what has them in its description alone.
      const inName = found.map((one) => /create/.test(one) && /issue/.test(one));
      expect(inName.filter(Boolean).length).toBeGreaterThan(1);
      expect(inName.lastIndexOf(true)).toBeLessThan(inName.indexOf(false));
      expect(await ranked("create issue")).toEqual(found);
    });

    it("a download has SKILL.md first, and then a file for each endpoint in the order of the list", async () => {
      const { skillett } = stage();
      const { files } = (await skillett.call("GET", "/v1/github/download")).json;
      const { endpoints } = (await skillett.call("GET", "/v1/skills/github")).json;
      const names = files.map(({ file_path }: { file_path: string }) => file_path);
      const paths = endpoints.map(
        ({ resource, name }: Record<string, string>) => `endpoints/${resource}/${name}.md`,
      );
      expect(names).toEqual(["SKILL.md", ...paths]);
    });
  },
);
