/** Completion for PowerShell, from 5.0 on: values with what they mean. */

export const POWERSHELL = `# PowerShell completion for mig
Register-ArgumentCompleter -Native -CommandName 'mig', 'mig.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $encoding = [Console]::OutputEncoding
    try {
        # Messages of revisions are in whatever language.
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
            Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
            ForEach-Object {
                if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value }
                else { $_.Extent.Text }
            })
        $mig = $commandAst.CommandElements[0].Extent.Text.Trim('"', "'")
        & $mig __complete "--word=$wordToComplete" @words 2>$null | ForEach-Object {
            $value, $meaning = $_ -split "\`t", 2
            # Where there is nothing, PowerShell completes paths by itself.
            if ($value -eq ':files' -or $value -eq ':folders') { return }
            if (-not $meaning) { $meaning = $value }
            [System.Management.Automation.CompletionResult]::new($value, "$value  $meaning", 'ParameterValue', $meaning)
        }
    } finally {
        [Console]::OutputEncoding = $encoding
    }
}
`;
