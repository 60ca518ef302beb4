import { createContext } from "react";
import { ApiError } from "#client/errors.js";

/** A message by the name of its field. */
export type FieldMessages = Record<string, string>;

export const FieldErrors = createContext<FieldMessages>({});

/** The message that a field gets before the server is asked; undefined when there is none. */
export function checkInput(input: HTMLInputElement): string | undefined {
  const { validity, minLength, title } = input;
  if (validity.valueMissing) return "This is needed.";
  if (validity.typeMismatch) return "This is not an email address.";
  if (validity.patternMismatch) return title;
  if (minLength > 0 && input.value.length < minLength) return `At least ${minLength} characters, please.`;
  return undefined;
}

export function checkForm(form: HTMLFormElement): FieldMessages {
  const inputs = [...form.elements].filter((element) => element instanceof HTMLInputElement);
  return Object.fromEntries(
    inputs.flatMap((input) => {
      const message = checkInput(input);
      return message ? [[input.name, message]] : [];
    }),
  );
}

/**
 * The server's issues with fields that are there: `body.user_code` is about the field user_code, and
 * `scopes[1]` about the field scopes, where several are typed.
 */
export function messagesOf(error: unknown, form: HTMLFormElement): FieldMessages {
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

/** First words of an issue whose subject is the field. */
export const verbs =
  "is are was has have may might must can cannot could does needs takes expects stands belongs begins ends breaks reads names goes".split(
    " ",
  );
/** First words of an issue that is a sentence of its own. */
export const openings = "there the a an no not only each give write choose it".split(" ");

/** "must be shorter" → "This must be shorter."; "there is no effect x" → "There is no effect x." */
export function sentence(message: string): string {
  const [first = ""] = message.split(" ", 1);
  const whole = verbs.includes(first)
    ? `This ${message}`
    : openings.includes(first)
      ? message.charAt(0).toUpperCase() + message.slice(1)
      : message;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
