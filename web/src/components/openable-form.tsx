import { type ReactNode, useState } from "react";
import { Button } from "#web/components/button.js";
import { Form } from "#web/components/form.js";

interface OpenableFormProps {
  /** On the button that opens it. */
  open: string;
  submit: string;
  /** Called with the fields by name; the form closes when it resolves. */
  onSubmit: (values: Record<string, string>) => Promise<unknown>;
  children: ReactNode;
}

/** A form that stands behind a button until somebody wants it. */
export function OpenableForm({ open, submit, onSubmit, children }: OpenableFormProps) {
  const [isOpen, setOpen] = useState(false);
  if (!isOpen) {
    return (
      <Button variant="secondary" onClick={() => setOpen(true)}>
        {open}
      </Button>
    );
  }
  const cancel = (
    <Button variant="secondary" onClick={() => setOpen(false)}>
      Cancel
    </Button>
  );
  async function finish(values: Record<string, string>) {
    await onSubmit(values);
    setOpen(false);
  }
  return (
    <Form submit={submit} also={cancel} onSubmit={finish}>
      {children}
    </Form>
  );
}
