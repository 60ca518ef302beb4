/** What an agent wrote: text with its line breaks, whose direction of writing ends where it ends. */
export function Reason({ children }: { children: string }) {
  return (
    <blockquote
      dir="auto"
      className="border-s-2 border-line ps-3 whitespace-pre-wrap [overflow-wrap:anywhere]"
    >
      {children}
    </blockquote>
  );
}
