#!/bin/sh
# Records what the linters print over the files of tree/, for the tests that read it (review/linters/output_test.c).
#
#     PATH=$PWD/.venv/bin:$PATH testdata/linters/record.sh
#
# To be run with the versions that .ci/requirements.txt pins. The tools are started as review/linters/*.c start them, over
# all files of the tree and two more with names that would be a nuisance in a repository. TOOL.out, TOOL.err and TOOL.exit
# are stdout, stderr and exit code of one process over all files; TOOL-single.* the same for the process of its own that a
# file has whose name is not UTF-8; flake8-vv.* is the answer to which files it left out, of which only the lines that say
# it are kept. The folder's name, Python's folder, times and durations are replaced.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
kept=$(mktemp -d)
trap 'rm -rf "$work" "$kept"' EXIT
cp -R "$here/tree/." "$work"
cp "$here/tree/unused.py" "$work/new
line.py"
not_utf8=$(printf 'caf\351.py')
cp "$here/tree/unused.py" "$work/$not_utf8"
cd "$work"
find . -type f -exec touch -d '2026-01-01 00:00:00 UTC' {} +

# As the sandbox has it.
PYTHONUTF8=1 PYTHONSAFEPATH=1 PYTHONIOENCODING=utf-8:surrogateescape NO_COLOR=1 LC_ALL=C.UTF-8
export PYTHONUTF8 PYTHONSAFEPATH PYTHONIOENCODING NO_COLOR LC_ALL
unset RUFF_OUTPUT_FORMAT RUFF_NO_CACHE BLACK_NUM_WORKERS

# keep NAME: what was written to $kept/out, err and exit, as the tests want it.
keep() {
    cp "$kept/exit" "$here/$1.exit"
    for stream in out err; do
        LC_ALL=C sed -e "s#$work#/snapshot#g" \
            -e 's/[0-9]\{4\}-[0-9][0-9]-[0-9][0-9] [0-9:]\{8\}\.[0-9]\{6\}+00:00/2026-01-01 00:00:00.000000+00:00/g' \
            -e 's/[0-9]\{4\}-[0-9][0-9]-[0-9][0-9] [0-9:]\{8\}+00:00/2026-01-01 00:00:00+00:00/g' \
            -e 's/^\[[0-9-]*\]\[[0-9:]*\]/[2026-01-01][00:00:00]/' \
            -e 's/ in: [0-9.]*.*s$/ in: 1ms/' \
            -e 's#^  File "/.*/lib/#  File "/usr/lib/#' \
            "$kept/$stream" >"$here/$1.$stream"
    done
}

# Every file but the configuration, in the order of their bytes; those whose names are not UTF-8 have processes of their
# own with the tools that cannot print them.
list() {
    find . -type f ! -name '.flake8' ! -name '*.toml' -print0 | sed -z 's#^\./##' | LC_ALL=C sort -z
}
list_utf8() {
    list | LC_ALL=C grep -zv "^$not_utf8\$"
}

RS=$(printf '\036')
US=$(printf '\037')
FIELDS="$US%(row)d$US%(col)d$US%(code)s$US%(text)s"
export RS FIELDS kept

list | sed -z 's#^#./#' | xargs -0 sh -c '
    code=0
    ruff check --force-exclude --output-format json --no-cache --no-fix --no-fix-only -v --extend-select E902 -- "$@" \
        >"$kept/out" 2>"$kept/err" || code=$?
    echo "$code" >"$kept/exit"' sh
keep ruff

list_utf8 | xargs -0 sh -c '
    code=0
    flake8 -v --benchmark --format="$RS%(path)s$FIELDS" -- "$@" >"$kept/out" 2>"$kept/err" || code=$?
    echo "$code" >"$kept/exit"' sh
keep flake8

# The question which files it left out.
list_utf8 | xargs -0 sh -c '
    code=0
    flake8 -v --benchmark --format="$RS%(path)s$FIELDS" -vv -- "$@" >"$kept/out" 2>"$kept/err" || code=$?
    echo "$code" >"$kept/exit"' sh
grep -a -A1 'excluded$\|INFO' "$kept/err" >"$kept/short" && mv "$kept/short" "$kept/err"
keep flake8-vv

code=0
flake8 -v --benchmark --format="$RS$FIELDS" -- "$not_utf8" >"$kept/out" 2>"$kept/err" || code=$?
echo "$code" >"$kept/exit"
keep flake8-single

list_utf8 | xargs -0 sh -c '
    code=0
    black --check --diff --no-color -v -- "$@" >"$kept/out" 2>"$kept/err" || code=$?
    echo "$code" >"$kept/exit"' sh
keep black

code=0
black --check --diff --no-color -v --stdin-filename "$not_utf8" -- - <"$not_utf8" >"$kept/out" 2>"$kept/err" || code=$?
echo "$code" >"$kept/exit"
keep black-single
