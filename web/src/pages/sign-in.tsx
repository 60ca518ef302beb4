import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { optionsQuery, useApi } from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Field } from "#web/components/field.js";
import { Form } from "#web/components/form.js";
import { TextLink } from "#web/components/link.js";
import { Notice } from "#web/components/notice.js";
import { Card, Page } from "#web/components/page.js";
import { nextPath } from "#web/navigation/next-path.js";
import { useContinue } from "#web/navigation/use-continue.js";
import { SecondFactor } from "#web/pages/second-factor.js";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const api = useApi();
  const { next, error } = route.useSearch();
  const continueTo = useContinue();
  const { data: options } = useQuery(optionsQuery(api));
  const [secondStep, setSecondStep] = useState(false);

  if (secondStep) return <SecondFactor onDone={() => continueTo(next)} onBack={() => setSecondStep(false)} />;
  return (
    <Page
      title="Sign in"
      footer={
        <>
          <TextLink to="/forgot-password">Forgot your password?</TextLink>
          {options?.sign_up === "open" && (
            <TextLink to="/sign-up" search={next ? { next } : {}}>
              Make an account
            </TextLink>
          )}
        </>
      }
    >
      <Card>
        {error && <Notice error={new Error(`Signing in did not work (${error}). Try again.`)} />}
        {options?.claimed === false && (
          <p>
            Nobody owns this Skillett yet. If it is yours, open the claim link which the server printed when
            it started.
          </p>
        )}
        <Form
          submit="Sign in"
          about="password"
          onSubmit={async ({ email = "", password = "" }) => {
            const { twoFactorRedirect } = await api.auth.signIn({ email, password });
            if (twoFactorRedirect) setSecondStep(true);
            else continueTo(next);
          }}
        >
          <Field name="email" label="Email address" type="email" autoComplete="username" required autoFocus />
          <Field
            name="password"
            label="Password"
            type="password"
            autoComplete="current-password"
            maxLength={128}
            required
          />
        </Form>
        <Providers providers={options?.providers ?? []} next={next} />
      </Card>
    </Page>
  );
}

interface ProvidersProps {
  providers: { id: string; name: string }[];
  next: string | undefined;
}

function Providers({ providers, next }: ProvidersProps) {
  const { auth } = useApi();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (id: string) => auth.signInWith(id, nextPath(next, window.location.origin)),
    onSuccess: ({ url }) => window.location.assign(url),
  });
  if (providers.length === 0) return null;
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-5">
      {providers.map(({ id, name }) => (
        <Button key={id} variant="secondary" busy={isPending} onClick={() => mutate(id)}>
          Continue with {name}
        </Button>
      ))}
      <Notice error={error} />
    </div>
  );
}
