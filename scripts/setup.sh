# Sourced by ./scripts/build and ./scripts/test: brings a fresh machine to a working .venv, once.
# Needs Debian/Ubuntu (apt) or macOS (brew) and Python >= 3.11; a second run finds a matching stamp and does nothing.

set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
die() { say "setup: $*"; exit 1; }

find_python() {
    for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
        [ -n "$candidate" ] || continue
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    die "no Python 3.11 or newer found; install one, or point to it with PYTHON=/path/to/python3 $0"
}

# pycairo and manimpango come as source on Linux: they need a compiler and the headers of Cairo and Pango.
missing_system_packages() {
    case "$(uname -s)" in
    Linux)
        command -v cc >/dev/null || echo build-essential
        command -v pkg-config >/dev/null || echo pkg-config
        pkg-config --exists cairo 2>/dev/null || echo libcairo2-dev
        pkg-config --exists pangocairo 2>/dev/null || echo libpango1.0-dev
        "$python" -c 'import sysconfig, os, sys; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' || echo python3-dev
        "$python" -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv
        ;;
    Darwin)
        command -v pkg-config >/dev/null || echo pkg-config
        pkg-config --exists cairo 2>/dev/null || echo cairo
        pkg-config --exists pangocairo 2>/dev/null || echo pango
        ;;
    *) die "this system is not supported (Debian, Ubuntu or macOS expected)" ;;
    esac
}

install_system_packages() {
    packages=$(missing_system_packages | tr '\n' ' ')
    [ -n "${packages% }" ] || return 0
    if [ "$(uname -s)" = Darwin ]; then
        command -v brew >/dev/null || die "these libraries are missing: ${packages}- install Homebrew, then run: brew install $packages"
        say "setup: installing $packages(brew)"
        brew install $packages >&2 || die "brew could not install them; run: brew install $packages"
        return
    fi
    command -v apt-get >/dev/null || die "these packages are missing: ${packages}- install them with your package manager"
    if [ "$(id -u)" = 0 ]; then as_root=
    elif sudo -n true 2>/dev/null; then as_root="sudo -n"
    else die "these system libraries are missing and need an administrator; run this, then try again:
    sudo apt-get update && sudo apt-get install -y $packages"
    fi
    say "setup: installing $packages(apt)"
    log=$(mktemp)
    if ! { $as_root apt-get update && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y --no-install-recommends $packages; } >"$log" 2>&1; then
        tail -n 5 "$log" >&2
        die "apt could not install them; run: apt-get update && apt-get install -y $packages"
    fi
    rm -f "$log"
}

# setup_environment EXTRAS: .venv with the pinned dependencies of the package and the named extras.
setup_environment() {
    extras=$1
    stamp=.venv/.installed-$extras
    wanted=$(cat pyproject.toml constraints.txt | cksum)
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
    python=$(find_python)
    install_system_packages
    [ -x .venv/bin/python ] || "$python" -m venv .venv || die "could not make .venv with $python"
    say "setup: installing the pinned Python packages into .venv (once, 1 to 3 minutes)"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
        --constraint constraints.txt --editable ".[$extras]" >&2 ||
        die "pip could not install the packages; the lines above say why (is a package index reachable?)"
    echo "$wanted" >"$stamp"
}
