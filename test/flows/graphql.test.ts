import { afterAll, beforeAll, expect, it } from "vitest";
import { createCleanup } from "#support/cleanup.js";
import { startGraphqlService } from "#support/graphql-service.js";
import { onEachEngine, type Skillett, startSkillett } from "#support/skillett.js";

/** Queries of files at a service that runs them by its schema. */
onEachEngine("GraphQL", (engine) => {
  const cleanup = createCleanup();
  let skillett: Skillett;

  beforeAll(async () => {
    const service = await startGraphqlService();
    cleanup.add(service.close);
    skillett = await startSkillett(engine, {
      env: {
        SKILLETT_INTEGRATIONS_DIR: new URL("../fixtures/graphql", import.meta.url).pathname,
        SKILLETT_BOARD_BASE_URL: service.url,
      },
    });
    cleanup.add(skillett.close);
  });
  afterAll(cleanup.run);

  const call = async (endpoint: string, params: object) =>
    (await skillett.call("POST", `/v1/board/${endpoint}`, { body: { params } })).json;
  const lastStatus = async () => (await skillett.call("GET", "/v1/calls?limit=1")).json.calls[0].status;

  it("a mutation does what it says, whatever its values look like", async () => {
    const title = '"}) { id } } mutation { x #\n\\"\u2028';
    const { data } = await call("create_issue", { title, team: "T1" });
    const { id, ...issue } = data.data.createIssue;
    expect(issue).toEqual({ title });
    expect((await call("get_issue", { id })).data).toEqual({ data: { issue: { id, title } } });
  });

  it("a dry run shows the query with its variables", async () => {
    const body = { params: { title: "Bug", team: "T1" } };
    const { json } = await skillett.call("POST", "/v1/board/create_issue?dry_run=true", { body });
    expect(json.request.body).toEqual({
      query: expect.stringMatching(/^mutation CreateIssue.*fragment fields on Issue/s),
      variables: { input: { title: "Bug", teamId: "T1" } },
    });
  });

  it("an error without data is a refusal in the words of the service", async () => {
    const answer = await call("get_issue", { id: "none" });
    expect(answer).toMatchObject({
      status: 200,
      refused: { message: "not_found" },
      hint: { message: "List the issues to find it." },
    });
    expect(await lastStatus()).toBe("refused_upstream");
  });

  it("an answer in part is no refusal, and has its errors", async () => {
    const answer = await call("list_issues", {});
    expect(answer.refused).toBeUndefined();
    expect(answer.data).toMatchObject({
      data: { issues: expect.arrayContaining([{ title: "First", secret: null }]) },
      errors: expect.arrayContaining([expect.objectContaining({ message: "forbidden" })]),
    });
    expect(await lastStatus()).toBe("completed");
  });

  it("params that the query has no place for are refused before anything is sent", async () => {
    const { error, issues } = await call("list_issues", { first: 1_000_000, query: "{ secrets }" });
    expect(error).toBe("bad_request");
    expect(issues.map(({ at }: { at: string }) => at)).toEqual(["params.first", "params.query"]);
  });
});
