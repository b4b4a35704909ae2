#!/bin/sh
# Make the virtual environment FOLDER hold exactly what the hashed LOCK files name: tools/venv.sh FOLDER LOCK...
#
# Needs nothing but Python 3.11 or newer. Where Debian has split `venv` off, its package is installed when
# this user may do so; otherwise the sentence printed says what to install.
set -eu

folder=$1
shift
installer=$(dirname "$0")/uv.lock

complain() {
    printf '%s\n' "$@" >&2
    exit 1
}

find_python() {
    for name in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11; do
        path=$(command -v "$name") || continue
        if "$path" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$path"
            return
        fi
    done
    complain "Python 3.11 or newer is needed and was not found (looked for ${PYTHON:-python3} and python3.11 to 3.14)." \
        "Install it, or name it: make PYTHON=/path/to/python3.12"
}

make_venv() {
    python=$(find_python)
    rm -rf "$folder"
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        sh "$(dirname "$0")/debian.sh" "python$version-venv" ||
            complain "$python cannot make virtual environments: its ensurepip module is missing." \
                "On Debian or Ubuntu: apt-get install python$version-venv. Then run make again."
    fi
    "$python" -m venv "$folder"
}

if ! "$folder/bin/python" -c '' 2>/dev/null; then
    make_venv
fi
"$folder/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --requirement "$installer"
set -- "$@" "$installer"
VIRTUAL_ENV=$folder "$folder/bin/uv" pip sync --quiet --compile-bytecode --require-hashes "$@"
