# Sourced by bin/up, bin/test and bin/manage: finds Python 3.11 or later and makes .venv.
# POSIX sh; nothing but Debian's own tools is assumed. The rest is done in Python (launcher/).

umask 022
here=$(cd "$(dirname "$0")/.." && pwd -P) || exit 1
unset PYTHONHOME
PYTHONPATH=$here
export PYTHONPATH

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

find_python() {
    for name in python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3; do
        found=$(command -v "$name" 2>/dev/null) || continue
        if "$found" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$found"
            return 0
        fi
    done
    return 1
}

# Python itself, and the packages its virtual environments need, from Debian where they are missing.
install_python() {
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        fail "Python 3.11 or later with venv and pip is missing. Install it, then start again:

    sudo apt-get update && sudo apt-get install --yes python3 python3-venv"
    fi
    echo "  installing python3 and python3-venv with apt"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install --yes -qq \
        --no-install-recommends python3 python3-venv ca-certificates; } >"$here/var/apt.log" 2>&1 ||
        fail "apt could not install python3-venv; its words are in var/apt.log."
}

make_environment() {
    mkdir -p "$here/var" || fail "The folder $here cannot be written: start as the user it belongs to."
    python=$(find_python) || { install_python; python=$(find_python) ||
        fail "This system has no Python 3.11 or later."; }
    "$python" -c 'import venv, ensurepip' 2>/dev/null || { install_python; python=$(find_python); }
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "'$python' cannot make virtual environments: install its venv package, or put a Python that can first on PATH."
    echo "  making .venv with $("$python" --version 2>&1)"
    rm -rf "$here/.venv"
    "$python" -m venv "$here/.venv" || fail "The virtual environment could not be made."
    : >"$here/.venv/.made"
}

# '.made' is written last: an environment whose making was cut short is made again.
environment_works() {
    [ -x "$here/.venv/bin/python" ] || return 1
    [ -e "$here/.venv/.made" ] && return 0
    "$here/.venv/bin/python" -m pip --version >/dev/null 2>&1 && : >"$here/.venv/.made"
}

environment_works || make_environment
