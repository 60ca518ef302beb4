import { Argument, type Command } from "commander";
import { examples } from "#cli/command-parts.js";
import { complete } from "#cli/complete.js";
import type { Host } from "#cli/terminal/host.js";

export function addCompletion(program: Command, host: Host): void {
  program
    .command("completion")
    .description("Print a script that completes commands, endpoints and flags at Tab.")
    .addArgument(new Argument("<shell>").choices(Object.keys(completionScripts)))
    .addHelpText("after", examples('eval "$(skillett completion bash)"', "skillett completion fish | source"))
    .action((shell: string) => void host.stdout.write(completionScripts[shell] ?? ""));

  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .allowUnknownOption()
    .passThroughOptions()
    .action((args: string[]) => complete(args, program, host));
}
/**
 * The script of each shell. All of them run `skillett complete -- <words…>` at Tab, the last word being the one under
 * the cursor, and offer the lines that it prints.
 */
export const completionScripts: Record<string, string> = {
  bash: `# Skillett for bash: eval "$(skillett completion bash)"
_skillett() {
  local IFS=$'\\n'
  local line="\${COMP_LINE:0:$COMP_POINT}"
  local words
  IFS=$' \\t\\n' read -ra words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  local current="\${words[-1]}"
  COMPREPLY=($(skillett complete -- "\${words[@]:1}" 2>/dev/null))
  # Readline splits words at "=" and ":" too and replaces only what follows.
  local typed="\${COMP_WORDS[COMP_CWORD]}"
  local kept="\${current%"$typed"}"
  COMPREPLY=("\${COMPREPLY[@]#"$kept"}")
}
complete -o default -F _skillett skillett
`,
  zsh: `#compdef skillett
# Skillett for zsh: eval "$(skillett completion zsh)"
_skillett() {
  local -a candidates
  candidates=("\${(@f)$(skillett complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then compadd -a candidates; else _files; fi
}
compdef _skillett skillett
`,
  fish: `# Skillett for fish: skillett completion fish | source
function __skillett_complete
    set -l words (commandline -opc) (commandline -ct)
    skillett complete -- $words[2..-1] 2>/dev/null
end
complete -c skillett -f -a '(__skillett_complete)'
`,
};
