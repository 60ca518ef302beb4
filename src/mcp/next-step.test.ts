import { describe, expect, it } from "vitest";
import { nextStep } from "#mcp/next-step.js";

const steps: [command: string, words: RegExp][] = [
  ["skillett skills", /integration_search/],
  ["skillett skills github", /integration_search .*github/],
  ["skillett skills github create_issue", /integration_describe .*github .*create_issue/],
  ["skillett connections", /integration_search/],
  ["skillett skill list", /skill_discover/],
  ["skillett connect github", /connector_request, integrationId github; .*dashboard/],
  ["skillett connect github --token -", /connector_request, integrationId github;/],
];

describe("next steps of a refusal", () => {
  it.each(steps)("the next step %s is given as a tool", (command, words) => {
    expect(nextStep(command)).toMatch(words);
    expect(nextStep(command)).not.toContain("skillett ");
  });

  it("the next step names the page of the refusal, where it has one", () => {
    const refused = {
      error: "integration_not_connected",
      action_url: "https://x.example/dashboard",
    } as const;
    expect(nextStep("skillett connect github", refused)).toContain("https://x.example/dashboard");
  });

  it("an account that stopped working is renewed by its owner, since it cannot be requested", () => {
    const words = nextStep("skillett connect github --connection conn_1", { error: "token_expired" });
    expect(words).toMatch(/connect their github account again/);
    expect(words).not.toContain("connector_request");
  });

  it("the next step names the scopes that an account lacks", () => {
    expect(nextStep("skillett connect github --connection conn_1 --scopes repo,gist")).toBe(
      "Have the person connect their github account again, asking for the scopes repo,gist: the dashboard, under Integrations",
    );
  });

  it("a command that no tool replaces is for a person with a terminal", () => {
    expect(nextStep("skillett keys create x --agent y")).toBe(
      "A person can run this in a terminal: skillett keys create x --agent y",
    );
  });

  it("a next step that is no command stays as it is", () => {
    expect(nextStep("Create an API key with the scope github.x")).toBe(
      "Create an API key with the scope github.x",
    );
  });
});
