import { type InputHTMLAttributes, useContext, useId } from "react";
import { FieldErrors } from "#web/components/field-errors.js";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  name: string;
  label: string;
  /** Stands below the field until there is something wrong with it. */
  hint?: string | undefined;
}

/** An input with its label, and the line below for a hint or what is wrong; that line is always kept free. */
export function Field({ label, hint = "", className = "", ...input }: FieldProps) {
  const id = useId();
  const message = useContext(FieldErrors)[input.name];
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <input
        {...input}
        id={id}
        aria-invalid={message !== undefined}
        aria-describedby={`${id}-note`}
        className={`min-h-11 w-full rounded-lg border border-edge bg-transparent px-3 py-2 aria-invalid:border-wrong ${className}`}
      />
      <p id={`${id}-note`} className={`min-h-5 text-sm leading-5 ${message ? "text-wrong" : "text-quiet"}`}>
        {message ?? hint}
      </p>
    </div>
  );
}
