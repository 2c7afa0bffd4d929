/** Completion for bash, from 3.2 on, which macOS has. */

export const BASH = `# bash completion for mig
_mig() {
  # bash takes words apart at : = and @ too; what stands together in the line belongs together.
  local line=\${COMP_LINE:0:COMP_POINT} words=() count=0 i word trimmed
  for ((i = 0; i <= COMP_CWORD; i++)); do
    trimmed=\${line#"\${line%%[![:space:]]*}"}
    word=\${COMP_WORDS[i]}
    if ((i == COMP_CWORD)); then word=$trimmed; fi
    if ((count > 0)) && [[ $trimmed == "$line" ]]; then
      words[count - 1]+=$word
    else
      words[count++]=$word
    fi
    line=\${trimmed#"$word"}
  done
  local current=\${words[count - 1]} before=()
  if ((count > 2)); then before=("\${words[@]:1:count-2}"); before=("\${before[@]//[\\"\\'\\\\]/}"); fi
  current=\${current//[\\"\\'\\\\]/}

  # What stands before the last of those signs is not for bash to replace.
  local signs=\${COMP_WORDBREAKS//[!:=@]/} kept=
  if [[ -n $signs && $current == *["$signs"]* ]]; then kept=\${current%"\${current##*["$signs"]}"}; fi

  COMPREPLY=()
  local value
  while IFS= read -r line; do
    value=\${line%%$'\\t'*}
    case $value in
      :files | :folders)
        local flag=-f path
        if [[ $value == :folders ]]; then flag=-d; fi
        while IFS= read -r path; do COMPREPLY+=("$path"); done < <(compgen $flag -- "\${current#"$kept"}")
        compopt -o filenames 2>/dev/null
        return
        ;;
    esac
    printf -v value %q "$value"
    COMPREPLY+=("\${value#"$kept"}")
  done < <("\${COMP_WORDS[0]/#\\~/$HOME}" __complete "--word=$current" \${before[@]+"\${before[@]}"} 2>/dev/null)
}
complete -o nosort -F _mig mig 2>/dev/null || complete -F _mig mig
`;
