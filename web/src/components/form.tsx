import { useMutation } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useRef, useState } from "react";
import { Button } from "#web/components/button.js";
import { checkForm, FieldErrors, type FieldMessages, messagesOf } from "#web/components/field-errors.js";
import { Notice } from "#web/components/notice.js";

interface FormProps {
  /** Gets the fields by name. An error that it throws is shown: at its field if it has one, else below the button. */
  onSubmit: (values: Record<string, string>) => Promise<unknown>;
  /** On the button. */
  submit: string;
  /** The field at which an error that names no field is shown. */
  about?: string;
  /** Beside the button. */
  also?: ReactNode;
  children?: ReactNode;
}

export function Form({ onSubmit, submit, about, also, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [messages, setMessages] = useState<FieldMessages>({});
  const { mutate, isPending, error } = useMutation({
    mutationFn: onSubmit,
    onError: (refusal) => {
      const named = messagesOf(refusal, form.current!);
      show(Object.keys(named).length === 0 && about ? { [about]: refusal.message } : named);
    },
  });

  function show(next: FieldMessages) {
    setMessages(next);
    const [first] = Object.keys(next);
    const input = first && form.current?.elements.namedItem(first);
    if (input instanceof HTMLElement) input.focus();
  }

  function check(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isPending) return;
    const next = checkForm(event.currentTarget);
    show(next);
    const texts = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)]);
    if (Object.keys(next).length === 0) mutate(Object.fromEntries(texts));
  }

  return (
    <form ref={form} noValidate onSubmit={check} className="flex flex-col gap-3">
      <FieldErrors value={messages}>{children}</FieldErrors>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" busy={isPending} className="grow">
          {submit}
        </Button>
        {also}
      </div>
      <Notice error={Object.keys(messages).length === 0 ? error : null} />
    </form>
  );
}
