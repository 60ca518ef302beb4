import { Fragment } from "react";

/** A list of facts, term by term. A term without a value is left out. */
export function Facts({ facts, ruled }: { facts: Record<string, string | null>; ruled?: boolean }) {
  return (
    <dl className={`grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 ${ruled ? "border-y border-line py-4" : ""}`}>
      {Object.entries(facts).map(
        ([term, value]) =>
          value !== null && (
            <Fragment key={term}>
              <dt className="text-quiet">{term}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </Fragment>
          ),
      )}
    </dl>
  );
}
