#!/usr/bin/env bats
# sallyport run --json: stdout is exactly the result, by the schema in the man page.

setup() {
    load ../testdata/helpers
    fixed_git
    cd "$BATS_TEST_TMPDIR" || return
    for_users
}

# Runs with --json, and compares "STATUS PHASE EXIT_CODE SIGNAL DENIED" of what is valid.
result() { # EXIT LINE ARGUMENT...
    local exit=$1 wanted=$2
    shift 2
    run --separate-stderr --keep-empty-lines "${WRAP[@]}" "$SALLYPORT" run --json "$@"
    printf '%s' "$output" >result.json
    if [ "$status" -ne "$exit" ]; then
        printf 'exit status %s, expected %s\n%s\n%s\n' "$status" "$exit" "$output" "$stderr" >&2
        return 1
    fi
    same "$wanted" "$(python3 "$TOP/testdata/read_reports.py" result result.json)"
}

@test "every status is by the schema, as root and as an ordinary user" {
    printf 'not a program\n' >data
    chmod 755 data
    every() {
        result 0 "success run 0 None None" --no-review -c 'print(1)'
        result 1 "execution_error run 7 None None" --no-review -c 'raise SystemExit(7)'
        result 1 "execution_error build 1 None None" --no-review --lang c -c 'x'
        result 1 "timeout run None None None" --no-review --timeout 300ms --command -- sleep 10
        result 1 "signaled run None 9 None" --no-review -c 'import os; os.kill(os.getpid(), 9)'
        result 1 "signaled run None 6 None" --no-review -c 'import os; os.abort()'
        result 1 "output_limit run 0 None None" --no-review --output 10 -c 'print("x" * 100)'
        result 3 "setup_error None None None None" --command -- no-such-program
        same null "$(field isolation)"
        result 3 "setup_error None None None None" --command -- ./data
        same "start $BATS_TEST_TMPDIR/data: Exec format error" "$(field error)"
    }
    as_both every
}

@test "limits" {
    for WRAP in "" as_user; do
        read -ra WRAP <<<"$WRAP"
        run --separate-stderr "${WRAP[@]}" "$SALLYPORT" run --json --no-review --cpu 1s -c 'while True:
    pass'
        same "1 cpu_limit" "$status $(field status)"
        run --separate-stderr "${WRAP[@]}" "$SALLYPORT" run --json --no-review --memory 64M -c 'x = bytearray(200_000_000)
import time
time.sleep(5)'
        same "1 memory_limit" "$status $(field status)"
        run --separate-stderr "${WRAP[@]}" "$SALLYPORT" run --json --no-review --processes 5 -c 'import subprocess, time
try:
    all = [subprocess.Popen(["sleep", "5"]) for _ in range(10)]
except OSError:
    time.sleep(5)'
        same "1 process_limit" "$status $(field status)"
        run --separate-stderr "${WRAP[@]}" "$SALLYPORT" run --json --no-review --disk 1M -c 'open("a", "wb").write(bytes(2_000_000))'
        same "1 disk_limit" "$status $(field status)"
        printf '%s' "$output" >result.json
        python3 "$TOP/testdata/read_reports.py" result result.json
    done
}

@test "denied: the system call is named" {
    result 1 "denied run None 9 kexec_load" --no-review --lang c -c '#include <sys/syscall.h>
#include <unistd.h>
int main(void) { return (int)syscall(SYS_kexec_load, 0, 0, 0, 0); }'
}

@test "rejected, and an undecided review: nothing was run" {
    result 1 "rejected None None None None" -c 'import os; os.system("id")'
    same null "$(field isolation)"
    [[ $stderr == *python.os-system* ]]
    WRAP=(env PATH=/usr/bin:/bin)
    result 3 "setup_error None None None None" -c 'print(6)'
    [[ $(field error) == "the review is undecided: 1 file undecided: black: not found on the PATH" ]]
    WRAP=()
    expect 2 run --json --no-such-flag
    same "" "$output"
    expect 2 run --json --memory 1 -c 'print(1)'
    same "" "$output"
}

@test "asked to stop: ended by a signal, and the error says whose" {
    "$SALLYPORT" run --json --command -- sleep 30 >result.json 3>&- &
    pid=$!
    sleep 0.5
    kill -TERM "$pid"
    wait "$pid" || [ $? = 3 ]
    same "signaled run None 9 None" "$(python3 "$TOP/testdata/read_reports.py" result result.json)"
    grep -q '"error": "sallyport was asked to stop"' result.json
}

@test "--exit-code: the program's own" {
    for code in 0 1 7 255; do
        expect "$code" run --no-review --exit-code -c "raise SystemExit($code)"
        expect "$code" run --no-review --exit-code --json -c "raise SystemExit($code)"
    done
    expect 137 run --no-review --exit-code -c 'import os; os.kill(os.getpid(), 9)'
    expect 143 run --no-review --exit-code -c 'import os; os.kill(os.getpid(), 15)'
    expect 137 run --no-review --exit-code --timeout 300ms --command -- sleep 10
    expect 3 run --no-review --exit-code --command -- no-such-program
    expect 1 run --exit-code -c 'import os; os.system("id")'
}

@test "output: UTF-8 as text, else base64; cut at the limit, with the full length" {
    result 0 "success run 0 None None" --no-review -c 'import sys; print("grün ✓"); print("err", file=sys.stderr)'
    same '{"text": "gr\u00fcn \u2713\n", "encoding": "utf-8", "bytes": 10, "truncated": false}' "$(field stdout)"
    same '{"text": "err\n", "encoding": "utf-8", "bytes": 4, "truncated": false}' "$(field stderr)"
    result 0 "success run 0 None None" --no-review -c 'import sys; sys.stdout.buffer.write(b"\xff\x00\x01")'
    same '{"text": "/wAB", "encoding": "base64", "bytes": 3, "truncated": false}' "$(field stdout)"
    result 0 "success run 0 None None" --no-review -c 'print("a\0b", end="")'
    same '{"text": "YQBi", "encoding": "base64", "bytes": 3, "truncated": false}' "$(field stdout)"
    result 1 "output_limit run 0 None None" --no-review --output 10 -c 'import sys; print("x" * 99); print("y" * 5, file=sys.stderr)'
    same '{"text": "xxxxxxxxxx", "encoding": "utf-8", "bytes": 100, "truncated": true}' "$(field stdout)"
    same '{"text": "yyyyy\n", "encoding": "utf-8", "bytes": 6, "truncated": false}' "$(field stderr)"
    # Cut in the middle of a character.
    result 1 "output_limit run 0 None None" --no-review --output 4 -c 'print("ab✓✓")'
    same '{"text": "ab", "encoding": "utf-8", "bytes": 9, "truncated": true}' "$(field stdout)"
    expect 1 run --no-review --output 4 -c 'print("abcdefg")'
    same abcd "$output"
    same "sallyport: stdout cut after 4 of 8 bytes
sallyport: the program wrote more than 4 bytes (output limit)" "$stderr"
}

@test "isolation: every mechanism, in every tier" {
    printf 'version: 1\nsandbox: {require: landlock}\n' >landlock.yaml
    result 0 "success run 0 None None" --command -- true
    same "$("$SALLYPORT" doctor | sed -n 's/^Sandbox: //p')" "$(field isolation tier)"
    same true "$(field isolation mechanisms seccomp applied)"
    WRAP=("$without_namespaces")
    result 0 "success run 0 None None" -p landlock.yaml --command -- true
    same landlock "$(field isolation tier)"
    same false "$(field isolation mechanisms pid_namespace applied)"
    same "create namespaces: Operation not permitted" "$(field isolation mechanisms user_namespace detail)"
    same 1 "$(field isolation mechanisms user_namespace errno)"
    result 3 "setup_error None None None None" --command -- true
    [[ $(field error) == "\`namespaces\` is required, and this machine gives \`landlock\`: "* ]]
    [[ $(field remedy) == *--security-opt* ]]
}

@test "the policy's sandbox.require holds for --command, too" {
    new_repo repo
    printf 'version: 1\nsandbox: {require: full}\n' >.sallyport.yaml
    WRAP=("$without_namespaces")
    expect 3 run --command -- true
    [[ $stderr == *"\`full\` is required"* ]]
    printf 'version: 1\nsandbox: {require: landlock}\n' >.sallyport.yaml
    expect 0 run --command -- true
}
