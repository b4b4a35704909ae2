#!/bin/sh
# Install the Debian packages named, unless all are there already: tools/debian.sh PACKAGE...
set -eu

missing=
for package in "$@"; do
    case $(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true) in
        installed) ;;
        *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    as_root=no
fi
if [ "$as_root" = no ] || ! command -v apt-get >/dev/null; then
    echo "These Debian packages are needed; install them as root, then run make again:" >&2
    echo "  apt-get install$missing" >&2
    exit 1
fi

export DEBIAN_FRONTEND=noninteractive
echo "installing the Debian packages$missing" >&2
$as_root apt-get update -qq
# shellcheck disable=SC2086 # the list is meant to be split
$as_root apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 $missing >/dev/null
