#!/usr/bin/env bats
# sallyport check: the snapshot. What linters and jobs see of the repository, and that nothing of it stays.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
    mkdir "$BATS_TEST_TMPDIR/tmp"
    export TMPDIR=$BATS_TEST_TMPDIR/tmp
}

# A program called ruff first on the PATH, whose text is standard input.
fake_ruff() {
    mkdir -p "$BATS_TEST_TMPDIR/fake"
    { printf '#!/bin/bash\n' && cat; } >"$BATS_TEST_TMPDIR/fake/ruff"
    chmod +x "$BATS_TEST_TMPDIR/fake/ruff"
    PATH="$BATS_TEST_TMPDIR/fake:$PATH"
}

ruff_only() { # RUFF-SETTING FURTHER-LINE...
    printf '%s\n' 'version: 1' 'rules: off' "linters: {ruff: {$1}}" "${@:2}" >.sallyport.yaml
}

# Every file of the repository, .git included, with its bytes, its mode and its times.
everything() {
    find . -type f -exec sha256sum {} + | sort
    find . -printf '%p %m %T@ %l\n' | sort
}

# Waits until nothing is below TMPDIR any more.
emptied() { # SECONDS
    local end=$((SECONDS + $1))
    while [ -n "$(ls -A "$TMPDIR")" ]; do
        [ $SECONDS -lt $end ] || return
        sleep 0.02
    done
}

# ---- what is in it

@test "imports of the repository's own modules are first-party, whether they have changed or not" {
    ruff_only 'args: ["--select", "I"]'
    mkdir -p app/db src/lib namespace
    touch app/__init__.py app/db/__init__.py app/db/models.py src/lib/__init__.py helpers.py namespace/part.py
    printf 'import os\n' >README
    commit first
    # Ruff itself has no objection in the work tree, so there is none to be had of the change either.
    printf '%s\n' 'import os' '' 'import numpy' '' 'import app.db.models' 'import helpers' 'import lib' 'import namespace.part' \
        'from app.db import models' '' 'print(os, numpy, app, helpers, lib, models, namespace)' >main.py
    ruff check --no-cache --quiet --select I main.py
    expect 0 check
    git add -A
    expect 0 check --staged
    git commit -q -m second
    expect 0 check --base HEAD^
    git show HEAD >"$BATS_TEST_TMPDIR/p"
    git reset -q --hard HEAD^
    expect 0 check --apply "$BATS_TEST_TMPDIR/p"
    # And where it objects, sallyport does.
    printf '%s\n' 'import os' '' 'import helpers' 'import numpy' '' 'print(os, numpy, helpers)' >main.py
    run ! ruff check --no-cache --quiet --select I main.py
    expect 0 check
    [[ $output == *ruff.I001* ]]
}

@test "a project of its own in a folder, and Ruff's setting src" {
    ruff_only 'args: ["--select", "I"]'
    mkdir -p service/python/inner service/src/other
    printf '[tool.ruff]\nsrc = ["python", "src"]\n' >service/pyproject.toml
    touch service/python/inner/__init__.py service/src/other/__init__.py service/near.py
    commit first
    printf '%s\n' 'import numpy' '' 'import inner' 'import other' '' 'print(numpy, inner, other)' >service/main.py
    ruff check --no-cache --quiet --select I service/main.py
    expect 0 check
    [[ $output == "passed: no findings"* ]]
}

@test "a type checker reads the modules that a change imports, and what it says of these is not of the change" {
    [ -x "$TOP/.venv/bin/mypy" ]
    printf '%s\n' 'version: 1' 'rules: off' 'linters:' '  mypy:' '    files: ["*.py"]' \
        '    command: [mypy, --no-incremental, --cache-dir=/dev/null, --no-error-summary, --ignore-missing-imports, "{files}"]' \
        '    output: gcc' >.sallyport.yaml
    printf 'import far_away\n\ndef double(n: int) -> int:\n    return far_away.of(n)\n\n\nOLD: int = "wrong"\n' >helpers.py
    commit first
    printf 'import helpers\n\nhelpers.double(2)\n' >main.py
    expect 0 check
    [[ $output == "passed: no findings; 1 file reviewed"* ]]
    printf 'import helpers\n\nhelpers.double("two")\n' >main.py
    expect 1 check
    [[ $output == *main.py*"3"*'"double" has incompatible type'* && $output != *helpers.py* ]]
}

@test "packages: __init__.py up the tree, so that a module knows its own" {
    ruff_only 'args: ["--select", "I"]'
    mkdir -p top/sub
    touch top/__init__.py top/sub/__init__.py top/other.py
    commit first
    printf '%s\n' 'import numpy' '' 'from top import other' '' 'print(numpy, other)' >top/sub/a.py
    expect 0 check
    [[ $output == "passed: no findings"* ]]
}

@test "what belongs to it and cannot be read makes the linter's files undecided: it would see less" {
    printf '%s\n' 'version: 1' 'linters:' \
        '  cc: {files: ["*.c"], command: [cc, -fsyntax-only, -Wall, "{files}"], output: gcc, needs: ["*.h"]}' \
        '  ruff: {}' >.sallyport.yaml
    printf 'static void unused(void) {}\n' >a.h
    printf 'y = 1\n' >lib.py
    commit first
    printf '#include "a.h"\n' >a.c
    printf 'import lib\n\nprint(lib.y)\n' >a.py
    commit second
    expect 0 check --base HEAD^
    # As in a partial clone, or a damaged one.
    local name object
    for name in a.h lib.py; do
        object=$(git rev-parse HEAD:$name)
        mv ".git/objects/${object:0:2}/${object:2}" "../$name.object"
        expect 3 check --base HEAD^
        [[ $output == *"  undecided  "*": $name: cannot read an object: "* && $output == *" 2 undecided" ]]
        mv "../$name.object" ".git/objects/${object:0:2}/${object:2}"
    done
    expect 0 check --base HEAD^
}

@test "it holds the change and what belongs to it, however large the repository is" {
    ruff_only ''
    mkdir -p a/b many
    touch a/__init__.py a/b/__init__.py helpers.py
    printf 'line-length = 100\n' >ruff.toml
    printf 'line-length = 90\n' >a/ruff.toml
    local i
    for i in $(seq 500); do printf 'X = %s\n' "$i" >"many/m$i.py"; done
    commit first
    printf 'import helpers\n' >a/b/c.py
    fake_ruff <<<'find . -mindepth 1 | LC_ALL=C sort | tr "\n" " " >&2; exit 9'
    expect 3 check
    [[ $output == *": ./a ./a/__init__.py ./a/b ./a/b/__init__.py ./a/b/c.py ./a/ruff.toml ./helpers.py ./ruff.toml"* ]]
}

@test "a check can change nothing of it" {
    ruff_only ''
    mkdir sub
    printf 'X = 1\n' >sub/a.py
    printf 'line-length = 100\n' >ruff.toml
    fake_ruff <<'EOT'
for action in 'echo >sub/a.py' 'echo >>ruff.toml' 'rm -f sub/a.py' 'mkdir sub/new' 'touch new' 'chmod 777 sub' \
    'mv sub other' 'ln -s / link' 'chmod 644 ruff.toml' 'touch sub/a.py'; do
    if (eval "$action") 2>/dev/null; then echo "could: $action" >&2; fi
done
echo "looked at: $(cat sub/a.py)" >&2
exit 9
EOT
    expect 3 check
    [[ $output == *"looked at: X = 1"* && $output != *could:* ]]
}

@test "a job changes a copy that is its own" {
    printf '%s\n' 'version: 1' 'linters: {}' 'run:' \
        '  - {name: one, command: [sh, -c, "echo changed >a.txt; touch new; cat a.txt; exit 3"]}' \
        '  - {name: two, command: [sh, -c, "cat a.txt; ls; exit 4"]}' >.sallyport.yaml
    printf 'as committed\n' >a.txt
    commit first
    local before
    before=$(everything)
    expect 1 check --all -j 1
    [[ $output == *changed* && $output == *"as committed"* && $output != *"| new"* ]]
    same "$before" "$(everything)"
}

# ---- and that it goes

@test "it is made below TMPDIR, also where that is relative; where it cannot be made, all is undecided" {
    ruff_only ''
    printf 'import os\n' >a.py
    mkdir ../there
    TMPDIR=../there
    expect 1 check --no-cache
    [[ -z $stderr && -z $(ls -A ../there) ]]
    TMPDIR=../nowhere
    expect 3 check --no-cache
    [[ $output == *"  undecided  ruff: cannot make a private folder where TMPDIR says: No such file or directory"* ]]
}

@test "it is gone after exit, whatever the verdict" {
    ruff_only ''
    printf 'X = 1\n' >a.py
    expect 0 check
    same "" "$(ls -A "$TMPDIR")"
    printf 'import os\n' >a.py
    expect 1 check
    same "" "$(ls -A "$TMPDIR")"
    ruff_only 'version: ">=99"'
    expect 3 check
    same "" "$(ls -A "$TMPDIR")"
    ruff_only '' 'run: [{name: deep, command: [sh, -c, "mkdir -p a/b && chmod 0 a/b a && exit 1"]}]'
    printf 'X = 1\n' >a.py
    expect 1 check
    same "" "$(ls -A "$TMPDIR")"
}

@test "it is gone after SIGINT, SIGTERM, SIGHUP, a crash, and SIGKILL" {
    ruff_only ''
    printf 'X = 1\n' >a.py
    fake_ruff <<<'exec sleep 6'"$$"
    local before name pid
    before=$(everything)
    for name in INT TERM HUP SEGV ABRT KILL; do
        # What a shell starts in the background ignores SIGINT.
        env --default-signal=INT "$SALLYPORT" check >/dev/null 2>&1 3>&- &
        pid=$!
        until pgrep -f "^sleep 6$$\$" >/dev/null; do sleep 0.01; done
        [ -n "$(ls -A "$TMPDIR")" ]
        kill -s $name "$pid"
        wait "$pid" 2>/dev/null || true
        emptied 5
        same "" "$(ls -A "$TMPDIR")"
        same "$before" "$(everything)"
    done
}

@test "a kill at any moment leaves the repository as it is, and nothing behind that the next run does not remove" {
    ruff_only '' 'run: [{name: job, command: [sh, -c, "echo x >y; sleep 0.05"]}]'
    printf 'X = 1\n' >a.py
    printf 'X = 1\n' >b.py
    commit first
    printf 'X = 2\n' >a.py
    git add a.py
    expect 0 check --staged # how long a run takes
    local before start length pid i
    before=$(everything)
    start=$(date +%s%N)
    expect 0 check --staged
    length=$((($(date +%s%N) - start) / 1000))
    RANDOM=20260101
    for i in $(seq 50); do
        "$SALLYPORT" check --staged >/dev/null 2>&1 3>&- &
        pid=$!
        sleep "$(printf '0.%06d' $(((RANDOM * 32768 + RANDOM) % (length < 900000 ? length : 900000))))"
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
        same "$before" "$(everything)"
    done
    emptied 5
    expect 0 check --staged
    emptied 5
    same "" "$(ls -A "$TMPDIR")"
    same "$before" "$(everything)"
}
