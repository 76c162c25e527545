#!/bin/bash
# Runs a command with a private, throw-away Secret Service (Debian: dbus, gnome-keyring): scripts/with-keyring.sh npx vitest run …
set -e
for tool in dbus-run-session gnome-keyring-daemon; do
  command -v "$tool" >/dev/null || { echo "with-keyring.sh: $tool is not installed" >&2; exit 69; }
done
scratch=$(mktemp -d)
mkdir -m 700 "$scratch/home" "$scratch/run"
export HOME="$scratch/home" XDG_RUNTIME_DIR="$scratch/run"
unset XDG_DATA_HOME XDG_CONFIG_HOME
status=0
# The session ends with the command, and takes its keyring daemon with it.
dbus-run-session -- bash -c 'printf "throw-away" | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "$@"' _ "$@" || status=$?
rm -rf "$scratch"
exit "$status"
