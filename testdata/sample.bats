# The sample repository and the helpers are the ground that other tests stand on: these hold them still.

setup() {
    load helpers
}

@test "the sample repository has the same commits everywhere" {
    sample
    run -0 git for-each-ref --format='%(refname:short) %(objectname)' refs/heads
    same "feature 3edb8be91c88c93c1400baa831b1d19c5591a93a
feature-fails 7bf4589615bd50e10008e54cab64936ac438e576
feature-good d57a70e87ce94d3e5fdef4a5cc67927c32fb3f5a
feature-syntax ce8b9d2ae858a1c75151a8d5e14d213864e9ea5f
main e3d3f4adf095cbdd6980e7610e3f41bad7e2d6ba" "$output"
}

@test "the sample's own tests pass on main and fail on feature-fails" {
    sample
    run -0 python3 -B -m tests.quiet tests/test_berths.py
    same "tests/test_berths.py: 3 passed, 0 failed" "$output"
    run -0 node web/board.test.js
    same "board: 2 passed" "$output"

    git checkout --quiet feature-fails
    run -1 python3 -B -m tests.quiet tests/test_berths.py
    same "FAILED tests.test_berths.Berths.test_half_a_metre_below: AssertionError: True is not false
tests/test_berths.py: 2 passed, 1 failed" "$output"
}

@test "the linters have nothing against main and feature-good" {
    sample
    for branch in main feature-good; do
        git checkout --quiet "$branch"
        run -0 ruff check --no-cache --quiet .
        run -0 flake8
        run -0 black --check --quiet .
    done
}

@test "the linters object to feature" {
    sample
    git checkout --quiet feature
    run -1 ruff check --no-cache --quiet --output-format concise .
    same "harbour/berths.py:3:8: F401 [*] \`os\` imported but unused" "$output"
    run -1 black --check --quiet .
}

@test "an own repository has fixed commit ids" {
    new_repo "$BATS_TEST_TMPDIR/repo"
    echo text >file
    commit "a file"
    run -0 git rev-parse HEAD
    same 67119449638a278e51ae2bc14bf444960489552a "$output"
}

@test "expect tells the exit statuses apart" {
    SALLYPORT=$(command -v sh)
    expect 3 -c 'echo out; echo err >&2; exit 3'
    same out "$output"
    same err "$stderr"
    run expect 1 -c 'exit 0'
    [ "$status" -ne 0 ]
}

@test "a golden file that differs is an error, and is written anew on request" {
    unset SALLYPORT_GOLDEN
    printf 'old\n' >"$BATS_TEST_TMPDIR/golden"
    run -1 golden "$BATS_TEST_TMPDIR/golden" new
    SALLYPORT_GOLDEN=1 golden "$BATS_TEST_TMPDIR/golden" new
    golden "$BATS_TEST_TMPDIR/golden" new
}
