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
    local line command script=
    # Each command is shown, then run; the program counts as installed.
    while IFS= read -r line; do
        [[ $line == '$ '* ]] || continue
        command=${line#\$ }
        command=${command/PATH=\/usr\/bin:/PATH=$BATS_TEST_TMPDIR\/bin:\/usr\/bin:}
        script+="printf '%s\n' $(printf %q "$line")"$'\n'$command$'\n'
    done < <(blocks)
    run bash -c "$script"
    same "$(blocks)" "$output"
}

@test "the policy of the README is valid" {
    awk '/^```yaml$/ { inside = 1; next } /^```$/ { inside = 0; next } inside' "$TOP/README.md" >policy.yaml
    expect 0 policy check policy.yaml
    same "policy.yaml: valid" "$output"
}
