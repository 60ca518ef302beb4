/** The text that an agent wrote, with its line breaks. Its writing direction does not affect the text around it. */
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
