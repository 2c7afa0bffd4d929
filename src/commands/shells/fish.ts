/** Completion for fish: values with what they mean. */

export const FISH = `# fish completion for mig
function __mig_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    # Of --flag=path, fish completes the path.
    set -l path (string replace -r '^--[^=]*=' '' -- $current)
    set -l kept (string replace -r '^(--[^=]*=)?.*$' '$1' -- $current)
    for line in ($words[1] __complete "--word=$current" $words[2..-1] 2>/dev/null)
        switch $line
            case :files
                printf "$kept%s\\n" (__fish_complete_path $path)
            case :folders
                printf "$kept%s\\n" (__fish_complete_directories $path)
            case '*'
                echo $line
        end
    end
end
complete -c mig -e
complete -c mig -f -k -a '(__mig_complete)'
`;
