import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { buildSchema, graphql } from "graphql";
import { closeServer, listen } from "#support/loopback.js";

const schema = buildSchema(`
  type Query { issue(id: ID!): Issue, issues(first: Int!, labels: [String!]): [Issue!]! }
  type Mutation { createIssue(input: NewIssue!): Issue }
  type Issue { id: ID!, title: String!, secret: String }
  input NewIssue { title: String!, teamId: ID! }
`);

/** A service that speaks GraphQL: it refuses what is no query of its schema, and answers in part where it can. */
export async function startGraphqlService() {
  const issues = [{ id: "1", title: "First" }];
  const rootValue = {
    issue: ({ id }: { id: string }) => issues.find((issue) => issue.id === id) ?? fail("not_found"),
    issues: ({ first }: { first: number }) =>
      issues.slice(0, first).map((issue) => ({ ...issue, secret: () => fail("forbidden") })),
    createIssue: ({ input }: { input: { title: string } }) => {
      const issue = { id: String(issues.length + 1), title: input.title };
      issues.push(issue);
      return issue;
    },
  };
  const server = createServer(async (request, response) => {
    const { query: source, variables: variableValues } = (await json(request)) as {
      query: string;
      variables: Record<string, unknown>;
    };
    const result = await graphql({ schema, source, rootValue, variableValues });
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result));
  });
  return { url: await listen(server), close: () => closeServer(server) };
}

function fail(message: string): never {
  throw new Error(message);
}
