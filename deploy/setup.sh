#!/bin/sh
# Makes .venv and installs the locked requirements into it.
#
#   deploy/setup.sh run    what the application needs
#   deploy/setup.sh test   also what the tests and checks need
#
# PYTHON=python3.12 chooses the interpreter. A second run changes nothing and is instant;
# it starts again where a lock file, pyproject.toml or the interpreter has changed.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd -P)
kind=${1:-run}
case $kind in
run) requirements=requirements.txt ;;
test) requirements=requirements-dev.txt ;;
*)
    echo "setup: say 'run' or 'test', not '$kind'" >&2
    exit 2
    ;;
esac

say() { echo "setup: $*"; }

fail() {
    echo "setup: $*" >&2
    exit 1
}

# --- system packages -------------------------------------------------------------------------

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_updated=no
install_packages() {
    say "installing Debian packages: $*"
    if [ "$apt_updated" = no ]; then
        apt-get update -qq || fail "apt-get update failed; is this machine connected?"
        apt_updated=yes
    fi
    if ! output=$(DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" 2>&1); then
        fail "apt-get could not install $*: $output"
    fi
}

# Installs what is missing as root on Debian; otherwise says what to install, and stops.
need_packages() {
    can_install || fail "please install these packages and try again:  apt-get install $*"
    install_packages "$@"
}

# --- the interpreter -------------------------------------------------------------------------

supported() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        supported "$PYTHON" || fail "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13"
        python=$PYTHON
        return
    fi
    for python in python3 python3.13 python3.12 python3.11; do
        if supported "$python"; then return; fi
    done
    need_packages python3 python3-venv python3-dev
    python=python3
    supported "$python" ||
        fail "Python 3.11, 3.12 or 3.13 is needed; name one with PYTHON=/path/to/python3.12"
}

# durable-rules has no wheel: it is compiled here, with gcc and the interpreter's headers.
check_compiler() {
    missing=
    command -v gcc >/dev/null 2>&1 || missing="gcc libc6-dev"
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    header='import sysconfig; print(sysconfig.get_path("include") + "/Python.h")'
    [ -f "$("$python" -c "$header")" ] || missing="$missing python$version-dev"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python$version-venv"
    # shellcheck disable=SC2086  # a list of package names
    if [ -n "$missing" ]; then need_packages $missing; fi
}

# --- the virtual environment -----------------------------------------------------------------

interpreter_id() {
    "$1" -I -S -c 'import sys; print(sys.version, sys.base_prefix)' 2>/dev/null
}

# Leaves the interpreter's id in $id.
made_here() {
    [ -f .venv/.made-for ] && [ "$(cat .venv/.made-for)" = "$root" ] || return 1
    id=$(interpreter_id .venv/bin/python) || return 1
    [ -z "${PYTHON:-}" ] || [ "$id" = "$(interpreter_id "$PYTHON")" ]
}

# A .venv that another machine, path, tool or interpreter made would fail later and obscurely.
venv_is_ours() {
    made_here && supported .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1
}

make_venv() {
    find_python
    check_compiler
    if [ -e .venv ] || [ -L .venv ]; then say "remaking .venv"; fi
    rm -rf .venv
    say "making .venv with $("$python" --version)"
    "$python" -m venv .venv
    echo "$root" >.venv/.made-for
}

# All of one kind of installation hangs on these; .venv/.installed-<kind> remembers them.
fingerprint() {
    { echo "$id" && cat pyproject.toml requirements-build.txt "$1"; } | sha256sum | cut -d' ' -f1
}

pip_install() {
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-input "$@" ||
        fail "pip could not install the locked requirements; its message is above"
}

# What only an older lock named would stay importable, and a pytest plugin among it would run.
drop_unlocked() {
    locked=$(sed -n 's/^\([a-z0-9-]*\)==.*/\1/p' requirements*.txt | tr '\n' ' ')
    unlocked=
    for name in $("$python" -m pip list --format=freeze --disable-pip-version-check |
        sed 's/[=@ ].*//' | tr 'A-Z_.' 'a-z--'); do
        case " $locked pip anqi " in
        *" $name "*) ;;
        *) unlocked="$unlocked $name" ;;
        esac
    done
    [ -n "$unlocked" ] || return 0
    say "removing what is no longer needed:$unlocked"
    # shellcheck disable=SC2086  # a list of package names
    "$python" -m pip uninstall -qq --yes --disable-pip-version-check $unlocked
}

install_requirements() {
    python=.venv/bin/python
    check_compiler
    say "installing $requirements"
    # 2.0.28 calls a function that Python 3.13 has dropped under that name.
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 13))'; then
        export CPPFLAGS="-DPyEval_CallObject=PyObject_CallObject ${CPPFLAGS:-}"
    fi
    pip_install --require-hashes -r requirements-build.txt
    pip_install --require-hashes --no-build-isolation -r "$requirements"
    pip_install --no-deps --no-build-isolation --editable .
    drop_unlocked
}

# Is all as the last set-up left it? Starts the interpreter once, as `make run` waits for it.
is_current() {
    made_here || return 1
    # The test tools include everything the application needs.
    stamps=".venv/.installed-test=requirements-dev.txt"
    [ "$kind" = test ] || stamps="$stamps .venv/.installed-run=requirements.txt"
    for stamp in $stamps; do
        file=${stamp%%=*}
        if [ -f "$file" ] && [ "$(cat "$file")" = "$(fingerprint "${stamp#*=}")" ]; then
            return 0
        fi
    done
    return 1
}

# --- what the tests start themselves ---------------------------------------------------------

# A test that needs Chromium is skipped, with the reason, where it cannot be installed.
install_browser() {
    command -v chromium >/dev/null 2>&1 && return
    if can_install; then
        install_packages chromium fonts-noto-cjk
    else
        say "no Chromium: browser tests will be skipped (apt-get install chromium)"
    fi
}

# The book of the law as a PDF needs Chinese fonts; its test says so where there are none.
install_fonts() {
    for font in /usr/share/fonts/opentype/noto/NotoSerifCJK-*.ttc; do
        [ -f "$font" ] && return
    done
    if can_install; then
        install_packages fonts-noto-cjk
    else
        say "no Noto CJK fonts: no PDF of the law (apt-get install fonts-noto-cjk)"
    fi
}

# Two set-ups at once (two terminals, two jobs) would spoil each other's .venv.
if command -v flock >/dev/null 2>&1; then
    exec 9>.setup.lock
    flock 9
fi

if ! is_current; then
    venv_is_ours || make_venv
    install_requirements
    id=$(interpreter_id .venv/bin/python)
    fingerprint "$requirements" >".venv/.installed-$kind"
    say "done"
fi
if [ "$kind" = test ]; then
    install_browser
    install_fonts
fi
