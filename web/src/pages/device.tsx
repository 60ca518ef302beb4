import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type DeviceRequest, meQuery, useApi } from "#web/api/api.js";
import { Field } from "#web/components/field.js";
import { Form } from "#web/components/form.js";
import { Card, Page } from "#web/components/page.js";
import { DeviceReview } from "#web/pages/device-review.js";

const route = getRouteApi("/signed-in/device");

type Step = { at: "code" } | { at: "review"; request: DeviceRequest } | { at: "approved" | "denied" };

/** Letting a device in. @see RFC 8628 §3.3 */
export function DevicePage() {
  const { user_code: linked } = route.useSearch();
  const [step, setStep] = useState<Step>({ at: "code" });
  switch (step.at) {
    case "code":
      return <EnterCode linked={linked} onFound={(request) => setStep({ at: "review", request })} />;
    case "review":
      return (
        <DeviceReview
          request={step.request}
          onApproved={() => setStep({ at: "approved" })}
          onDenied={() => setStep({ at: "denied" })}
        />
      );
    case "approved":
      return (
        <Page key="approved" title="The device is let in">
          <Card>
            <p>It has a key of yours now. Go back to it; you can close this page.</p>
          </Card>
        </Page>
      );
    case "denied":
      return (
        <Page key="denied" title="The device was turned away">
          <Card>
            <p>
              It gets nothing. If you did not ask for it, somebody may have tried to get at your accounts.
            </p>
          </Card>
        </Page>
      );
  }
}

interface EnterCodeProps {
  /** From the link: the person still compares it, since anybody can send a link. @see RFC 8628 §5.4 */
  linked: string | undefined;
  onFound: (request: DeviceRequest) => void;
}

function EnterCode({ linked, onFound }: EnterCodeProps) {
  const api = useApi();
  const queries = useQueryClient();

  async function find({ user_code = "" }) {
    const [request] = await Promise.all([
      api.skillett.getDeviceRequest({ query: { user_code } }),
      // Nobody is to decide before it is shown for which tenant.
      queries.prefetchQuery(meQuery(api)),
    ]);
    onFound(request);
  }

  return (
    <Page title={linked ? "Does your device show this code?" : "Let a device in"}>
      <Card>
        <p>
          {linked
            ? "Compare it letter by letter. If it is another one, or you did not just ask to sign in a device, close this page."
            : "Type the code that your device shows."}
        </p>
        <Form submit={linked ? "It is the same: go on" : "Go on"} about="user_code" onSubmit={find}>
          <Field
            name="user_code"
            label="Code"
            defaultValue={linked}
            hint={linked ? undefined : "8 letters, such as BCDF-GHJK"}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            maxLength={64}
            required
            autoFocus={!linked}
            className="text-center font-mono text-2xl tracking-[0.2em] uppercase"
          />
        </Form>
      </Card>
    </Page>
  );
}
