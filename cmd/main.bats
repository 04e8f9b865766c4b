#!/usr/bin/env bats
# The program itself: its verbs, its help, what it says to a mistyped word.

setup() {
    load ../testdata/helpers
}

@test "help and version" {
    expect 0 --help
    [[ $output == *"check"*"run"*"policy"*"Exit status"* ]]
    expect 0 --version
    [[ $output =~ ^sallyport\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    expect 0 help check
    [[ $output == *"--staged"* ]]
    expect 0 check --help
    [[ $output == *"--staged"* ]]
}

@test "a word that is no verb" {
    expect 2 chekc
    [[ $stderr == *"no such verb 'chekc' (did you mean 'check'?)"* ]]
    expect 2
    [[ $stderr == *"which verb?"* ]]
    expect 2 --staged
    [[ $stderr == *"no such option '--staged'"* ]]
}

@test "nothing but the result is on stdout" {
    expect 2 chekc
    same "" "$output"
    cd "$BATS_TEST_TMPDIR"
    expect 2 check
    same "" "$output"
}

@test "a full disk is not a success" {
    run --separate-stderr bash -c '"$1" --version >/dev/full' _ "$SALLYPORT"
    same "3" "$status"
    [[ $stderr == *"No space left on device"* ]]
}
