/** The shells that a script of completions is written for. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The hidden command that prints completions, one a line. Where it prints none, the shell completes files. */
export const wordsCommand = 'complete-words';

/** Scripts that a shell sources. Each runs the command that is completed, with the words so far. */
export const scripts: Readonly<Record<Shell, string>> = {
  bash: `# source <(precopy completion bash)
_precopy() {
  local IFS=$'\\n'
  COMPREPLY=($("$1" ${wordsCommand} -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace; fi
}
complete -o default -F _precopy precopy`,
  zsh: `#compdef precopy
# source <(precopy completion zsh), after compinit
_precopy() {
  local -a found
  found=("\${(@f)$("$words[1]" ${wordsCommand} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  found=("\${(@)found:#}")
  if (( $#found == 0 )); then _files; return; fi
  compadd -S '' -- "\${(@M)found:#*=}"
  compadd -- "\${(@)found:#*=}"
}
compdef _precopy precopy`,
  fish: `# precopy completion fish | source
function __precopy_words
  set -l before (commandline -opc)
  set -l found ($before[1] ${wordsCommand} -- $before[2..-1] (commandline -ct) 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c precopy -f -a '(__precopy_words)'`,
};
