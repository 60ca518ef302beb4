import { useRef, useState } from "react";
import { Button } from "#web/components/button.js";
import { Code } from "#web/components/code.js";

interface CopyableProps {
  /** A noun for the button: "Copy the key". */
  name: string;
  children: string;
}

/** Text to be taken elsewhere. Without a clipboard, as in pages without TLS, it is selected instead. */
export function Copyable({ name, children }: CopyableProps) {
  const text = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<"" | "Copied." | "Selected: copy it with the keyboard.">("");

  async function copy() {
    try {
      await navigator.clipboard.writeText(children);
      setState("Copied.");
    } catch {
      window.getSelection()?.selectAllChildren(text.current!);
      setState("Selected: copy it with the keyboard.");
    }
  }

  return (
    <div className="flex flex-col gap-2">
      <div ref={text}>
        <Code>{children}</Code>
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button variant="secondary" onClick={copy}>
          Copy {name}
        </Button>
        <span role="status" className="text-sm text-good">
          {state}
        </span>
      </div>
    </div>
  );
}
