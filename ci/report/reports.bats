#!/usr/bin/env bats
# The golden reports, read back by the tools that read reports.

setup() {
    load ../../testdata/helpers
    python=$TOP/.venv/bin/python
    reader=$TOP/testdata/read_reports.py
}

@test "golden SARIF is valid against the published schema" {
    local file
    for file in "$TOP"/testdata/reports/*.sarif; do
        "$python" "$reader" sarif "$file" >/dev/null
    done
}

@test "a golden baseline is valid against it, too" {
    same "flake8 error flake8.F401 app.py:1:1 'os' imported but unused" \
        "$("$python" "$reader" baseline "$TOP/testdata/reports/triaged.baseline")"
}

@test "golden JUnit is read back by junitparser" {
    local file
    for file in "$TOP"/testdata/reports/*.xml; do
        "$python" "$reader" junit "$file" >/dev/null
    done
}

@test "the readers refuse what is not valid" {
    sed 's/"2\.1\.0"/"2.0.0"/' "$TOP/testdata/reports/findings.sarif" >"$BATS_TEST_TMPDIR/old.sarif"
    run ! "$python" "$reader" sarif "$BATS_TEST_TMPDIR/old.sarif"
    head -c 400 "$TOP/testdata/reports/findings.xml" >"$BATS_TEST_TMPDIR/cut.xml"
    run ! "$python" "$reader" junit "$BATS_TEST_TMPDIR/cut.xml"
}
