#!/bin/sh
# Writes the hash-locked requirements files from pyproject.toml. Needs uv (developers only).
# --universal: one file serves Python 3.11, 3.12 and 3.13, with markers where they differ.
set -eu
cd "$(dirname "$0")/.."

lock() {
    output=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        --output-file "$output" "$@"
}

lock requirements-build.txt --group build
lock requirements.txt pyproject.toml
lock requirements-dev.txt pyproject.toml --group dev --constraint requirements.txt
