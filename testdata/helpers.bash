# helpers.bash: what the bats files share: repositories with fixed names and dates, and the program under test.
#
#   setup() {
#       load ../testdata/helpers
#       new_repo "$BATS_TEST_TMPDIR/repo"
#   }
#
#   @test "an unused import is rejected" {
#       printf 'import os\n' >a.py && git add a.py
#       expect 1 check --staged
#       [[ $output == *ruff.F401* ]]
#   }
#
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
: "${SALLYPORT:=$TOP/build/sallyport}"

# The same author, committer and date for every commit, and no settings of whoever runs the tests.
fixed_git() {
    # shellcheck disable=SC2046 # names of variables: no spaces in them
    unset $(git rev-parse --local-env-vars) GIT_DEFAULT_HASH
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
    export GIT_AUTHOR_NAME="Ada Author" GIT_AUTHOR_EMAIL="ada@example.org"
    export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
    export GIT_AUTHOR_DATE="2026-01-01T12:00:00+0000" GIT_COMMITTER_DATE="2026-01-01T12:00:00+0000"
}

# An empty repository, which becomes the current folder.
new_repo() { # DIR
    fixed_git
    mkdir -p "$1"
    cd "$1" || return
    git init --quiet --template= --object-format=sha1 --initial-branch=main
}

# Everything in the work tree.
commit() { # MESSAGE
    git add --all && git commit --quiet --message "$1"
}

# The sample repository (testdata/sample.sh), a copy for this test alone, which becomes the current folder.
sample() {
    fixed_git
    if [ ! -e "$BATS_FILE_TMPDIR/sample" ]; then
        "$TOP/testdata/sample.sh" "$BATS_FILE_TMPDIR/sample" || return
    fi
    cp -R "$BATS_FILE_TMPDIR/sample" "$BATS_TEST_TMPDIR/sample"
    cd "$BATS_TEST_TMPDIR/sample" || return
}

# An ordinary user, who must be able to come to the program and to the test's folder. Where the tests are not run
# by root, it is whoever runs them.
TEST_USER=4242
as_user() { # COMMAND...
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid=$TEST_USER --regid=$TEST_USER --clear-groups \
            env HOME="$BATS_TEST_TMPDIR/user" TMPDIR=/tmp "$@"
    else
        "$@"
    fi
}

# To be called by setup() where as_user or without_namespaces are used: copies of the programs in a place of their own.
for_users() {
    local programs=$BATS_FILE_TMPDIR/programs
    if [ ! -e "$programs" ]; then
        mkdir "$programs"
        cp "$SALLYPORT" "$(dirname "$SALLYPORT")/testdata/without_namespaces" "$programs"
    fi
    SALLYPORT=$programs/sallyport
    # shellcheck disable=SC2034 # for the tests
    without_namespaces=$programs/without_namespaces
    mkdir "$BATS_TEST_TMPDIR/user"
    if [ "$(id -u)" = 0 ]; then
        chmod a+x "$BATS_RUN_TMPDIR"
        chown $TEST_USER "$BATS_TEST_TMPDIR/user"
    fi
}

# Calls a function as root and as an ordinary user: what `expect` runs in there is run as that.
as_both() { # FUNCTION ARGUMENT...
    WRAP=()
    "$@"
    WRAP=(as_user)
    "$@"
    WRAP=()
}

# What $output, as JSON, has there: `field stdout text`.
field() { # KEY...
    # shellcheck disable=SC2154 # output is set by run
    python3 -c 'import json, sys
value = json.loads(sys.argv[1])
for key in sys.argv[2:]:
    value = value[int(key) if isinstance(value, list) else key]
print(value if isinstance(value, str) else json.dumps(value))' "$output" "$@"
}

# Runs the program and expects an exit status: $output is its stdout, $stderr its stderr, as with `run`. In front of
# it stands WRAP, an array that is mostly empty.
expect() { # STATUS ARGUMENT...
    local expected=$1
    shift
    run --separate-stderr "${WRAP[@]}" "$SALLYPORT" "$@"
    # shellcheck disable=SC2154 # status, output and stderr are set by run
    if [ "$status" -ne "$expected" ]; then
        printf 'sallyport %s\nexit status %s, expected %s\n--- stdout\n%s\n--- stderr\n%s\n' \
            "$*" "$status" "$expected" "$output" "$stderr" >&2
        return 1
    fi
}

# Both are the same, or the difference is shown.
same() { # EXPECTED ACTUAL
    diff -u <(printf '%s\n' "$1") <(printf '%s\n' "$2")
}

# Compares with a golden file; `make golden` writes it anew.
golden() { # FILE TEXT
    if [ -n "${SALLYPORT_GOLDEN:-}" ]; then
        mkdir -p "$(dirname "$1")"
        printf '%s\n' "$2" >"$1"
    else
        diff -u "$1" <(printf '%s\n' "$2")
    fi
}
