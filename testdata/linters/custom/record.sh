#!/bin/sh
# Records what tools print that the policy alone starts, for the test that reads it (review/linters/formats_test.c).
#
#     PATH=$PWD/.venv/bin:$PATH testdata/linters/custom/record.sh
#
# To be run with the versions that .ci/requirements.txt and .ci/eslint pin, ShellCheck 0.9 and Cppcheck 2.10. The folder's
# name is replaced by the one that it has in the sandbox, and the time in Bandit's log is left out.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "$here/tree" "$work/snapshot"
ln -s "$(dirname "$(command -v eslint)")/../node_modules" "$work/node_modules"
cd "$work/snapshot"

# record NAME COMMAND...: NAME.out, NAME.err, NAME.exit
record() {
    name=$1
    shift
    code=0
    "$@" >"$work/out" 2>"$work/err" || code=$?
    echo "$code" >"$here/$name.exit"
    for stream in out err; do
        sed -e "s#$work/snapshot#/snapshot#g" -e 's/"endTimeUtc": "[^"]*"/"endTimeUtc": "2026-01-01T00:00:00Z"/' \
            "$work/$stream" >"$here/$name.$stream"
    done
}

record shellcheck-gcc shellcheck -s sh -f gcc ./greet.shell
record shellcheck-checkstyle shellcheck -s sh -f checkstyle ./greet.shell
record mypy mypy --no-incremental --cache-dir=/dev/null --show-column-numbers ./half.py
record bandit bandit -q -f sarif ./half.py
record eslint eslint -f checkstyle "./sub/a b.js"
record cppcheck cppcheck --enable=style "--template={file}:{line}:{column}: {severity}: {message} [{id}]" ./room.c
