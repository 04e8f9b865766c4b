#!/usr/bin/env bats
# sallyport run --session: a work directory that stays between runs.

setup() {
    load ../testdata/helpers
    fixed_git
    cd "$BATS_TEST_TMPDIR" || return
    for_users
    export XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
    store=$XDG_STATE_HOME/sallyport/sessions
}

# Sessions of whoever `expect` will be.
new_store() {
    rm -rf "$XDG_STATE_HOME"
    mkdir "$XDG_STATE_HOME"
    if [[ ${WRAP[*]} == *as_user* ]]; then chown "$TEST_USER" "$XDG_STATE_HOME"; fi
}

@test "files stay from run to run, as root and as an ordinary user, with and without namespaces" {
    printf 'version: 1\nsandbox: {require: landlock}\n' >landlock.yaml
    keeps() {
        new_store
        expect 0 run -p landlock.yaml --no-review --session lab -c '
import os
os.mkdir("sub")
open("sub/notes", "w").write("one\n")
os.symlink("sub/notes", "link")
os.mkfifo("fifo")
open(os.environ["TMPDIR"] + "/elsewhere", "w").write("x")'
        expect 0 run -p landlock.yaml --no-review --session lab -c 'open("sub/notes", "a").write("two\n")'
        expect 0 run -p landlock.yaml --no-review --session lab -c '
import os
print(open("link").read(), os.readlink("link"), sorted(os.listdir(".")), os.path.exists(os.environ["TMPDIR"] + "/elsewhere"))'
        same "one
two
 sub/notes ['link', 'snippet.py', 'sub'] False" "$output"
        expect 0 run -p landlock.yaml --no-review --session other -c 'import os; print(os.listdir("."))'
        same "['snippet.py']" "$output"
        expect 0 run --sessions
        [[ ${lines[0]} == lab*"4 files  used 0 min ago" && ${lines[1]} == other*"1 files  used 0 min ago" ]]
        expect 0 run --end-session lab
        expect 0 run --sessions
        [[ $output == other* && $output != *lab* ]]
        expect 0 run -p landlock.yaml --no-review --session lab -c 'import os; print(os.listdir("."))'
        same "['snippet.py']" "$output"
    }
    PATH=/usr/bin:/bin
    as_both keeps
    WRAP=("$without_namespaces")
    keeps
    WRAP=(as_user "$without_namespaces")
    keeps
}

@test "processes do not stay" {
    expect 0 run --no-review --session lab --lang bash -c 'sleep 1000 & echo $! >pid'
    expect 0 run --no-review --session lab --lang bash -c '[ -e /proc/$(cat pid)/stat ] && cat /proc/$(cat pid)/comm; ls'
    [[ $output != *sleep* && $output == *pid* ]]
}

@test "a run that fails, or reaches a limit, keeps what it has written" {
    expect 1 run --no-review --session lab -c 'open("a", "w").write("x"); raise SystemExit(1)'
    expect 1 run --no-review --session lab --timeout 500ms -c 'open("b", "w").write("x")
while True:
    pass'
    expect 0 run --no-review --session lab --lang bash -c 'ls'
    same "a
b
snippet.py
snippet.sh" "$output"
}

@test "a program that was never started leaves the session as it was" {
    expect 0 run --no-review --session lab -c 'open("a", "w").write("x")'
    expect 3 run --session lab --command -- no-such-program
    printf 'not a program\n' >data
    chmod 755 data
    expect 3 run --session lab --command -- ./data
    expect 0 run --no-review --session lab --lang bash -c 'ls a'
}

@test "a session is bounded: with more than its disk it stays as it was" {
    expect 0 run --no-review --session lab --disk 1M -c 'open("a", "wb").write(bytes(700_000))'
    expect 1 run --no-review --session lab --disk 1M -c 'open("b", "wb").write(bytes(700_000))'
    same "sallyport: the session stays as it was: the work directory is larger than the limits \`disk\` and \`inodes\`" "$stderr"
    # Neither what was there nor what comes is too much, but both together are.
    expect 0 run --no-review --session lab -c '
for i in range(12):
    open(f"old{i}", "w")'
    expect 1 run --no-review --session lab --inodes 20 -c '
for i in range(12):
    open(f"new{i}", "w")'
    [[ $stderr == *"the session stays as it was"* ]]
    expect 0 run --no-review --session lab --lang bash -c 'ls | grep -c old; ls | grep -c "new\|^b$"; ls a'
    same "12
0
a" "$output"
}

@test "a session that nobody has used for a week is gone" {
    expect 0 run --no-review --session old -c 'open("a", "w")'
    expect 0 run --no-review --session new -c 'open("a", "w")'
    touch -d '6 days ago' "$store/new"
    touch -d '8 days ago' "$store/old"
    expect 0 run --sessions
    [[ $output == new*"used 86"??" min ago" ]]
    [ ! -e "$store/old" ]
    touch -d '8 days ago' "$store/new"
    expect 0 run --no-review --session new --lang bash -c ls
    same snippet.sh "$output"
}

@test "two runs of one session at once wait for each other, those of two do not" {
    local add='
import time
old = open("count").read() if __import__("os").path.exists("count") else ""
time.sleep(0.3)
open("count", "w").write(old + "x")'
    pids=()
    for _ in 1 2 3; do
        "$SALLYPORT" run --no-review --session lab -c "$add" 3>&- &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid"; done
    expect 0 run --no-review --session lab -c 'print(open("count").read())'
    same xxx "$output"
    "$SALLYPORT" run --no-review --session one --command -- sleep 5 3>&- &
    pid=$!
    sleep 0.5
    expect 0 run --no-review --session two --timeout 2s --command -- true
    kill -0 "$pid"
    expect 2 run --end-session one
    same "sallyport: the session 'one' is in use" "$stderr"
    kill -TERM "$pid"
    wait "$pid" || [ $? = 3 ]
}

@test "a run that was killed leaves the session as it was, and nobody waits for it" {
    expect 0 run --no-review --session lab -c 'open("a", "w").write("before")'
    "$SALLYPORT" run --no-review --session lab -c 'import time
open("a", "w").write("after")
print(1, flush=True)
time.sleep(30)' 3>&- &
    pid=$!
    sleep 0.7
    kill -KILL "$pid"
    wait "$pid" || true
    expect 0 run --no-review --session lab -c 'print(open("a").read())'
    same before "$output"
    # Killed between two steps of its end: what it has left is in nobody's way.
    mkdir "$store/lab/next" "$store/lab/old"
    touch "$store/lab/next/file" "$store/lab/old/file"
    expect 0 run --no-review --session lab -c 'print(open("a").read())'
    same before "$output"
    [ ! -e "$store/lab/next" ] && [ ! -e "$store/lab/old" ]
    mv "$store/lab/tree" "$store/lab/old"
    expect 0 run --no-review --session lab -c 'print(open("a").read())'
    same before "$output"
}

@test "names are checked" {
    for name in '' . .. .hidden a/b ../a 'two words' a.lock "$(printf 'x%.0s' {1..65})" $'new\nline'; do
        expect 2 run --no-review --session "$name" -c 'print(1)'
        [[ $stderr == "sallyport: a session's name has at most 64 letters, digits, "* ]]
        expect 2 run --end-session "$name"
    done
    [ ! -e "$store" ] || [ -z "$(ls "$store")" ]
    expect 0 run --no-review --session A-b_c.9 -c 'print(1)'
    expect 2 run --end-session missing
    same "sallyport: there is no session 'missing'" "$stderr"
}

@test "a session's files are for its user alone" {
    expect 0 run --no-review --session lab -c 'open("a", "w").write("x")'
    same "700 700" "$(stat -c %a "$store" "$store/lab" | tr '\n' ' ' | sed 's/ $//')"
}
