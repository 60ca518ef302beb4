import { TextLink } from "#web/components/link.js";
import { Card, Page } from "#web/components/page.js";

/** Where to go from here, one sentence each. */
export function DashboardPage() {
  return (
    <Page title="Dashboard">
      <Card>
        <p>
          <TextLink to="/dashboard/tasks">Tasks</TextLink>: what agents ask for, for you to approve or reject.
        </p>
        <p>
          <TextLink to="/dashboard/agents">Agents</TextLink>: who works for you, with which skills and which
          keys.
        </p>
        <p>
          <TextLink to="/dashboard/integrations">Integrations</TextLink>: the services agents can use, and
          your accounts there.
        </p>
        <p>
          <TextLink to="/dashboard/api-keys">API keys</TextLink>: what programs call with in your name.
        </p>
        <p>
          <TextLink to="/dashboard/settings">Settings</TextLink>: your plan, its limits, and what is used of
          it.
        </p>
        <p>
          <TextLink to="/account">Your account</TextLink>: tenants, connected apps, sessions, password and
          second factor.
        </p>
      </Card>
      <Card title="On the command line">
        <p>Everything else has no page yet. It is done with the command line, and by the API.</p>
        <dl className="flex flex-col gap-2">
          {commands.map(([command, what]) => (
            <div key={command}>
              <dt className="font-mono text-sm">{command}</dt>
              <dd className="text-quiet">{what}</dd>
            </div>
          ))}
        </dl>
      </Card>
    </Page>
  );
}

const commands = [
  ["skillett calls", "shows the log of calls"],
  ["skillett skill push <folder>", "publishes a skill"],
] as const;
