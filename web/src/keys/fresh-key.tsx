import { type ReactNode, useEffect, useRef } from "react";
import { Copyable } from "#web/components/copyable.js";

interface FreshKeyProps {
  /** SECRET. */
  secret: string;
  /** The user of the key, for the sentence about where to put it. */
  user: "program" | "agent";
  /** Further instructions for this key. */
  children?: ReactNode;
}

/** A key that was just made: shown until the page is left, and never again. It takes the focus. */
export function FreshKey({ secret, user, children }: FreshKeyProps) {
  const intro = useRef<HTMLParagraphElement>(null);
  useEffect(() => intro.current?.focus(), []);
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-4">
      <p ref={intro} tabIndex={-1} className="focus:outline-none">
        This is the new key. It is shown this once: put it where the {user} runs, as
      </p>
      <Copyable name="the key">{`SKILLETT_API_KEY=${secret}`}</Copyable>
      {children}
    </div>
  );
}
