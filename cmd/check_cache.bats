#!/usr/bin/env bats
# sallyport check: what linters found is kept, and found again only where nothing has changed that it depends on.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
    export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
    mkdir "$XDG_CACHE_HOME"
    database=$XDG_CACHE_HOME/sallyport/results-1.db
}

# A policy with these linters.
policy() { # LINTERS
    printf '%s\n' 'version: 1' "linters: {$1}" >.sallyport.yaml
}

# A linter of the policy's own which says in a warning when it was started: two runs never say the same.
clock() { # FURTHER-KEYS
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    cat >"$BATS_TEST_TMPDIR/bin/clock" <<'SCRIPT'
#!/usr/bin/python3
import sys, time
for path in [argument for argument in sys.argv[1:] if argument[:2] != "--"]:
    print(f"{path}:1:1: warning: started at {time.time_ns()}")
SCRIPT
    chmod +x "$BATS_TEST_TMPDIR/bin/clock"
    PATH="$BATS_TEST_TMPDIR/bin:$PATH"
    policy "clock: {files: ['*.py'], command: [clock, '{files}'], output: gcc${1:-}}"
}

# Runs the review, which has to say "the cache knew $1".
knew() { # COUNTS ARGUMENT...
    expect 0 check --staged -v "${@:2}"
    [[ $stderr == *"the cache knew $1"* ]] || {
        printf 'expected %s, and it says: %s\n' "$1" "$stderr" >&2
        return 1
    }
}

@test "a second run over the same content starts no linter, and reports the same to the byte" {
    policy 'ruff: {}, flake8: {}, black: {}'
    printf 'import os\n\n\ndef f(x):\n    y = x==None\n' >a.py
    printf 'print( 1 )\n' >b.py
    printf 'print(1)\n' >c.py
    git add .
    expect 1 check --staged -v -o sarif=../first.sarif -o junit=../first.xml -o text=../first.txt
    [[ $stderr == *"the cache knew 0 of 9 results"* ]]
    expect 1 check --staged -v -o sarif=../second.sarif -o junit=../second.xml -o text=../second.txt
    [[ $stderr == *"the cache knew 9 of 9 results"* ]]
    expect 1 check --staged -v --no-cache -o sarif=../third.sarif -o junit=../third.xml -o text=../third.txt
    [[ $stderr != *cache* ]]
    local format
    for format in sarif xml txt; do
        cmp ../first.$format ../second.$format
        cmp ../first.$format ../third.$format
    done
    grep -q E711 ../second.txt
}

@test "a linter that was not started says what it said before" {
    clock ', alone: true'
    printf 'X = 1\n' >a.py
    git add .
    expect 0 check --staged
    local first=$output
    expect 0 check --staged
    same "$first" "$output"
    expect 0 check --staged --no-cache
    [[ $output != "$first" ]]
    # What --no-cache found is not kept.
    expect 0 check --staged
    same "$first" "$output"
}

@test "a linter of the policy's own is started each time, unless it looks at each file alone" {
    clock
    printf 'X = 1\n' >a.py
    git add .
    expect 0 check --staged
    local first=$output
    expect 0 check --staged -v
    [[ $output != "$first" && $stderr != *"the cache knew"* ]]
}

@test "what changed is looked at, and only that" {
    clock ', alone: true'
    printf 'X = 1\n' >a.py
    printf 'Y = 1\n' >b.py
    git add .
    knew '0 of 2 results'
    printf 'X = 2\n' >a.py
    git add .
    knew '1 of 2 results'
    # The same content elsewhere is another file.
    git mv a.py c.py
    knew '1 of 2 results'
    git mv c.py a.py
    knew '2 of 2 results'
}

@test "another tool, other arguments, another severity, another configuration: it is looked at anew" {
    clock ', alone: true, config: [clock.cfg]'
    printf 'X = 1\n' >a.py
    git add a.py
    knew '0 of 1 result'
    knew '1 of 1 result'
    printf 'setting\n' >clock.cfg
    knew '0 of 1 result'
    knew '1 of 1 result'
    printf 'another\n' >clock.cfg
    knew '0 of 1 result'
    rm clock.cfg
    knew '1 of 1 result'
    printf '# edited\n' >>"$BATS_TEST_TMPDIR/bin/clock"
    knew '0 of 1 result'
    knew '1 of 1 result'
    policy "clock: {files: ['*.py'], command: [clock, '{files}'], output: gcc, alone: true, config: [clock.cfg], severity: {'*': note}}"
    knew '0 of 1 result'
    policy "clock: {files: ['*.py'], command: [clock, './a.py', '{files}'], output: gcc, alone: true, config: [clock.cfg]}"
    knew '0 of 1 result'
    # A file of the host that the policy names.
    printf 'one\n' >"$BATS_TEST_TMPDIR/bin/rc"
    policy "clock: {files: ['*.py'], command: [clock, '--rc=$BATS_TEST_TMPDIR/bin/rc', '{files}'], output: gcc, alone: true}"
    knew '0 of 1 result'
    knew '1 of 1 result'
    printf 'another\n' >"$BATS_TEST_TMPDIR/bin/rc"
    knew '0 of 1 result'
}

@test "Ruff: its configuration, and whether an imported module is the repository's own" {
    policy 'ruff: {args: ["--select", "I,F"]}'
    printf 'import own\nimport requests\n\nprint(own, requests)\n' >a.py
    printf 'print(1)\n' >b.py
    git add .
    expect 0 check --staged -v
    [[ $output != *I001* ]]
    knew '2 of 2 results'
    printf 'OWN = 1\n' >own.py
    git add .
    expect 0 check --staged -v
    # own.py is new, and a.py depends on whether it is there; b.py does not.
    [[ $stderr == *"the cache knew 1 of 3 results"* && $output == *"ruff.I001"* ]]
    printf 'lint.isort.known-third-party = ["own"]\n' >ruff.toml
    expect 0 check --staged -v
    [[ $stderr == *"the cache knew 0 of 3 results"* && $output != *I001* ]]
    rm ruff.toml
    knew '3 of 3 results'
}

@test "a wrapper around a linter may start anything: nothing of it is kept" {
    mkdir ../bin
    printf '#!/bin/sh\nexec "%s/.venv/bin/ruff" "$@"\n' "$TOP" >../bin/ruff
    chmod +x ../bin/ruff
    policy 'ruff: {}'
    printf 'X = 1\n' >a.py
    git add .
    PATH="$BATS_TEST_TMPDIR/bin:$PATH" run "$SALLYPORT" check --staged -v
    [[ $output != *"the cache knew"* ]]
    [ ! -e "$database" ]
    # So it is with what the policy has a shell start, or an interpreter: of the linter itself nothing is known.
    local start
    for start in 'sh, -c, "true \"$@\"", sh' 'env, true' 'python3, -c, "pass"'; do
        policy "wrapped: {files: ['*.py'], command: [$start, '{files}'], output: gcc, alone: true}"
        expect 0 check --staged -v
        [[ $stderr != *"the cache knew"* ]]
    done
    policy "bare: {files: ['*.py'], command: ['true', '{files}'], output: gcc, alone: true}"
    knew "0 of 1 result"
}

@test "what is undecided is not kept" {
    mkdir ../bin
    printf '#!/usr/bin/python3\nimport sys\nsys.exit(9)\n' >../bin/failing
    chmod +x ../bin/failing
    PATH="$BATS_TEST_TMPDIR/bin:$PATH"
    policy "failing: {files: ['*.py'], command: [failing, '{files}'], output: gcc, alone: true}"
    printf 'X = 1\n' >a.py
    git add .
    expect 3 check --staged -v
    expect 3 check --staged -v
    [[ $stderr == *"the cache knew 0 of 1 result"* ]]
    [ ! -e "$database" ] || [ "$(python3 -c 'import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM results").fetchone()[0])' "$database")" = 0 ]
}

@test "a damaged cache is put aside and begun anew, which is said once" {
    clock ', alone: true'
    printf 'X = 1\n' >a.py
    git add .
    knew '0 of 1 result'
    printf 'not what it was' | dd of="$database" conv=notrunc status=none
    expect 0 check --staged
    same "sallyport: note: the cache $database was damaged; it is now ${database%.db}.damaged, and a new one was begun" \
        "$stderr"
    expect 0 check --staged
    same "" "$stderr"
    knew '1 of 1 result'
}

@test "a cache that cannot be used is no error, and is told with -v" {
    clock ', alone: true'
    printf 'X = 1\n' >a.py
    git add .
    printf 'a file\n' >"$XDG_CACHE_HOME/sallyport"
    expect 0 check --staged
    same "" "$stderr"
    expect 0 check --staged -v
    [[ $stderr == *"note: the cache in $XDG_CACHE_HOME/sallyport is not used: it is no folder, or somebody else's"* ]]
    rm "$XDG_CACHE_HOME/sallyport"
    mkdir -m 777 "$XDG_CACHE_HOME/sallyport"
    expect 0 check --staged -v
    [[ $stderr == *"others than its owner may look into it, or write"* ]]
    [ -z "$(ls "$XDG_CACHE_HOME/sallyport")" ]
}

@test "a full disk: nothing is kept, and nothing else changes" {
    clock ', alone: true'
    local i
    for i in {1..60}; do
        printf 'X = %s\n' "$i" >"f$i.py"
    done
    git add .
    # In a mount namespace of its own, where the folder is a disk of that size.
    # shellcheck disable=SC2016 # for the inner shell
    disk() { # SIZE
        WRAP=(unshare --user --map-root-user --mount
            sh -c 'mount -t tmpfs -o "size=$0" none "$XDG_CACHE_HOME" && "$@" && "$@"' "$1")
        expect 0 check --staged -v
    }
    disk 40k
    same 2 "$(grep -c 'the cache knew 0 of 60 results' <<<"$stderr")"
    same 2 "$(grep -c "the cache in $XDG_CACHE_HOME/sallyport is not used: database or disk is full" <<<"$stderr")"
    same 2 "$(grep -c '^passed: 60 warnings in 60 of 61 files' <<<"$output")"
    disk 1m
    [[ $stderr == *"the cache knew 60 of 60 results" ]]
}

@test "a cache into which somebody else can have written is not used" {
    clock ', alone: true'
    printf 'X = 1\n' >a.py
    git add .
    expect 0 check --staged
    local what
    for what in group link symlink other; do
        case $what in
        group) chmod g+w "$database" ;;
        link) ln "$database" "$database.link" ;;
        symlink) mv "$database" "$database.link" && ln -s "$database.link" "$database" ;;
        other)
            [ "$(id -u)" = 0 ] || continue # nobody else's file can be made
            chown "$TEST_USER" "$database"
            ;;
        esac
        expect 0 check --staged -v
        [[ $stderr == *"is not used: results-1.db is no file that is yours alone: remove it"* ]]
        [[ $stderr == *"the cache knew 0 of 1 result"* ]]
        rm "$database"
        expect 0 check --staged
    done
    knew "1 of 1 result"
}

@test "without a home there is none; with one it is private" {
    clock ', alone: true'
    printf 'X = 1\n' >a.py
    git add .
    run --separate-stderr env -u HOME -u XDG_CACHE_HOME "$SALLYPORT" check --staged -v
    [[ $status == 0 && $stderr != *cache* ]]
    run --separate-stderr env -u XDG_CACHE_HOME HOME="$BATS_TEST_TMPDIR/home" "$SALLYPORT" check --staged -v
    [[ $status == 0 && $stderr != *cache* && ! -e ../home ]]
    mkdir ../home
    run --separate-stderr env -u XDG_CACHE_HOME HOME="$BATS_TEST_TMPDIR/home" "$SALLYPORT" check --staged -v
    [[ $status == 0 && $stderr == *"the cache knew 0 of 1 result"* ]]
    same 700 "$(stat -c %a ../home/.cache/sallyport)"
}

@test "runs at the same time share it" {
    clock ', alone: true'
    local i
    for i in {1..30}; do
        printf 'X = %s\n' "$i" >"f$i.py"
    done
    git add .
    for i in {1..6}; do
        "$SALLYPORT" check --staged >"../out$i" 2>&1 &
    done
    wait
    for i in {1..6}; do
        grep -q '^passed' "../out$i"
        ! grep -q '^sallyport: note' "../out$i"
    done
    knew '30 of 30 results'
}

@test "a linter does not see it" {
    mkdir ../bin
    cat >../bin/curious <<'SCRIPT'
#!/usr/bin/python3
import os, sys
place = sys.argv[1]
try:
    found = os.listdir(place)
except OSError as error:
    found = error.strerror
for path in sys.argv[2:]:
    print(f"{path}:1:1: warning: found {found}")
SCRIPT
    chmod +x ../bin/curious
    PATH="$BATS_TEST_TMPDIR/bin:$PATH"
    policy "curious: {files: ['*.py'], command: [curious, '$XDG_CACHE_HOME/sallyport', '{files}'], output: gcc, alone: true}"
    printf 'X = 1\n' >a.py
    git add .
    expect 0 check --staged
    printf 'X = 2\n' >a.py
    git add .
    expect 0 check --staged
    [ -e "$database" ]
    [[ $output == *"found No such file or directory"* ]]
}

@test "--base: what came before is looked at once" {
    policy 'ruff: {}'
    printf 'import os\n\nprint(1)\n' >a.py
    commit first
    git checkout -q -b feature
    printf 'import os\n\nprint(2)\n' >a.py
    commit second
    expect 0 check --base main -v
    [[ $stderr == *"the cache knew 0 of 2 results"* ]]
    expect 0 check --base main -v
    [[ $stderr == *"the cache knew 2 of 2 results"* && $output == *"[out of scope]"* ]]
}
