import { Field } from "#web/components/field.js";

/** Asks for the password again before a change that a person who only found the page open must not make. */
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
