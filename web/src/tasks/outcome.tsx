import { useEffect, useRef } from "react";
import { Notice } from "#web/components/notice.js";

/** The result of a decision, on top of the page, where it stays when the task has moved to the decided ones. */
export interface Outcome {
  message?: string;
  error?: Error;
}

/** Takes the focus, since the button that was pressed is no longer there. */
export function OutcomeNote({ outcome }: { outcome: Outcome }) {
  const note = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (outcome.message || outcome.error) note.current?.focus();
  }, [outcome]);
  return (
    <div ref={note} tabIndex={-1} className="scroll-mt-4 focus:outline-none">
      <p role="status" className="break-words text-good empty:hidden">
        {outcome.message}
      </p>
      <Notice error={outcome.error ?? null} />
    </div>
  );
}
