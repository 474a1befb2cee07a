# shellcheck shell=sh
# What the scripts beside this file share. Each sources it by its own place: . "$(dirname -- "$0")/lib.sh"

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
export root

# shellcheck source=scripts/versions.sh
. "$root/scripts/versions.sh"

# Tools that take minutes to build stand outside of the repository, one folder for each version: the next clone on this
# machine has them.
tools=${COFFER_TOOLS:-${XDG_CACHE_HOME:-${HOME:-$root}/.cache}/coffer/tools}

# tool_folder CRATE VERSION: where that version of a tool stands.
tool_folder() { printf '%s/%s-%s\n' "$tools" "$1" "$2"; }

# Our own tools come first, then what the packages of the root folder bring: tailwindcss, wasm-opt and esbuild.
PATH=$(tool_folder wasm-bindgen-cli "$wasm_bindgen_version")/bin:$root/node_modules/.bin:$PATH
PATH=$(tool_folder cargo-leptos "$cargo_leptos_version")/bin:$(tool_folder cargo-deny "$cargo_deny_version")/bin:$PATH
export PATH

# say TEXT: one line about what happens, on standard error, so that output can be used by a caller.
say() { printf '%s\n' "$*" >&2; }

# die TEXT: says why and ends with status 1.
die() { say "$(basename -- "$0"): $*"; exit 1; }

has() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" = 0 ]; }

# port_is_free PORT: nobody listens on 127.0.0.1:PORT.
port_is_free() {
  node -e '
    const server = require("node:net").createServer();
    server.once("error", () => process.exit(1));
    server.listen(Number(process.argv[1]), "127.0.0.1", () => server.close());
  ' "$1" 2>/dev/null
}

# remembered_port FILE FIRST: the port written in FILE, or the first free one from FIRST, which is written there.
# Ports below 32768 are not handed out to outgoing connections, so a remembered one stays ours.
remembered_port() {
  if [ -s "$1" ] && port_is_free "$(cat "$1")"; then
    cat "$1"
    return
  fi
  port=$2
  while ! port_is_free "$port"; do
    port=$((port + 1))
    [ "$port" -lt 32768 ] || die "no free port from $2 up to 32767 on 127.0.0.1"
  done
  printf '%s\n' "$port" | tee "$1"
}

# reachable_by USER FOLDER: USER may walk down to FOLDER.
reachable_by() { runuser -u "$1" -- test -x "$2" 2>/dev/null; }

# state_folder NAME USER: where a private service keeps its files. That is target/NAME, or a folder for temporary
# files when the repository lies below a folder that USER may not enter (a home folder of root, say).
state_folder() {
  mkdir -p "$root/target"
  if ! is_root || reachable_by "$2" "$root/target"; then
    printf '%s\n' "$root/target/$1"
  else
    printf '%s\n' "${TMPDIR:-/tmp}/coffer-$1-$(printf '%s' "$root" | cksum | cut -d ' ' -f 1)"
  fi
}

# memory_folder NAME: a place in memory for what may be lost with the machine, where there is one with 2 GB to spare.
memory_folder() {
  [ -d /dev/shm ] && [ -w /dev/shm ] || return 1
  place=/dev/shm/coffer-$1-$(printf '%s' "$root" | cksum | cut -d ' ' -f 1)
  # One that is there stays where it is, however full it has become.
  [ -d "$place" ] || [ "$(df -Pk /dev/shm | awk 'NR == 2 { print $4 }')" -ge 2000000 ] || return 1
  printf '%s\n' "$place"
}

# locked FOLDER COMMAND…: runs COMMAND while no other process does so with the same FOLDER.
locked() {
  lock=$1.lock
  shift
  waited=0
  until mkdir "$lock" 2>/dev/null; do
    waited=$((waited + 1))
    [ "$waited" -lt 300 ] || die "another run has held $lock for a minute: remove that folder if none is running"
    sleep 0.2
  done
  trap 'rmdir "$lock" 2>/dev/null' EXIT INT TERM
  "$@"
}
