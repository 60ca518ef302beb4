import { useEffect, useRef } from "react";
import { Copyable } from "#web/components/copyable.js";

/** SECRET. A key that was just made: shown until the page is left, and never again. It takes the focus. */
export function FreshKey({ secret }: { secret: string }) {
  const words = useRef<HTMLParagraphElement>(null);
  useEffect(() => words.current?.focus(), []);
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-4">
      <p ref={words} tabIndex={-1} className="focus:outline-none">
        This is the new key. It is shown this once: put it where the program runs, as
      </p>
      <Copyable name="the key">{`SKILLETT_API_KEY=${secret}`}</Copyable>
    </div>
  );
}
