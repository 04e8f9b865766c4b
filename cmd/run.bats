#!/usr/bin/env bats
# sallyport run: one piece of code through both doors.

setup() {
    load ../testdata/helpers
    fixed_git
    cd "$BATS_TEST_TMPDIR" || return
}

@test "code that passes is run: its output is the output" {
    expect 0 run -c 'print(sum([1, 2, 3]))'
    same "6" "$output"
    same "" "$stderr"
}

@test "code that the review rejects is not run" {
    expect 1 run -c 'import os; os.system("id")'
    same "" "$output"
    [[ $stderr == *python.os-system* ]]
    [[ $stderr == *rejected* ]]
    [[ $stderr != *uid=* ]]
}

@test "a syntax error is a finding, and nothing is run" {
    expect 1 run -c 'print("started"); print('
    same "" "$output"
    [[ $stderr == *snippet.py* ]]
}

@test "--no-review runs without a review" {
    expect 0 run --no-review -c 'import os; os.system("echo from a shell")'
    same "from a shell" "$output"
}

@test "without a linter on the PATH nothing is run" {
    PATH=/usr/bin:/bin expect 3 run -c 'print(6)'
    same "" "$output"
    [[ $stderr == *ruff* ]]
    [[ $stderr == *undecided* ]]
}

@test "network code fails inside" {
    expect 1 run -c 'import socket; socket.create_connection(("127.0.0.1", 80), 2)'
    same "" "$output"
    [[ $stderr == *OSError* || $stderr == *Error* ]]
    [[ $stderr == *"the program ended with exit code 1"* ]]
    expect 1 run -c 'import urllib.request; urllib.request.urlopen("http://example.org/")'
    [[ $stderr == *"Name or service not known"* || $stderr == *"name resolution"* ]]
}

@test "the exit code and the error of a failing program are told" {
    expect 1 run -c 'print(1 / 0)'
    [[ $stderr == *ZeroDivisionError* ]]
    [[ $stderr == *"exit code 1"* ]]
    expect 1 run -c 'raise SystemExit(7)'
    [[ $stderr == *"exit code 7"* ]]
}

@test "a wall-clock limit" {
    expect 1 run --timeout 400ms -c 'while True:
    pass'
    [[ $stderr == *"was stopped after 400 ms"* ]]
}

@test "a memory limit" {
    expect 1 run --memory 64M -c 'print(len("x" * 200_000_000))'
    same "" "$output"
    [[ $stderr == *"memory limit"* ]]
}

@test "limits out of range are refused with the range" {
    expect 2 run --memory 1 -c 'print(1)'
    [[ $stderr == *--memory* ]]
    expect 2 run --timeout never -c 'print(1)'
    [[ $stderr == *--timeout* ]]
}

@test "a file, its arguments and its standard input" {
    printf 'import sys\n\nprint(sys.argv[1:], sys.stdin.read())\n' >args.py
    printf 'given' >input
    expect 0 run --stdin input args.py -- --flag 'two words'
    same "['--flag', 'two words'] given" "$output"
}

@test "bash and javascript, by name, by #! line, by --lang" {
    printf 'echo "$BASH_VERSION" | grep -c .\n' >a.sh
    expect 0 run a.sh
    same "1" "$output"
    printf '#!/usr/bin/env bash\necho by the line\n' >tool
    expect 0 run tool
    same "by the line" "$output"
    printf 'console.log([1, 2, 3].length);\n' >a.js
    expect 0 run a.js
    same "3" "$output"
    expect 0 run --lang bash -c 'echo $((1 + 2))'
    same "3" "$output"
    expect 2 run --lang pyhton -c 'print(1)'
    [[ $stderr == *"did you mean 'python'?"* ]]
}

@test "code on stdin" {
    run --separate-stderr bash -c 'printf "print(\"from stdin\")\n" | "$1" run -' _ "$SALLYPORT"
    same "0 from stdin" "$status $output"
}

@test "it sees no file of the host, no variable of the caller, and writes to its work directory alone" {
    printf 'secret' >"$BATS_TEST_TMPDIR/secret"
    TOKEN=abc expect 0 run --no-review -c '
import os
print(os.path.exists("'"$BATS_TEST_TMPDIR"'/secret"), os.environ.get("TOKEN"), os.getuid(), os.listdir("/snapshot"))
for path in ("/usr/x", "/snapshot/x", "/x"):
    try:
        open(path, "w")
        print("written", path)
    except OSError as error:
        print(error.strerror)
'
    same "False None 1000 ['snippet.py']
Read-only file system
written /snapshot/x
Read-only file system" "$output"
    [ ! -e x ]
}

@test "a policy's exclusions and jobs are not for the code that is run" {
    new_repo repo
    printf 'version: 1\nlinters: {}\nexclude: ["*"]\nrun: [{name: other, command: [sh, -c, "echo other"]}]\n' >.sallyport.yaml
    expect 1 run -c 'eval(input())'
    [[ $stderr == *python.eval* ]]
    expect 0 run -c 'print("only this")'
    same "only this" "$output"
}

@test "code that no check looks at is not run" {
    new_repo repo
    printf 'version: 1\nlinters: {}\nrules: {packs: []}\n' >.sallyport.yaml
    expect 3 run -c 'print(1)'
    same "" "$output"
}

@test "sandbox: {require: full} runs where control groups are to be had, and is refused elsewhere" {
    new_repo repo
    printf 'version: 1\nlinters: {}\nsandbox: {require: full}\n' >.sallyport.yaml
    if "$SALLYPORT" doctor | grep -q '^  full  *yes'; then
        expect 0 run -c 'print(1)'
        same "1" "$output"
    else
        expect 3 run -c 'print(1)'
        same "" "$output"
        [[ $stderr == *"\`full\` is required"* ]]
    fi
}

@test "wrong requests" {
    expect 2 run
    [[ $stderr == *"what is to be run?"* ]]
    expect 2 run no-such-file.py
    [[ $stderr == *"no-such-file.py: No such file or directory"* ]]
    expect 2 run --no-such-option
    printf 'x' >unknown.zzz
    expect 2 run unknown.zzz
    [[ $stderr == *--lang* ]]
    printf 'print(1)\0' >nul.py
    expect 2 run nul.py
    [[ $stderr == *NUL* ]]
}

@test "--help" {
    expect 0 run --help
    [[ $output == *"--timeout"* ]]
    [[ $output == *"Exit status"* ]]
}
