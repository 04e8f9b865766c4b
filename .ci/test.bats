# The test runner is a gate as well: nothing that went wrong in a test program may read as "passed".

setup() {
    load ../testdata/helpers
    cd "$BATS_TEST_TMPDIR" || return
}

# A test program that prints these lines and ends with this status.
program() { # NAME STATUS LINE...
    local name=$1 status=$2
    shift 2
    {
        printf '#!/bin/sh\n'
        printf "echo '%s'\n" "$@"
        printf 'exit %s\n' "$status"
    } >"$name"
    chmod +x "$name"
}

runs() { # STATUS PROGRAM...
    local expected=$1
    shift
    run "$TOP/.ci/test" --build "$BATS_TEST_TMPDIR" --timeout 5 "$@"
    [ "$status" -eq "$expected" ] || {
        printf 'exit status %s\n%s\n' "$status" "$output" >&2
        return 1
    }
}

last_line() {
    printf '%s\n' "${lines[-1]}"
}

@test "single tests of all programs are summed up" {
    program a_test 0 'TAP version 13' '# random seed: R02S' 1..2 'ok 1 /a/one' 'ok 2 /a/two'
    program b_test 0 1..1 'ok 1 - /b/one'
    runs 0 a_test b_test
    same "3 passed, 0 failed" "$(last_line)"
}

@test "a failed test is shown with what it said" {
    program a_test 1 1..2 'ok 1 one' 'not ok 2 two' '# expected 3'
    runs 1 a_test
    same "1 passed, 1 failed" "$(last_line)"
    [[ $output == *"FAILED a_test: two"*"# expected 3"* ]]
}

@test "a program that ends before its plan is fulfilled has failed tests" {
    program a_test 0 1..3 'ok 1 one'
    runs 1 a_test
    same "1 passed, 2 failed" "$(last_line)"
}

@test "results without a plan are a failure" {
    program a_test 0 'ok 1 one'
    runs 1 a_test
    same "1 passed, 1 failed" "$(last_line)"
}

@test "more results than planned are a failure, and so is a number that comes twice" {
    program a_test 0 1..1 'ok 1 one' 'ok 2 two'
    program b_test 0 1..2 'ok 1 one' 'ok 1 one'
    runs 1 a_test b_test
    same "4 passed, 2 failed" "$(last_line)"
}

@test "an exit status is a failure even where every test is ok" {
    program a_test 23 1..1 'ok 1 one'
    runs 1 a_test
    same "1 passed, 1 failed" "$(last_line)"
    [[ $output == *"the exit status is 23"* ]]
}

@test "a crash is a failure" {
    printf '#!/bin/sh\necho 1..1\necho ok 1 one\nkill -SEGV $$\n' >a_test
    chmod +x a_test
    runs 1 a_test
    same "1 passed, 1 failed" "$(last_line)"
    [[ $output == *"ended by SIGSEGV"* ]]
}

@test "a program that does not end is ended" {
    printf '#!/bin/sh\necho 1..1\nsleep 60 &\nwait\n' >a_test
    chmod +x a_test
    run "$TOP/.ci/test" --build . --timeout 0.5 a_test
    [ "$status" -eq 1 ]
    same "0 passed, 1 failed" "$(last_line)"
    [[ $output == *"not done after 0.5 seconds"* ]]
}

@test "a skip that is not allowed for is a failure, and so is a test marked as unfinished" {
    program a_test 0 1..3 'ok 1 one' 'ok 2 two # SKIP no namespaces' 'not ok 3 three # TO''DO later'
    runs 1 a_test
    same "1 passed, 2 failed" "$(last_line)"
    [[ $output == *"no namespaces"* ]]
}

@test "no test at all is a failure" {
    program a_test 0 1..0
    runs 1
    same "0 passed, 0 failed" "$(last_line)"
    runs 1 a_test
    same "0 passed, 1 failed" "$(last_line)"
    runs 1 gone_test
    same "0 passed, 1 failed" "$(last_line)"
}

@test "a program finds a fixed environment and a folder of its own" {
    printf '#!/bin/sh\necho 1..1\n[ -z "$GIT_DIR$CI" ] && [ -d "$TMPDIR" ] && [ -z "$(ls -A "$HOME")" ] && echo ok 1 one\n' >a_test
    chmod +x a_test
    GIT_DIR=/nowhere CI=true runs 0 a_test
    same "1 passed, 0 failed" "$(last_line)"
}
