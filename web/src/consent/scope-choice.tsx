import { Tick } from "#web/components/tick.js";
import { everything, isWhole } from "#web/consent/scopes-chosen.js";
import { scopeInWords } from "#web/scopes.js";

interface ScopeChoiceProps {
  /** Scopes to choose from. */
  choices: readonly string[];
  kept: readonly string[];
  onKeep: (scopes: string[]) => void;
  readOnly: boolean;
  onReadOnly: (readOnly: boolean) => void;
}

/** The scopes that a program requests, to be allowed one by one. */
export function ScopeChoice({ choices, kept, onKeep, readOnly, onReadOnly }: ScopeChoiceProps) {
  const toggle = (scope: string) =>
    onKeep(choices.filter((it) => (it === scope ? !kept.includes(it) : kept.includes(it))));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-semibold">It may then use</legend>
      {choices.map((scope) => (
        <Tick key={scope} on={kept.includes(scope)} onChange={() => toggle(scope)}>
          {scopeInWords(scope)}
        </Tick>
      ))}
      {kept.includes(everything) && (
        <p role="status" className="text-sm text-wrong">
          It can then send, change and delete with every account of yours, those too that you connect later.
          Name what it needs instead, in the program, where that is possible.
        </p>
      )}
      {choices.some((scope) => scope !== everything && isWhole(scope)) && !kept.includes(everything) && (
        <Tick on={readOnly} onChange={() => onReadOnly(!readOnly)}>
          Only let it read
        </Tick>
      )}
    </fieldset>
  );
}
