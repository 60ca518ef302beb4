import { Field } from "#web/components/field.js";

/** Asked again before something that must not be done by who only found the page open. */
export function CurrentPasswordField({ name }: { name: string }) {
  return (
    <Field
      name={name}
      label="Your password"
      type="password"
      autoComplete="current-password"
      maxLength={128}
      required
      autoFocus
    />
  );
}
