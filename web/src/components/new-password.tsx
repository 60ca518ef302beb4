import { Field } from "#web/components/field.js";

/** As long as the server wants it. */
export function NewPasswordField({ name, label }: { name: string; label: string }) {
  return (
    <Field
      name={name}
      label={label}
      type="password"
      hint="At least 8 characters"
      autoComplete="new-password"
      minLength={8}
      maxLength={128}
      required
    />
  );
}
