#!/bin/sh
# Make the virtual environment FOLDER hold exactly what the hashed LOCK files name: tools/venv.sh FOLDER LOCK...
#
# Needs nothing but Python 3.11 or newer. Where Debian has split `venv` off, its package is installed when
# this user may do so; otherwise the sentence printed says what to install. The system's own Python comes first:
# Debian compiles it with a profile, and what a version manager compiled plainly takes a third longer.
set -eu

folder=$1
shift
installer=$(dirname "$0")/uv.lock

complain() {
    printf '%s\n' "$@" >&2
    exit 1
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

has_ensurepip() {
    "$1" -c 'import ensurepip' 2>/dev/null
}

make_venv() {
    rm -rf "$folder"
    candidates=${PYTHON:-/usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11}
    found=
    for name in $candidates; do
        python=$(command -v "$name") && is_new_enough "$python" || continue
        found=$python
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if has_ensurepip "$python" || sh "$(dirname "$0")/debian.sh" "python$version-venv" 2>/dev/null; then
            "$python" -m venv "$folder"
            return
        fi
    done
    [ -n "$found" ] || complain \
        "Python 3.11 or newer is needed and was not found (looked for: $candidates)." \
        "Install it, or name it: make PYTHON=/path/to/python3.12"
    complain "$found cannot make virtual environments: its ensurepip module is missing." \
        "On Debian or Ubuntu: apt-get install python$version-venv. Then run make again."
}

if ! "$folder/bin/python" -c '' 2>/dev/null; then
    make_venv
fi
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$installer"
set -- "$@" "$installer"
VIRTUAL_ENV=$folder "$folder/bin/uv" pip sync --quiet --compile-bytecode --require-hashes "$@"
