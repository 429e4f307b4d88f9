#!/bin/sh
# Every check that is not a test. Runs all of them, then fails if any did.
set -u
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
failed=

check() {
    name=$1
    shift
    echo "check: $name"
    "$@" || failed="$failed $name,"
}

check format ruff format --check --quiet .
check lint ruff check --quiet .
check types mypy
check policy anqi check-policy
check migrations anqi check-migrations
check translations python -m service.translations.check

if [ -n "$failed" ]; then
    echo "check: failed:${failed%,}" >&2
    exit 1
fi
echo "check: all passed"
