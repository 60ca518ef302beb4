import { type SelectHTMLAttributes, useId } from "react";

interface ChoiceProps extends SelectHTMLAttributes<HTMLSelectElement> {
  label: string;
  /** Labels by value. */
  options: readonly (readonly [value: string, label: string])[];
}

/** One of several, by its label. */
export function Choice({ label, options, ...select }: ChoiceProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-semibold">
        {label}
      </label>
      <select {...select} id={id} className="min-h-11 w-full rounded-lg border border-edge bg-card px-3 py-2">
        {options.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </div>
  );
}
