#!/usr/bin/env bats
# The README's transcripts are run as they stand there: each ```console block, in order, in one shell and one folder.

setup() {
    load ../testdata/helpers
    fixed_git
    mkdir "$BATS_TEST_TMPDIR/bin"
    ln -s "$SALLYPORT" "$BATS_TEST_TMPDIR/bin/sallyport"
    PATH="$BATS_TEST_TMPDIR/bin:$PATH"
    cd "$BATS_TEST_TMPDIR" || return
}

blocks() { awk '/^```console$/ { inside = 1; next } /^```$/ { inside = 0; next } inside' "$TOP/README.md"; }

@test "the transcripts of the README are true" {
    local line script=
    # Each command is shown, then run.
    while IFS= read -r line; do
        if [[ $line == '$ '* ]]; then
            script+="printf '%s\n' $(printf %q "$line")"$'\n'"${line#\$ }"$'\n'
        fi
    done < <(blocks)
    # With the program's own folder taken for one of the system's.
    script=${script//PATH=\/usr\/bin:\/bin/PATH=\/usr\/bin:\/bin:$BATS_TEST_TMPDIR/bin}
    run bash -c "$script"
    same "$(blocks)" "$output"
}

@test "the policy of the README is valid" {
    awk '/^```yaml$/ { inside = 1; next } /^```$/ { inside = 0; next } inside' "$TOP/README.md" >policy.yaml
    expect 0 policy check policy.yaml
    same "policy.yaml: valid" "$output"
}
