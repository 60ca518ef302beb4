import type { ButtonHTMLAttributes } from "react";

const variants = {
  primary: "bg-accent text-on-accent hover:bg-accent-strong",
  secondary: "border border-edge hover:bg-paper",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  variant?: keyof typeof variants;
  /** Something is under way: pressing again does nothing. */
  busy?: boolean;
}

export function Button({ variant = "primary", busy = false, onClick, className = "", ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      // Not `disabled`: that would take the focus from the person who has just pressed it.
      aria-disabled={busy}
      onClick={busy ? (event) => event.preventDefault() : onClick}
      className={`min-h-11 rounded-lg px-4 py-2 font-semibold motion-safe:transition-colors aria-disabled:cursor-progress aria-disabled:opacity-60 ${variants[variant]} ${className}`}
    />
  );
}
