#!/usr/bin/env bats
# sallyport run: what goes in (standard input, variables) and what comes out (declared outputs); nothing else.

setup() {
    load ../testdata/helpers
    fixed_git
    cd "$BATS_TEST_TMPDIR" || return
    for_users
}

@test "standard input: a file, a pipe, much of it, none" {
    head -c 20000000 /dev/zero >large
    count='import sys; print(len(sys.stdin.buffer.read()))'
    expect 0 run --no-review --stdin large -c "$count"
    same 20000000 "$output"
    run --separate-stderr bash -c 'head -c 200000000 /dev/zero | "$1" run --no-review --stdin - -c "$2"' _ "$SALLYPORT" "$count"
    same "0 200000000" "$status $output"
    run --separate-stderr bash -c 'echo given | "$1" run --no-review -c "$2"' _ "$SALLYPORT" "$count"
    same "0 0" "$status $output"
    expect 2 run --no-review --stdin missing -c "$count"
    same "sallyport: missing: No such file or directory" "$stderr"
    expect 2 run --no-review --stdin - -
    same "sallyport: - and --stdin - cannot both read the standard input" "$stderr"
}

@test "a pipe that never ends does not hold a program that does not read it" {
    run --separate-stderr timeout 10 bash -c 'exec 3>&-; "$1" run --no-review --stdin - -c "print(1)" < <(exec sleep 20)' _ "$SALLYPORT"
    same "0 1" "$status $output"
    run --separate-stderr timeout 10 bash -c 'exec 3>&-; yes | "$1" run --no-review --stdin - -c "print(2)"' _ "$SALLYPORT"
    same "0 2" "$status $output"
}

@test "of the environment only what is named" {
    export TOKEN=abc OTHER=def
    show='import os; print({name: os.environ[name] for name in os.environ if name != "PATH"})'
    expect 0 run --no-review -c "$show"
    same "{'HOME': '/tmp', 'TMPDIR': '/tmp', 'LANG': 'C.UTF-8', 'TZ': 'UTC'}" "$output"
    expect 0 run --no-review --env TOKEN --env TZ=CET --env "EMPTY=" --env "WORDS=a=b c" --env UNSET_HERE -c "$show"
    same "{'HOME': '/tmp', 'TMPDIR': '/tmp', 'LANG': 'C.UTF-8', 'TZ': 'CET', 'TOKEN': 'abc', 'EMPTY': '', 'WORDS': 'a=b c'}" "$output"
    expect 0 run --env TOKEN --command -- sh -c 'echo "$TOKEN $OTHER."; cat /proc/1/environ 2>/dev/null; true'
    [[ $output == "abc ." ]]
}

@test "declared outputs come back, and nothing else" {
    fetches() {
        rm -rf here
        mkdir -m 777 here
        cd here
        expect 0 run --no-review --fetch out.txt --fetch sub/dir/deep.bin -c '
import os
os.makedirs("sub/dir")
open("out.txt", "w").write("text\n")
open("sub/dir/deep.bin", "wb").write(bytes(range(256)))
open("other", "w").write("x")'
        same "out.txt
sub/dir/deep.bin" "$(find . -type f | sed 's,^\./,,' | sort)"
        same text "$(cat out.txt)"
        same 256 "$(stat -c %s sub/dir/deep.bin)"
        cd "$BATS_TEST_TMPDIR"
    }
    as_both fetches
}

@test "what is no regular file, or lies behind a link, does not come back, and that is said" {
    printf 'secret' >secret
    expect 1 run --no-review --file-size 1M --fetch missing --fetch link --fetch behind/passwd --fetch fifo --fetch dir \
        --fetch good --fetch sparse -c '
import os
os.symlink("/etc/passwd", "link")
os.symlink("/etc", "behind")
os.mkfifo("fifo")
os.mkdir("dir")
open("good", "w").write("good")
open("sparse", "w").truncate(1 << 20)'
    same "sallyport: missing did not come back: No such file or directory
sallyport: link did not come back: Too many levels of symbolic links
sallyport: behind/passwd did not come back: Too many levels of symbolic links
sallyport: fifo did not come back: not a regular file
sallyport: dir did not come back: not a regular file" "$stderr"
    same good "$(cat good)"
    same 1048576 "$(stat -c %s sparse)"
    [ ! -e link ] && [ ! -e fifo ] && [ ! -e dir ] && [ ! -e behind ]
}

@test "an output is not written through a link, nor into .git, nor elsewhere" {
    mkdir elsewhere
    printf 'before' >elsewhere/file
    ln -s elsewhere here
    ln -s elsewhere/file out
    expect 1 run --no-review --fetch here/file -c 'import os; os.mkdir("here"); open("here/file", "w").write("after")'
    [[ $stderr == *"here/file: Too many levels of symbolic links"* ]]
    expect 0 run --no-review --fetch out -c 'open("out", "w").write("after")'
    same before "$(cat elsewhere/file)"
    [ ! -L out ]
    for path in /etc/x ../x a/../../x .git/hooks/x a/.GIT/x ./x a//b ''; do
        expect 2 run --no-review --fetch "$path" -c 'print(1)'
        [[ $stderr == "sallyport: --fetch $path: "* ]]
    done
}

@test "outputs come back from a program that fails, too, and its exit code is told" {
    expect 1 run --no-review --fetch log -c 'open("log", "w").write("x"); raise SystemExit(4)'
    same "sallyport: the program ended with exit code 4" "$stderr"
    [ -s log ]
    expect 4 run --no-review --exit-code --json --fetch log --fetch none -c 'open("log", "w").write("xy"); raise SystemExit(4)'
    same '[{"path": "log", "bytes": 2, "error": null}, {"path": "none", "bytes": null, "error": "No such file or directory"}]' "$(field outputs)"
}

@test "network: none, or a loopback interface of its own" {
    listen='
import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
client.send(b"hello")
print(server.accept()[0].recv(5))'
    expect 1 run --no-review -c "$listen"
    same "" "$output"
    expect 0 run --no-review --loopback -c "$listen"
    same "b'hello'" "$output"
    expect 1 run --no-review --loopback -c 'import socket; socket.create_connection(("192.0.2.1", 80), 2)'
    [[ $stderr == *"Network is unreachable"* ]]
}
