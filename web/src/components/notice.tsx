/** What went wrong, in words; read out when it appears. Empty until then, so that it is known to be a place for it. */
export function Notice({ error }: { error: Error | null }) {
  return (
    <div role="alert" className="empty:hidden">
      {error && <p className="rounded-lg bg-wrong-soft px-3 py-2 text-sm text-wrong">{error.message}</p>}
    </div>
  );
}
