/** Something to be ticked, with words that can be clicked as well. */
export function Tick({ on, onChange, children }: { on: boolean; onChange: () => void; children: string }) {
  return (
    <label className="flex items-start gap-3">
      <input type="checkbox" checked={on} onChange={onChange} className="mt-1 size-4 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </label>
  );
}
