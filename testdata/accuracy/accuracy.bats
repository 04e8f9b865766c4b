#!/usr/bin/env bats
# The built-in rules over labelled code: within the wanted precision and recall, and each label holds.

setup() {
    load ../helpers
}

@test "precision and recall on the corpora are as wanted" {
    run -0 "$TOP/.ci/accuracy" --corpora "$SALLYPORT"
    [[ ${lines[-1]} == "precision "*": as wanted" ]]
}

@test "what is wrong in a corpus is told" {
    # A program that finds nothing: no rule is right.
    cat >"$BATS_TEST_TMPDIR/blind" <<'END'
#!/bin/sh
[ "$2" = list ] && exec "$REAL" "$@"
"$REAL" "$@" | python3 -c 'import json, sys
top = json.load(sys.stdin)
for file in top["files"]:
    file["findings"] = []
print(json.dumps(top))'
END
    chmod +x "$BATS_TEST_TMPDIR/blind"
    REAL=$SALLYPORT run -1 "$TOP/.ci/accuracy" --corpora "$BATS_TEST_TMPDIR/blind"
    [[ ${lines[-1]} == *": NOT as wanted" ]]
    run -2 "$TOP/.ci/accuracy" --corpora "$BATS_TEST_TMPDIR/nowhere"
}
