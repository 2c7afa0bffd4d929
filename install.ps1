# Installs mig on Windows, with PowerShell 5.1 or later:
#
#     irm https://github.com/mig-sql/mig/releases/latest/download/install.ps1 | iex
#
# It downloads the archive, checks it against the release's SHA256SUMS, tries what is inside, and only then puts it in the
# place of a mig that is there. These variables change what it does:
#
#     MIG_VERSION        the version, such as 0.1.0; else the latest
#     MIG_INSTALL_DIR    the folder that mig goes into; else %USERPROFILE%\.local\bin
#     MIG_INSTALL_URL    where the releases are, in the layout of https://github.com/mig-sql/mig/releases

# All is in functions, and the last line calls them: of a download that was cut off nothing is run, and no setting stays in the
# shell that runs this.
function Install-Mig {
  $ErrorActionPreference = 'Stop'
  # The bar of PowerShell 5.1 makes a download many times slower.
  $ProgressPreference = 'SilentlyContinue'
  # PowerShell 5.1 does not use it of its own accord.
  [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

  if ($env:OS -ne 'Windows_NT') { throw 'this script installs on Windows; elsewhere, use install.sh' }
  if (-not [Environment]::Is64BitOperatingSystem) { throw 'there is no released mig for 32-bit Windows' }
  # Windows on ARM runs programs for x64 too.
  $archive = 'mig-windows-x64.zip'

  $folder = if ($env:MIG_INSTALL_DIR) { $env:MIG_INSTALL_DIR } else { Join-Path $env:USERPROFILE '.local\bin' }
  $folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($folder)
  $base = if ($env:MIG_INSTALL_URL) { $env:MIG_INSTALL_URL.TrimEnd('/') } else { 'https://github.com/mig-sql/mig/releases' }
  $version = "$env:MIG_VERSION" -replace '^v', ''
  $release = if ($version -in '', 'latest') { "$base/latest/download" } else { "$base/download/v$version" }

  $id = [Guid]::NewGuid().ToString('N')
  $work = Join-Path ([IO.Path]::GetTempPath()) "mig-install-$id"
  $mig = Join-Path $folder 'mig.exe'
  $beside = Join-Path $folder "mig-install-$id.exe"
  $made = -not (Test-Path -LiteralPath $folder)
  New-Item -ItemType Directory -Path $work | Out-Null
  try {
    Save-File "$release/SHA256SUMS" "$work\SHA256SUMS"
    $line = Get-Content -LiteralPath "$work\SHA256SUMS" | Where-Object { $_ -match "^[0-9a-f]{64} [ *]$([Regex]::Escape($archive))$" }
    if (-not $line) { throw "the release at $release has no $archive; choose another with MIG_VERSION" }
    $expected = "$line".Substring(0, 64)

    Write-Host "downloading $archive from $release"
    Save-File "$release/$archive" "$work\$archive"
    $actual = (Get-FileHash -Algorithm SHA256 -LiteralPath "$work\$archive").Hash.ToLowerInvariant()
    if ($actual -ne $expected) {
      throw "the checksum of $archive is wrong: $actual instead of $expected; the download is damaged, or somebody has altered it: try again later; nothing was installed"
    }

    Expand-Archive -LiteralPath "$work\$archive" -DestinationPath "$work\unpacked"
    $installed = "$(& "$work\unpacked\mig.exe" --version)"
    if ($LASTEXITCODE -ne 0) { throw "mig does not run on this machine (exit code $LASTEXITCODE); nothing was installed" }
    New-Item -ItemType Directory -Force -Path $folder | Out-Null
    Copy-Item -LiteralPath "$work\unpacked\mig.exe" -Destination $beside
    Set-Executable $beside $mig $id
    $made = $false
  } finally {
    Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
    Remove-Item -LiteralPath $beside -Force -ErrorAction SilentlyContinue
    # It was made for nothing; one that has something in it stays.
    if ($made -and (Test-Path -LiteralPath $folder) -and -not (Get-ChildItem -LiteralPath $folder -Force)) { Remove-Item -LiteralPath $folder }
  }

  Write-Host "installed $installed for windows-x64 as $mig"
  if (($env:Path -split ';').TrimEnd('\') -contains $folder.TrimEnd('\')) {
    Write-Host 'next: mig init'
  } else {
    Write-Host 'next: put it on your PATH, for the windows to come with:'
    Write-Host "  [Environment]::SetEnvironmentVariable('Path', '$folder;' + [Environment]::GetEnvironmentVariable('Path', 'User'), 'User')"
  }
}

function Save-File([string] $url, [string] $path) {
  try {
    Invoke-WebRequest -UseBasicParsing -Uri $url -OutFile $path
  } catch {
    throw "cannot download ${url}: $($_.Exception.Message); nothing was installed"
  }
}

# Windows lets nobody write over a program that runs, but rename it: so the old one steps aside, and goes when it can.
function Set-Executable([string] $from, [string] $to, [string] $id) {
  Get-ChildItem -Path "$to.old-*" | Remove-Item -Force -ErrorAction SilentlyContinue
  $old = "$to.old-$id"
  $replaces = Test-Path -LiteralPath $to
  if ($replaces) { Move-Item -LiteralPath $to -Destination $old }
  try {
    Move-Item -LiteralPath $from -Destination $to
  } catch {
    if ($replaces) { Move-Item -LiteralPath $old -Destination $to }
    throw
  }
  if ($replaces) { Remove-Item -LiteralPath $old -Force -ErrorAction SilentlyContinue }
}

Install-Mig
