import { type ReactNode, useEffect, useRef } from "react";
import { Banner } from "#web/components/banner.js";

interface PageProps {
  title: string;
  /** One or more cards. */
  children: ReactNode;
  /** Below the cards: where else to go. */
  footer?: ReactNode;
}

/** The frame of every page. It begins at the top, so that what appears later pushes nothing away. */
export function Page({ title, children, footer }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Skillett`;
    // A new page is read out from its heading, unless a field has the focus already.
    if (document.activeElement === document.body) heading.current?.focus();
  }, [title]);
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-[30rem] flex-col gap-4 px-4 py-8 sm:py-16">
      <Banner />
      <main className="flex flex-col gap-4">
        <h1
          ref={heading}
          tabIndex={-1}
          className="mb-1 text-2xl leading-tight font-semibold text-balance break-words"
        >
          {title}
        </h1>
        {children}
      </main>
      {footer && <footer className="flex flex-wrap gap-x-6 gap-y-2 px-1 text-sm text-quiet">{footer}</footer>}
    </div>
  );
}

export function Card({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="flex w-full max-w-[28rem] flex-col gap-4 rounded-2xl border border-line bg-card p-5 sm:p-7">
      {title && <h2 className="text-lg leading-tight font-semibold">{title}</h2>}
      {children}
    </section>
  );
}
