import { useRouterState } from "@tanstack/react-router";
import { ApiError } from "#client/errors.js";
import { TextLink } from "#web/components/link.js";

/** An error in words, read out when it appears. The element is there before, so that screen readers watch it. */
export function Notice({ error }: { error: Error | null }) {
  const here = useRouterState({ select: ({ location }) => location.pathname });
  const way = error ? wayOut(error) : undefined;
  return (
    <div role="alert" className="empty:hidden">
      {error && (
        <p className="rounded-lg bg-wrong-soft px-3 py-2 text-sm text-wrong">
          {error.message}
          {way && way !== here && (
            <>
              {" "}
              <TextLink to={way}>Put it right</TextLink>
            </>
          )}
        </p>
      )}
    </div>
  );
}

/** The page of ours that puts it right, where the refusal names one. */
function wayOut(error: Error): string | undefined {
  const address = error instanceof ApiError ? error.body.action_url : undefined;
  return address === undefined ? undefined : new URL(address).pathname;
}
