import { isRaw } from "#core/scopes.js";
import { Tick } from "#web/components/tick.js";
import { coversIntegration, everything } from "#web/consent/scopes-chosen.js";
import { scopeInWords } from "#web/format/scopes.js";

interface ScopeChoiceProps {
  /** Scopes to choose from. */
  choices: readonly string[];
  chosen: readonly string[];
  onChoose: (scopes: string[]) => void;
  readOnly: boolean;
  onReadOnly: (readOnly: boolean) => void;
}

/** The scopes that a program requests, to be allowed one by one. */
export function ScopeChoice({ choices, chosen, onChoose, readOnly, onReadOnly }: ScopeChoiceProps) {
  const toggle = (scope: string) =>
    onChoose(choices.filter((it) => (it === scope ? !chosen.includes(it) : chosen.includes(it))));
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-semibold">It may then use</legend>
      {choices.map((scope) => (
        <Tick key={scope} on={chosen.includes(scope)} onChange={() => toggle(scope)}>
          {scopeInWords(scope)}
        </Tick>
      ))}
      {chosen.includes(everything) && (
        <p role="status" className="text-sm text-wrong">
          It can then send, change and delete with every account of yours, those too that you connect later.
          Name what it needs instead, in the program, where that is possible.
        </p>
      )}
      {chosen.some(isRaw) && <RawWarning />}
      {choices.some((scope) => scope !== everything && coversIntegration(scope)) &&
        !chosen.includes(everything) && (
          <Tick on={readOnly} onChange={() => onReadOnly(!readOnly)}>
            Only let it read
          </Tick>
        )}
    </fieldset>
  );
}

/** The meaning of raw requests, for somebody who is about to allow them. */
export function RawWarning() {
  return (
    <p role="status" className="text-sm text-wrong">
      With requests of its own it does whatever your account may do there, changing and deleting too. Nothing
      lists what that is.
    </p>
  );
}
