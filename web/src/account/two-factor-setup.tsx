import { useEffect, useRef } from "react";
import { useApi } from "#web/api/api.js";
import type { SecondFactor } from "#web/api/auth.js";
import { Form } from "#web/components/form.js";
import { QrCode } from "#web/components/qr-code.js";
import { digits, TotpField } from "#web/pages/second-factor.js";

interface TwoFactorSetupProps {
  factor: SecondFactor;
  onDone: () => Promise<void>;
}

/** It is on only once a first code has proven that the app has the secret. */
export function TwoFactorSetup({ factor, onDone }: TwoFactorSetupProps) {
  const { auth } = useApi();
  const beginning = useRef<HTMLDivElement>(null);
  // The form before has been removed, and the focus with it: so reading continues here.
  useEffect(() => beginning.current?.focus(), []);
  return (
    <div ref={beginning} tabIndex={-1} className="flex flex-col gap-4 focus:outline-none">
      <p>1. Scan this with your authenticator app, or type the secret into it.</p>
      <QrCode text={factor.totpURI} label="QR code for your authenticator app" />
      <p className="rounded-lg bg-paper p-3 text-center font-mono text-sm break-all">
        {new URL(factor.totpURI).searchParams.get("secret")}
      </p>
      <p>2. Keep these recovery codes in a safe place. Each lets you in once, without the app.</p>
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-2 gap-1 rounded-lg bg-paper p-3 font-mono text-sm"
      >
        {factor.backupCodes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <p>3. Type the code the app shows now.</p>
      <Form
        submit="Turn it on"
        about="code"
        onSubmit={async ({ code = "" }) => {
          await auth.verifyTotp(digits(code));
          await onDone();
        }}
      >
        <TotpField />
      </Form>
    </div>
  );
}
