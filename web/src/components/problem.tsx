import { type ErrorComponentProps, useLocation } from "@tanstack/react-router";
import { Button } from "#web/components/button.js";
import { Code } from "#web/components/code.js";
import { TextLink } from "#web/components/link.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";

/** Addresses that errors and mails use and that have no page yet, with the commands that take their place. */
const commands: Record<string, [what: string, ...commands: string[]]> = {
  calls: ["The log of calls is read on the command line", "skillett calls"],
};

export function NotFoundPage() {
  const [, name = ""] = /^\/dashboard\/([^/]+)/.exec(useLocation().pathname) ?? [];
  const [what, ...instead] = Object.hasOwn(commands, name) ? commands[name]! : [];
  return (
    <Page title="There is no such page">
      <Card>
        <p>{what ? `${what}:` : "The address may be mistyped, or the page is not built yet."}</p>
        {instead.map((command) => (
          <Code key={command}>{command}</Code>
        ))}
        <p>
          <TextLink to="/dashboard">Go to the dashboard</TextLink>
        </p>
      </Card>
    </Page>
  );
}

export function ProblemPage({ error }: ErrorComponentProps) {
  return (
    <Page title="This did not work">
      <Card>
        <Notice error={error instanceof Error ? error : new Error(String(error))} />
        <Button onClick={() => window.location.reload()}>Try again</Button>
      </Card>
    </Page>
  );
}
