#!/bin/sh
# Installs mig:
#
#     curl -fsSL https://github.com/mig-sql/mig/releases/latest/download/install.sh | sh
#
# It downloads the archive for this machine, checks it against the release's SHA256SUMS, tries what is inside, and only then
# puts it in the place of a mig that is there. These variables change what it does:
#
#     MIG_VERSION        the version, such as 0.1.0; else the latest
#     MIG_INSTALL_DIR    the folder that mig goes into; else ~/.local/bin
#     MIG_INSTALL_URL    where the releases are, in the layout of https://github.com/mig-sql/mig/releases

set -eu

# All is in functions, and the last line calls them: of a download that was cut off, nothing is run.
main() {
  work=
  beside=
  made=
  newline='
'
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP

  choose_folder
  find_platform
  choose_release
  check_programs
  work=$(mktemp -d "${TMPDIR:-/tmp}/mig-install.XXXXXX") || fail "cannot make a temporary folder in ${TMPDIR:-/tmp}" \
    "set TMPDIR to a folder that you may write to"

  archive=mig-$platform.tar.gz
  download SHA256SUMS quietly
  find_checksum
  say "downloading $archive from $release"
  download "$archive" visibly
  check_archive
  install_executable
  say_what_is_next
}

choose_folder() {
  if [ -n "${MIG_INSTALL_DIR:-}" ]; then
    folder=$MIG_INSTALL_DIR
  else
    [ -n "${HOME:-}" ] || fail "HOME is not set" "set MIG_INSTALL_DIR to the folder that mig shall go into"
    folder=$HOME/.local/bin
  fi
  case $folder in
    /*) ;;
    *) folder=$PWD/$folder ;;
  esac
  [ "$folder" = / ] || folder=${folder%/}
  [ ! -d "$folder/mig" ] || fail "$folder/mig is a folder" "choose another folder: set MIG_INSTALL_DIR"
  # Before anything is downloaded: the folder itself, or the one in which it will be made.
  there=$folder
  while [ ! -e "$there" ]; do there=$(dirname "$there"); done
  [ -d "$there" ] || fail "cannot install into $folder: $there is not a folder" "set MIG_INSTALL_DIR to a folder"
  if [ ! -w "$there" ] || [ ! -x "$there" ]; then cannot_write "$there"; fi
}

cannot_write() {
  fail "cannot install into $folder: you may not write to $1" \
    "set MIG_INSTALL_DIR to a folder of yours, or run this as a user who may"
}

# As in the names of the archives: linux-x64, linux-arm64-musl, macos-arm64.
find_platform() {
  system=$(uname -s)
  machine=$(uname -m)
  case $system in
    Linux) os=linux ;;
    Darwin) os=macos ;;
    MINGW* | MSYS* | CYGWIN*) fail "this script does not install on Windows" "use install.ps1, in PowerShell" ;;
    *) no_release ;;
  esac
  case $machine in
    x86_64 | amd64) cpu=x64 ;;
    aarch64 | arm64) cpu=arm64 ;;
    *) no_release ;;
  esac
  if [ $os = macos ]; then
    # A shell that runs translated, by Rosetta, is told that the machine is another one.
    [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || :)" != 1 ] || cpu=arm64
    libc=
  else
    # A 64-bit kernel may run 32-bit programs only, as on some Raspberry Pis.
    [ "$(getconf LONG_BIT 2>/dev/null || echo 64)" = 64 ] || { machine="32-bit $machine" && no_release; }
    if uses_musl; then libc=-musl; else libc=; fi
  fi
  platform=$os-$cpu$libc
}

no_release() {
  fail "there is no released mig for $system on $machine" \
    "it may be built from source: https://github.com/mig-sql/mig"
}

uses_musl() {
  # The loader's file alone does not tell: Debian has a package with musl's, Alpine one with a stand-in for glibc's.
  case $(ldd --version 2>&1 || :) in
    *musl*) return 0 ;;
    *GLIBC* | *"GNU libc"* | *"Free Software Foundation"*) return 1 ;;
  esac
  for loader in /lib/ld-musl-*; do [ ! -e "$loader" ] || return 0; done
  return 1
}

choose_release() {
  base=${MIG_INSTALL_URL:-https://github.com/mig-sql/mig/releases}
  base=${base%/}
  version=${MIG_VERSION:-}
  version=${version#v}
  case $version in
    "" | latest) version= && release=$base/latest/download ;;
    *[!0-9A-Za-z.+-]*) fail "MIG_VERSION=$MIG_VERSION is no version" "such as MIG_VERSION=0.1.0, or leave it out" ;;
    *) release=$base/download/v$version ;;
  esac
}

check_programs() {
  for program in mktemp tar gzip; do
    has "$program" || fail "$program is missing on this machine" "install it, and run this again"
  done
  has curl || has wget || fail "neither curl nor wget is on this machine" "install one of them, and run this again"
  has sha256sum || has shasum || has openssl || fail "nothing on this machine can check a download" \
    "install sha256sum, shasum or openssl, and run this again"
}

# Into the work folder. The second word says whether somebody wants to see it move.
download() {
  if has curl; then
    case $2 in
      visibly) if [ -t 2 ]; then bar=--progress-bar; else bar=--silent; fi ;;
      *) bar=--silent ;;
    esac
    # From https to nothing less, wherever it redirects to.
    case $release in https:*) only='=https' ;; *) only='=http,https,file' ;; esac
    curl --fail --location --show-error $bar --proto "$only" --connect-timeout 20 --retry 2 \
      --output "$work/$1" "$release/$1" && return
  else
    # GNU's, when quiet, does not say what went wrong, but its exit code does. Busybox's says it; some crash with a -T.
    case $(wget --version 2>&1 || :) in *"GNU Wget"*) patience='-T 30' ;; *) patience= ;; esac
    # shellcheck disable=SC2086 # two words, or none
    wget -q $patience -O "$work/$1" "$release/$1" && return
    case $? in
      4) why=": the server cannot be reached" ;;
      5) why=": the server's certificate is not trusted" ;;
      8) why=": the server answers that it does not have it" ;;
    esac
  fi
  fail "cannot download $release/$1${why:-}" "check the network${version:+, and that there is a version $version}; nothing was installed"
}

find_checksum() {
  expected=
  others=
  while read -r sum name; do
    case $name in
      "$archive" | "*$archive") expected=$sum ;;
      *.tar.gz | *.zip) others="$others $name" ;;
    esac
  done <"$work/SHA256SUMS"
  [ -n "$expected" ] || fail "this release has no $archive; it has${others:- nothing}" \
    "choose another release with MIG_VERSION, or build mig from source: https://github.com/mig-sql/mig"
}

check_archive() {
  if has sha256sum; then
    line=$(sha256sum <"$work/$archive")
  elif has shasum; then
    line=$(shasum -a 256 <"$work/$archive")
  else
    line=$(openssl dgst -sha256 -r <"$work/$archive")
  fi
  actual=${line%%[ *]*}
  [ "$actual" = "$expected" ] || fail "the checksum of $archive is wrong: $actual instead of $expected" \
    "the download is damaged, or somebody has altered it: try again later; nothing was installed"
}

# Beside the one that is there, and then renamed over it: a mig that runs goes on, and at no moment is there half of one.
install_executable() {
  tar -xzf "$work/$archive" -C "$work" mig || fail "cannot unpack $archive" "nothing was installed"
  before=$("$folder/mig" --version 2>/dev/null </dev/null || :)
  # Of another program, which may have much to say, the first line.
  before=${before%%"$newline"*}
  [ -d "$folder" ] || made=$folder
  mkdir -p "$folder" || cannot_write "$there"
  beside=$folder/.mig-install.$$
  { cp "$work/mig" "$beside" && chmod 755 "$beside"; } || cannot_write "$folder"
  said=$("$beside" --version 2>&1 </dev/null) || does_not_run
  installed=$said
  mv -f "$beside" "$folder/mig" || cannot_write "$folder"
  made=
}

does_not_run() {
  case $said in
    *libstdc++* | *libgcc*) hint="install the C++ library that it needs, on Alpine Linux with: apk add libstdc++" ;;
    *) hint="please report it: https://github.com/mig-sql/mig/issues" ;;
  esac
  fail "mig for $platform does not run on this machine: ${said%%"$newline"*}" "$hint; nothing was installed"
}

say_what_is_next() {
  case $before in
    "") instead= ;;
    "$installed") instead=", again" ;;
    *) instead=", in the place of $before" ;;
  esac
  say "installed $installed for $platform as $folder/mig$instead"
  case :$PATH: in
    *":$folder:"*)
      first=$(command -v mig || :)
      if [ "$first" = "$folder/mig" ]; then
        say "next: mig init"
      else
        say "note: on your PATH, $first comes before it: remove that one, or put $folder first"
      fi
      ;;
    *)
      case ${SHELL:-} in
        */fish) say "next: put it on your PATH: fish_add_path $folder" && return ;;
        */zsh) profile=.zshrc ;;
        */bash) profile=.bashrc ;;
        *) profile=.profile ;;
      esac
      say "next: put it on your PATH, with this line in ~/$profile for the shells to come:"
      say "  export PATH=\"$folder:\$PATH\""
      ;;
  esac
}

has() {
  command -v "$1" >/dev/null 2>&1
}

say() {
  printf '%s\n' "$1"
}

fail() {
  printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
  exit 1
}

clean_up() {
  [ -z "$beside" ] || rm -f "$beside"
  [ -z "$work" ] || rm -rf "$work"
  # The folders that were made for nothing.
  while [ -n "$made" ] && [ "$made" != "$there" ] && rmdir "$made" 2>/dev/null; do made=$(dirname "$made"); done
}

main "$@"
