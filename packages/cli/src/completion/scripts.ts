/**
 * What each shell is told: to ask `brownout complete` for what could come next, and to offer files where it has no answer. The
 * answer's lines are `<candidate><tab><what it is>`.
 */

/** Shells that are known. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** A shell that is known. */
export type Shell = (typeof shells)[number];

/** Bash takes `:` and `=` for ends of words; what stands before them is typed already and must not be offered again. */
const bash = `# completion of brownout for bash: source <(brownout completion bash)
_brownout() {
  local line="\${COMP_LINE:0:COMP_POINT}" last candidate
  local -a words
  read -r -a words <<< "$line"
  [[ "$line" == *[[:space:]] ]] && words+=("")
  last="\${words[\${#words[@]}-1]}"
  local typed=""
  [[ "$last" == *[:=]* ]] && typed="\${last%"\${last##*[:=]}"}"
  COMPREPLY=()
  while IFS=$'\\t' read -r candidate _; do
    COMPREPLY+=("\${candidate#"$typed"}")
  done < <(command "\${words[0]}" complete -- "\${words[@]}" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -o bashdefault -o default -F _brownout brownout
`;

const zsh = `#compdef brownout
# completion of brownout for zsh: brownout completion zsh > a folder of $fpath, as _brownout
_brownout() {
  local line
  local -a found shown
  while IFS= read -r line; do
    found+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done < <(command "\${words[1]}" complete -- "\${(@)words[1,CURRENT]}" 2>/dev/null)
  if (( \${#found} == 0 )); then
    _files
  elif (( \${#found} == 1 )) && [[ "\${found[1]}" == *= ]]; then
    compadd -Q -S '' -d shown -l -a found
  else
    compadd -Q -d shown -l -a found
  fi
}
if [[ "\${funcstack[1]}" == _brownout ]]; then
  _brownout "$@"
else
  compdef _brownout brownout
fi
`;

const fish = `# completion of brownout for fish: brownout completion fish > ~/.config/fish/completions/brownout.fish
function __brownout_complete
    set -l last (commandline -ct)
    set -l words (commandline -opc) "$last"
    set -l found (command $words[1] complete -- $words 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\\n' $found
    else
        __fish_complete_path "$last"
    end
end
complete -c brownout -f -a '(__brownout_complete)'
`;

/** The script of a shell. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
