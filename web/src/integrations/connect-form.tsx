import { useQuery, useQueryClient } from "@tanstack/react-query";
import { scopesTyped } from "#web/agents/text.js";
import {
  type Connection,
  connectionsQuery,
  type Integration,
  integrationQuery,
  integrationsQuery,
  useApi,
} from "#web/api/api.js";
import { Button } from "#web/components/button.js";
import { Field } from "#web/components/field.js";
import { Form } from "#web/components/form.js";
import { Notice } from "#web/components/notice.js";

interface ConnectFormProps {
  integration: Integration;
  /** The account that is to work again; another one is refused. */
  reconnects: Connection | undefined;
  onDone: () => void;
}

/** The ways to connect that this server offers: signing in at the service, and what a person can hand in. */
export function ConnectForm({ integration: { slug, name }, reconnects, onDone }: ConnectFormProps) {
  const api = useApi();
  const queries = useQueryClient();
  const { data, error } = useQuery(integrationQuery(api, slug));
  const account = { integration: slug, connection: reconnects?.id };

  async function signIn({ scopes = "", ...values }: Record<string, string>) {
    const body = { ...account, scopes: scopesTyped(scopes), settings: apart(values).settings };
    const { oauth_url } = await api.skillett.connect({ body });
    window.location.assign(oauth_url!);
  }

  async function handIn(values: Record<string, string>) {
    const { settings, rest: credentials } = apart(values);
    await api.skillett.connect({ body: { ...account, settings, credentials } });
    await Promise.all([
      queries.invalidateQueries(connectionsQuery(api)),
      queries.invalidateQueries(integrationsQuery(api)),
    ]);
    onDone();
  }

  /** The settings among what was typed, without those that were left empty, and the rest. */
  function apart(values: Record<string, string>) {
    const names = data?.connect.settings.map(({ setting }) => setting) ?? [];
    const entries = Object.entries(values);
    const settings = entries.filter(([name, value]) => names.includes(name) && value !== "");
    return {
      settings: settings.length > 0 ? Object.fromEntries(settings) : undefined,
      rest: Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
    };
  }

  const cancel = (
    <Button variant="secondary" onClick={onDone}>
      Cancel
    </Button>
  );
  if (!data) return <Notice error={error} />;
  const { sign_in, credentials } = data.connect;
  const fieldsOf = (settings: typeof data.connect.settings) =>
    settings.map((setting) => (
      <SettingField key={setting.setting} {...setting} known={reconnects?.settings[setting.setting]} />
    ));
  /** The end of a way to connect: of signing in, or of an entry of the credentials. */
  const endOf = (place: number | null) =>
    data.connect.ends
      .filter((end) => end.credentials === place)
      .map(({ message }) => (
        <p key={message} className="text-sm">
          {message}
        </p>
      ));
  const checked = data.checked_on && (
    <p className="text-sm text-quiet">
      Compared with {name} on {data.checked_on}.
    </p>
  );
  return (
    <div className="flex flex-col gap-4 border-t border-line pt-4">
      {reconnects && (
        <p className="break-words">Connect {reconnects.account} again, with the same account.</p>
      )}
      {sign_in ? (
        <Form submit={`Sign in at ${name}`} also={cancel} onSubmit={signIn}>
          {endOf(null)}
          {fieldsOf(data.connect.settings.filter((setting) => setting.sign_in))}
          <details>
            <summary className="min-h-11 py-2 text-sm text-quiet">Ask for other scopes</summary>
            <Field
              name="scopes"
              label="Scopes"
              hint={reconnects ? "Those it has, when empty" : "Those the endpoints need, when empty"}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          </details>
        </Form>
      ) : (
        <p className="text-sm text-quiet">
          Signing in at {name} is not set up on this server; its operator can do that.
        </p>
      )}
      {credentials.map((fields, i) => (
        <Form
          key={fields.map(({ field }) => field).join()}
          submit="Connect"
          also={sign_in ? undefined : cancel}
          onSubmit={handIn}
        >
          {endOf(i)}
          {fieldsOf(data.connect.settings.filter((setting) => setting.credentials.includes(i)))}
          {fields.map(({ field, label, help, secret }) => (
            <Field
              key={field}
              name={field}
              label={label}
              hint={help}
              type={secret ? "password" : "text"}
              autoComplete="off"
              spellCheck={false}
              required
            />
          ))}
        </Form>
      ))}
      {!sign_in && credentials.length === 0 && cancel}
      {data.connect.hint && <p className="text-sm text-quiet">{data.connect.hint.message}</p>}
      {checked}
    </div>
  );
}

interface SettingFieldProps {
  setting: string;
  label: string;
  help: string;
  required: boolean;
  one_of?: string[];
  default?: string;
  /** The value of the connection that is to work again. */
  known: string | undefined;
}

/** Where the account is reached, which is no secret. */
function SettingField({ setting, label, help, required, one_of, known, default: usual }: SettingFieldProps) {
  return (
    <Field
      name={setting}
      label={label}
      hint={one_of ? `${help} One of ${one_of.join(", ")}.` : help}
      defaultValue={known ?? usual}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      required={required}
    />
  );
}
