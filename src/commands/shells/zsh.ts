/** Completion for zsh: values with what they mean. */

export const ZSH = `#compdef mig
_mig() {
  local line value
  local -a described
  for line in "\${(@f)$("\${(Q)words[1]}" __complete "--word=\${(Q)PREFIX}" "\${(@Q)words[2,CURRENT-1]}" 2>/dev/null)}"; do
    case $line in
      '') continue ;;
      :files) [[ $PREFIX == --*=* ]] && compset -P '*='; _files; return ;;
      :folders) [[ $PREFIX == --*=* ]] && compset -P '*='; _files -/; return ;;
    esac
    # A colon stands between a value and what it means.
    value=\${\${line%%$'\\t'*}//:/\\\\:}
    if [[ $line == *$'\\t'?* ]]; then described+=("$value:\${line#*$'\\t'}"); else described+=("$value"); fi
  done
  _describe -V mig described
}
# As a file in fpath it is the function; read by .zshrc it makes it known.
if [[ $funcstack[1] == _mig ]]; then _mig "$@"; else compdef _mig mig; fi
`;
