import { isWhole } from "#web/consent/scopes-chosen.js";
import { scopeInWords } from "#web/scopes.js";

interface ScopeChoiceProps {
  asked: readonly string[];
  kept: readonly string[];
  onKeep: (scopes: string[]) => void;
  readOnly: boolean;
  onReadOnly: (readOnly: boolean) => void;
}

/** What a program asks for, to be allowed or not one by one. */
export function ScopeChoice({ asked, kept, onKeep, readOnly, onReadOnly }: ScopeChoiceProps) {
  const toggle = (scope: string) =>
    onKeep(asked.filter((it) => (it === scope ? !kept.includes(it) : kept.includes(it))));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-semibold">It may then use</legend>
      {asked.map((scope) => (
        <Choice key={scope} on={kept.includes(scope)} onChange={() => toggle(scope)}>
          {scopeInWords(scope)}
        </Choice>
      ))}
      {asked.some(isWhole) && (
        <Choice on={readOnly} onChange={() => onReadOnly(!readOnly)}>
          Only let it read
        </Choice>
      )}
    </fieldset>
  );
}

function Choice({ on, onChange, children }: { on: boolean; onChange: () => void; children: string }) {
  return (
    <label className="flex items-start gap-3">
      <input type="checkbox" checked={on} onChange={onChange} className="mt-1 size-4 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </label>
  );
}
