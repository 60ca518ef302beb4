import type { ErrorComponentProps } from "@tanstack/react-router";
import { Button } from "#web/components/button.js";
import { TextLink } from "#web/components/link.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";

export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <Card>
        <p>The address may be mistyped, or the page is not built yet.</p>
        <p>
          <TextLink to="/account">Go to your account</TextLink>
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
