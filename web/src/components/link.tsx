import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes } from "react";

/** Leads to another page of ours. */
export const TextLink = createLink((props: AnchorHTMLAttributes<HTMLAnchorElement>) => (
  <a
    {...props}
    className="rounded-sm text-link underline underline-offset-3 hover:no-underline aria-[current=page]:text-ink aria-[current=page]:no-underline"
  />
));
