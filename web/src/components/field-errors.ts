import { createContext } from "react";
import { ApiError } from "#client/errors.js";

/** What is wrong, by the name of the field. */
export type Wrongs = Record<string, string>;

export const FieldErrors = createContext<Wrongs>({});

/** What can be said before asking the server. */
export function checkInput(input: HTMLInputElement): string | undefined {
  const { validity, minLength, title } = input;
  if (validity.valueMissing) return "This is needed.";
  if (validity.typeMismatch) return "This is not an email address.";
  if (validity.patternMismatch) return title;
  if (minLength > 0 && input.value.length < minLength) return `At least ${minLength} characters, please.`;
  return undefined;
}

export function checkForm(form: HTMLFormElement): Wrongs {
  const inputs = [...form.elements].filter((element) => element instanceof HTMLInputElement);
  return Object.fromEntries(
    inputs.flatMap((input) => {
      const wrong = checkInput(input);
      return wrong ? [[input.name, wrong]] : [];
    }),
  );
}

/**
 * The server's complaints about fields that are there: `body.user_code` is about the field user_code, and
 * `scopes[1]` about the field scopes, where several are typed.
 */
export function wrongsOf(error: unknown, form: HTMLFormElement): Wrongs {
  const issues = error instanceof ApiError ? (error.body.issues ?? []) : [];
  return Object.fromEntries(
    issues
      .map(
        ({ at, message }) =>
          [
            at
              .replace(/\[\d+\]$/, "")
              .split(".")
              .at(-1) ?? "",
            sentence(message),
          ] as const,
      )
      .filter(([name]) => form.elements.namedItem(name) !== null),
  );
}

/** "must be shorter" → "This must be shorter." */
function sentence(message: string): string {
  const whole = /^[a-z]/.test(message) ? `This ${message}` : message;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
