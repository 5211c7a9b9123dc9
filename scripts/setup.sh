# Sourced by ./scripts/build and ./scripts/test: brings a fresh machine to a working .venv, once.
# Needs Debian/Ubuntu (apt) or macOS (brew) and Python >= 3.11; a second run finds a matching stamp and does nothing.

set -eu
CDPATH= cd -- "$(dirname -- "$0")/.."

say() { printf '%s\n' "$*" >&2; }
die() { say "setup: $*"; exit 1; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        if is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    die "no Python 3.11 or newer found; install one, or point to it with PYTHON=/path/to/python3 $0"
}

has_headers() {
    "$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))'
}

# pycairo and manimpango come as source on Linux: they need a compiler and the headers of Cairo and Pango.
missing_system_packages() {
    if [ "$system" = Darwin ]; then
        command -v pkg-config >/dev/null || echo pkg-config
        pkg-config --exists cairo 2>/dev/null || echo cairo
        pkg-config --exists pangocairo 2>/dev/null || echo pango
        return
    fi
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    command -v cc >/dev/null || echo build-essential
    command -v pkg-config >/dev/null || echo pkg-config
    pkg-config --exists cairo 2>/dev/null || echo libcairo2-dev
    pkg-config --exists pangocairo 2>/dev/null || echo libpango1.0-dev
    has_headers || echo "$version-dev"
    "$python" -c 'import venv, ensurepip' 2>/dev/null || echo "$version-venv"
}

install_system_packages() {
    system=$(uname -s)
    case $system in
    Linux | Darwin) ;;
    *) die "this system is not supported: $system (Debian, Ubuntu or macOS expected)" ;;
    esac
    packages=$(missing_system_packages | tr '\n' ' ')
    packages=${packages% }
    [ -n "$packages" ] || return 0
    if [ "$system" = Darwin ]; then
        command -v brew >/dev/null ||
            die "these libraries are missing: $packages; install Homebrew, then run: brew install $packages"
        say "setup: installing $packages (brew)"
        # shellcheck disable=SC2086 # a list of words
        brew install $packages >&2 || die "brew could not install them; run: brew install $packages"
        return
    fi
    command -v apt-get >/dev/null ||
        die "these packages are missing: $packages; install them with your package manager (the names are Debian's)"
    if [ "$(id -u)" = 0 ]; then as_root=
    elif sudo -n true 2>/dev/null; then as_root="sudo -n"
    else die "these system libraries are missing and need an administrator; run this, then try again:
    sudo apt-get update && sudo apt-get install -y $packages"
    fi
    say "setup: installing $packages (apt)"
    log=$(mktemp)
    # The variable goes through env, because sudo drops the environment.
    # shellcheck disable=SC2086 # lists of words
    if ! { $as_root apt-get update &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $packages; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        rm -f "$log"
        die "apt could not install them; run: ${as_root:+sudo }apt-get update && ${as_root:+sudo }apt-get install -y $packages"
    fi
    rm -f "$log"
}

# A .venv that was interrupted while it was made, or whose Python is gone, is made anew.
make_venv() {
    if is_new_enough .venv/bin/python && .venv/bin/python -c 'import pip' 2>/dev/null; then
        return
    fi
    "$python" -m venv --clear .venv || die "could not make .venv with $python"
}

# setup_environment EXTRAS: .venv with the pinned dependencies of the package and the named extras ("run", "test",
# "test,frameworks"). Every extra holds all of "run". A moved folder is set up again: its scripts know their old place.
setup_environment() {
    extras=$1
    wanted="$(cat pyproject.toml constraints.txt | cksum) $(pwd -P)"
    for stamp in .venv/.installed-*; do
        case ",${stamp#*-}," in
        *",$extras,"*) ;;
        *) [ "$extras" = run ] || continue ;;
        esac
        [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
    done
    python=$(find_python)
    install_system_packages
    make_venv
    say "setup: installing the pinned Python packages into .venv (once, 1 to 3 minutes)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --constraint constraints.txt --editable ".[$extras]" >&2 ||
        die "pip could not install the packages; the lines above say why (is a package index reachable?)"
    echo "$wanted" >".venv/.installed-$extras"
}
