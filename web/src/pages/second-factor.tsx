import { useState } from "react";
import { useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Field } from "#web/components/field.js";
import { Form } from "#web/components/form.js";
import { Card, Page } from "#web/components/page.js";

interface SecondFactorProps {
  onDone: () => void;
  onBack: () => void;
}

/** After the right password, where two-factor sign-in is on. */
export function SecondFactor({ onDone, onBack }: SecondFactorProps) {
  const { auth } = useApi();
  const [recovering, setRecovering] = useState(false);
  const other = recovering ? "Use the app instead" : "Use a recovery code";
  return (
    <Page title="One more step">
      <Card>
        <Form
          // A new form for each way, so that the field is empty and has the focus.
          key={String(recovering)}
          submit="Sign in"
          about="code"
          onSubmit={async ({ code = "" }) => {
            await (recovering ? auth.verifyBackupCode(code.trim()) : auth.verifyTotp(digits(code)));
            onDone();
          }}
        >
          {recovering ? <RecoveryCodeField /> : <TotpField autoFocus />}
        </Form>
        <div className="flex flex-wrap gap-3">
          <Button variant="secondary" className="grow" onClick={() => setRecovering(!recovering)}>
            {other}
          </Button>
          <Button variant="secondary" onClick={onBack}>
            Back
          </Button>
        </div>
      </Card>
    </Page>
  );
}

export function TotpField({ autoFocus = false }: { autoFocus?: boolean }) {
  return (
    <Field
      name="code"
      label="Code from your authenticator app"
      hint="6 digits"
      inputMode="numeric"
      autoComplete="one-time-code"
      pattern="\s*(\d\s*){6}"
      title="These are 6 digits."
      required
      autoFocus={autoFocus}
      className="font-mono tracking-widest"
    />
  );
}

function RecoveryCodeField() {
  return (
    <Field
      name="code"
      label="Recovery code"
      hint="One of those you have kept. Each works once."
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      required
      autoFocus
      className="font-mono"
    />
  );
}

/** Apps show a code in two groups; people type it so. */
export function digits(code: string): string {
  return code.replace(/\s/g, "");
}
