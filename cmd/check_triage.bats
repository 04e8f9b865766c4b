#!/usr/bin/env bats
# sallyport check: which findings count. Overrides, suppressions, the baseline, the gate's limits, --explain.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
}

# A policy with no linters: only the built-in rules look.
rules_only() { # FURTHER-LINE...
    printf '%s\n' 'version: 1' 'linters: {}' "$@" >.sallyport.yaml
}

# The SARIF report of $1 is valid; what it says.
sarif() { # FILE
    "$TOP/.venv/bin/python" "$TOP/testdata/read_reports.py" sarif "$1"
}

# ---- overrides

@test "overrides by path: the last match wins, and off drops" {
    rules_only 'overrides:' \
        '  - {files: ["tests/"], severity: {python.eval: note}}' \
        '  - {files: ["*_old.py"], severity: {python: off}}' \
        '  - {files: ["tests/b_old.py"], severity: {python.eval: warning}}'
    mkdir tests
    for file in a.py a_old.py tests/a.py tests/a_old.py tests/b_old.py; do
        printf 'eval(a)\n' >$file
    done
    expect 1 check
    [[ $output == $'a.py\n  1:1  error    python.eval'* ]]
    [[ $output == *$'tests/a.py\n  1:1  note     python.eval'* ]]
    [[ $output == *$'tests/b_old.py\n  1:1  warning  python.eval'* ]]
    [[ $output != *a_old.py* ]]
    [[ $output == *"rejected: 1 error, 1 warning, 1 note in 3 of 6 files"* ]]
}

@test "overrides name rules of linters, in full or by the code" {
    printf 'import os\nX = 1 \n' >a.py
    printf '%s\n' 'version: 1' 'linters: {ruff: {}, flake8: {}}' 'overrides:' \
        '  - {files: ["*.py"], severity: {F401: note, flake8.W: off}}' >.sallyport.yaml
    expect 0 check
    [[ $output == *"note  "*"ruff.F401, flake8.F401"* && $output != *W291* ]]
}

@test "errors in overrides, suppress and gate: all of them, with their places" {
    rules_only 'overrides: [{file: [a], severity: off}]' 'suppress: {require: [name]}' 'gate: {max_complexity: many, baseline: /b}'
    expect 2 check
    same "sallyport: .sallyport.yaml:3:13: overrides[0]: 'files' is missing
sallyport: .sallyport.yaml:3:14: overrides[0]: unknown key 'file' (did you mean 'files'?)
sallyport: .sallyport.yaml:4:22: suppress.require[0]: no such part of a suppression 'name'; expected reason, until or owner
sallyport: .sallyport.yaml:5:24: gate.max_complexity: expected a whole number from 1 to 10000, found 'many'
sallyport: .sallyport.yaml:5:40: gate.baseline: an absolute path is not allowed here (an option takes one)" "$stderr"
}

@test "policy show has the keys of triage, and what it shows is valid" {
    printf '%s\n' 'version: 1' 'overrides: [{files: ["a/**"], severity: {F: off}}]' \
        'suppress: {require: [reason, owner], unused: error}' \
        'gate: {allow_rules: {ruff.E501: 10}, max_complexity: 12, baseline: b.sarif}' >.sallyport.yaml
    expect 0 policy show
    [[ $output == *$'\noverrides:\n  - files: ["a/**"]\n    severity: {F: off}\n'* ]]
    [[ $output == *$'  allow_rules: {ruff.E501: 10}\n  max_complexity: 12\n  baseline: b.sarif\n'* ||
        $output == *$'  allow_rules: {ruff.E501: 10}\n  max_complexity: 12\n  baseline: "b.sarif"\n'* ]]
    [[ $output == *$'\nsuppress:\n  inline: true\n  require: [reason, owner]\n  unused: error\n'* ]]
    printf '%s\n' "$output" >shown.yaml
    expect 0 policy check shown.yaml
    same "" "$stderr"
}

# ---- suppressions

@test "a suppression on the line, on the line before, for the file" {
    rules_only
    printf 'eval(a)  # sallyport: ignore[python.eval] -- our own text\n' >a.py
    printf '# sallyport: ignore[python.eval] -- our own text\neval(b)\n' >b.py
    printf 'eval(c)\neval(d)\n# sallyport: ignore-file[python.eval] -- our own text\n' >c.py
    expect 0 check
    same "passed: no findings; not counted: 4 suppressed; 4 files reviewed" "$output"
    expect 0 check -v
    [[ $output == *"a.py"*"[suppressed on line 1: our own text]"* ]]
    printf 'eval(e)\n' >>b.py
    expect 1 check
    [[ $output == *$'b.py\n  3:1  error'* ]]
}

@test "a suppression of linters' findings, also where the linter has its own" {
    printf 'import os  # sallyport: ignore[F401] -- for others\nimport sys  # noqa: F401\n' >a.py
    printf 'version: 1\nlinters: {ruff: {}, flake8: {}}\n' >.sallyport.yaml
    expect 0 check
    [[ $output == *"not counted: 1 suppressed"* ]]
    printf 'import os  # sallyport: ignore[ruff.F401] -- for others\n' >a.py
    expect 0 check -v
    [[ $output == *"ruff.F401, flake8.F401"*"[suppressed on line 1: for others]"* ]]
    # Where the tools are kept apart, so are their names.
    printf 'gate: {merge_duplicates: false}\n' >>.sallyport.yaml
    expect 1 check
    [[ $output == *"error    flake8.F401"* && $output != *"error    ruff.F401"* ]]
}

@test "comments of other languages; but no strings, and no prose" {
    local secret
    secret=$(printf 'AKIA%s' ABCDEFGHIJKLMNOP)
    rules_only
    cat >a.c <<EOT
char *a = "$secret"; /* sallyport: ignore[secret.aws-access-key] -- an example */
EOT
    cat >a.html <<EOT
<!-- sallyport: ignore[secret.aws-access-key] -- an example -->
<p>$secret</p>
EOT
    cat >a.unknown <<EOT
; sallyport: ignore[secret.aws-access-key] -- an example
$secret
EOT
    expect 0 check -v
    same 3 "$(grep -c 'secret.aws-access-key.*\[suppressed on line 1: an example\]' <<<"$output")"
    printf 'x = "# sallyport: ignore[python.eval] -- no comment"; eval(x)\n' >a.py
    expect 1 check
    [[ $output == *python.eval* && $output != *suppress.* ]]
    rm a.py a.c a.html a.unknown
    printf 'x = `\n// sallyport: ignore-file[secret.aws-access-key] -- a template\n%s`;\n' "$secret" >a.js
    printf 'cat <<EOF\n# sallyport: ignore[secret.aws-access-key] -- a here-document\n%s\nEOF\n' "$secret" >a.sh
    printf "x: '# sallyport: ignore[secret.aws-access-key] -- a scalar' # %s\n" "$secret" >a.yaml
    expect 1 check
    same 3 "$(grep -c 'error    secret.aws-access-key' <<<"$output")"
    [[ $output == *"3 errors, 0 allowed"* ]]
    rm a.js a.sh a.yaml
    printf 'Write "sallyport: ignore[RULE]" there: # sallyport: ignore[RULE]\n' >a.md
    expect 0 check
    [[ $output != *suppress.* ]]
}

# A comment of each kind, before what it is for: the file's name, and what stands around it.
@test "comments of many languages, known or not" {
    local name open close count=0
    printf '%s\n' 'version: 1' 'rules: off' 'linters:' \
        '  bad: {files: ["*"], command: [awk, "/BAD/ {print FILENAME \":\" FNR \": error: bad [x]\"}", "{files}"], output: gcc}' \
        'exclude: [.sallyport.yaml]' >.sallyport.yaml
    while IFS='~' read -r name open close; do
        printf '%s sallyport: ignore[bad.x] -- why %s\nBAD\n' "$open" "$close" >"$name"
        printf 'BAD\nsallyport: ignore[bad.x] -- no comment\n' >"not_$name"
        count=$((count + 1))
    done <<'EOT'
a.py~#~
a.c~/*~*/
a.rs~//~
a.jsx~{/*~*/}
a.sql~--~
a.lua~--[[~]]
a.hs~{-~-}
a.elm~{-~-}
a.jl~#=~=#
a.ps1~<#~#>
a.el~;;~
a.lisp~#|~|#
a.tex~%~
a.vb~'~
a.bat~REM~
a.html~<!--~-->
a.f90~!~
a.ml~(*~*)
a.j2~{#~#}
a.hbs~{{!--~--}}
a.jsp~<%--~--%>
a.cshtml~@*~*@
a.rst~..~
a.1~.\"~
a.m4~dnl~
a.erl~%%~
a.adb~--~
a.zig~//~
a.go~///~
a.toml~##~
a.sh~# shellcheck disable=SC2086  #~
EOT
    expect 1 check
    [[ $output == *"$count errors, 0 allowed"*"not counted: $count suppressed"* ]]
}

@test "a suppression has to name its rules, and to be readable" {
    rules_only
    printf 'eval(a)  # sallyport: ignore -- all\neval(b)  # sallyport: ignore[*] -- all\neval(c)  # sallyport: ignore[python.eval] why\n' >a.py
    expect 1 check
    same 3 "$(grep -c 'warning  suppress.malformed' <<<"$output")"
    same 3 "$(grep -c 'error    python.eval' <<<"$output")"
    [[ $output == *"'*' is no rule"* && $output == *"a reason stands behind two dashes"* ]]
}

@test "what the policy requires: without it nothing is suppressed" {
    rules_only
    printf 'eval(a)  # sallyport: ignore[python.eval]\n' >a.py
    expect 1 check
    [[ $output == *"error    python.eval"* ]]
    [[ $output == *"suppress.incomplete"*"the policy requires a reason (-- REASON)"* ]]
    rules_only 'suppress: {require: [owner, until]}'
    printf 'eval(a)  # sallyport: ignore[python.eval] -- why\n' >a.py
    expect 1 check
    [[ $output == *"requires a last day (until=YYYY-MM-DD) and an owner (owner=NAME)"* ]]
    printf 'eval(a)  # sallyport: ignore[python.eval] until=9999-12-31 owner=ada\n' >a.py
    expect 0 check
    rules_only 'suppress: {inline: false}'
    expect 1 check
    [[ $output == *"error    python.eval"* && $output != *suppress.* ]]
}

@test "a suppression ends behind its last day" {
    rules_only
    printf 'eval(a)  # sallyport: ignore[python.eval] until=2027-01-31 -- why\n' >a.py
    SOURCE_DATE_EPOCH=$(date -u -d 2027-01-31T23:59:59Z +%s) expect 0 check
    SOURCE_DATE_EPOCH=$(date -u -d 2027-02-01T00:00:00Z +%s) expect 1 check
    [[ $output == *"error    python.eval"* ]]
    [[ $output == *"suppress.expired"*"its last day was 2027-01-31"* ]]
    SOURCE_DATE_EPOCH=soon expect 2 check
    same "sallyport: SOURCE_DATE_EPOCH is no number of seconds: 'soon'" "$stderr"
    SOURCE_DATE_EPOCH=$(date -u -d 2027-02-01T00:00:00Z +%s) expect 1 run a.py
    [[ $stderr == *suppress.expired* ]]
}

@test "a suppression that suppresses nothing is told, once somebody has looked" {
    printf 'X = 1  # sallyport: ignore[ruff.F401, python.eval] -- why\n' >a.py
    printf 'version: 1\nlinters: {ruff: {}}\n' >.sallyport.yaml
    expect 0 check
    [[ $output == *"warning  suppress.unused"*"no finding of ruff.F401 here"* ]]
    [[ $output == *"warning  suppress.unused"*"no finding of python.eval here"* ]]
    PATH=/usr/bin:/bin expect 3 check
    [[ $output != *"finding of ruff.F401"* && $output == *"finding of python.eval"* ]]
    printf 'version: 1\nlinters: {}\nsuppress: {unused: error}\n' >.sallyport.yaml
    expect 1 check
    [[ $output == *"1 error, 0 allowed: 1 too many"* && $output != *"finding of ruff.F401"* ]]
    printf 'version: 1\nlinters: {}\nsuppress: {unused: off}\n' >.sallyport.yaml
    expect 0 check
    same "passed: no findings; 2 files reviewed" "$output"
}

@test "an unused suppression is new where its line, or the line that it is for, is" {
    rules_only 'suppress: {unused: error}'
    printf '# sallyport: ignore[python.eval] -- why\neval(a)\n' >a.py
    commit first
    printf '# sallyport: ignore[python.eval] -- why\nlen(a)\n' >a.py
    expect 1 check
    [[ $output == *$'a.py\n  1:3  error    suppress.unused'* ]]
    commit second
    printf '# sallyport: ignore[python.eval] -- why\nlen(a)\nlen(b)\n' >a.py
    expect 0 check
    [[ $output == *"not counted: 1 old"* ]]
}

@test "--base: whether comments suppress is for the base to say" {
    rules_only 'suppress: {require: [reason, owner]}'
    printf 'X = 1\n' >a.py
    commit first
    git checkout -q -b feature
    rules_only 'suppress: {require: []}'
    printf 'eval(a)  # sallyport: ignore[python.eval]\neval(b)  # sallyport: ignore[python.eval] owner=ada -- why\n' >a.py
    commit second
    expect 1 check --base main
    [[ $output == *$'1:1   error    python.eval'* && $output == *"1:12  warning  suppress.incomplete"* ]]
    [[ $output == *"not counted: 1 suppressed"* && $output != *"2:1 "* ]]
}

@test "a comment does not make the linters blind to a file" {
    printf '# sallyport: ignore-file[ruff.invalid-syntax, F401] -- broken\nimport os\nx = (\n' >a.py
    printf 'version: 1\nlinters: {ruff: {}}\n' >.sallyport.yaml
    expect 1 check
    [[ $output == *"error    ruff.invalid-syntax"* && $output != *suppress.* ]]
}

@test "SARIF carries suppressions, JUnit leaves them out" {
    rules_only
    printf 'eval(a)  # sallyport: ignore[python.eval] owner=ada -- why\neval(b)\n' >a.py
    expect 1 check -o sarif=../a.sarif -o junit=../a.xml
    run -0 sarif ../a.sarif
    same 2 "$(grep -c python.eval <<<"$output")"
    same '[{"kind": "inSource", "status": "accepted", "justification": "why; owner ada", "location": {"physicalLocation": {"artifactLocation": {"uri": "a.py", "uriBaseId": "%SRCROOT%"}, "region": {"startLine": 1, "endLine": 1}}}}]
[]' "$(python3 -c 'import json; [print(json.dumps(r["suppressions"])) for r in json.load(open("../a.sarif"))["runs"][0]["results"]]')"
    same 1 "$(grep -c 'a.py:2:1: error: python.eval' ../a.xml)"
    run ! grep -q 'a.py:1' ../a.xml
}

# ---- baseline

@test "a baseline: written, found again after edits and renames, and rid of what is gone" {
    rules_only 'gate: {baseline: .sallyport/baseline.sarif}'
    printf 'eval(a)\n%0120d\neval(b)\n%0120d\n' 1 2 | sed 's/^0.*/# &/' >old.py
    commit first
    expect 2 check --all
    [[ $stderr == *"gate.baseline: .sallyport/baseline.sarif: there is no such file"*"--write-baseline"* ]]
    expect 0 check --all --write-baseline
    [[ $stderr == *".sallyport/baseline.sarif: written, with 2 findings" ]]
    same "python.eval old.py 1
python.eval old.py 3" "$(python3 -c '
import json
for run in json.load(open(".sallyport/baseline.sarif"))["runs"]:
    for r in run["results"]:
        place = r["locations"][0]["physicalLocation"]
        print(r["ruleId"], place["artifactLocation"]["uri"], place["region"]["startLine"])')"
    cp .sallyport/baseline.sarif ../first.sarif
    expect 0 check --all --write-baseline
    cmp .sallyport/baseline.sarif ../first.sarif
    commit second

    expect 0 check --all
    same "passed: no findings; not counted: 2 in the baseline; 3 files reviewed" "$output"
    git mv old.py 'new name.py'
    sed -i '1i X = 1' 'new name.py'
    printf 'eval(c)\n' >>'new name.py'
    commit third
    expect 1 check --all -o sarif=../a.sarif
    [[ $output == *$'new name.py\n  6:1  error    python.eval'* && $output == *"not counted: 2 in the baseline"* ]]
    run -0 sarif ../a.sarif
    same "unchanged unchanged new" "$(python3 -c '
import json
print(*[r["baselineState"] for r in json.load(open("../a.sarif"))["runs"][0]["results"]])')"

    sed -i '/eval(b)/d; /eval(c)/d' 'new name.py'
    commit fourth
    expect 1 check --all --strict-baseline
    [[ $output == *"no longer in the code, but in the baseline"*"python.eval in old.py, line 3"* ]]
    [[ $output == *"1 entry of the baseline no longer occurs (--strict-baseline)"* ]]
    expect 0 check --all
    [[ $output == *"; 1 of the baseline no longer there"* ]]
    expect 0 check --all --write-baseline
    expect 0 check --all --strict-baseline
}

@test "a baseline survives that a file is renamed and edited" {
    printf 'version: 1\nlinters: {ruff: {args: [--select, F]}}\ngate: {scope: everything, baseline: b.sarif}\n' >.sallyport.yaml
    printf '%s\n' 'import os' 'import re' 'import sys' 'import abc' 'print(1)' 'print(2)' 'print(3)' >old.py
    printf 'import json\nprint(1)\n' >other.py
    commit first
    expect 0 check --all --write-baseline
    commit second
    # By git's knowledge of what was renamed, and by what is in the files.
    mkdir sub
    git mv old.py sub/new.py
    git mv other.py sub/other.py
    printf '%s\n' 'import os' 'import re' 'import sys' 'import csv' 'print(1)' 'print(2)' 'print(4)' >sub/new.py
    printf 'import json\nprint(9)\n' >sub/other.py
    git add --all
    for source in --staged --worktree --all; do
        [ $source != --all ] || commit third
        expect 1 check $source
        [[ $output == *$'sub/new.py\n  4:8  error    ruff.F401  `csv` imported but unused'* ]]
        [[ $output == *"1 error, 0 allowed"*"not counted: 4 in the baseline;"*"1 of the baseline no longer there"* ]]
    done
    expect 1 check --base HEAD~1
    [[ $output == *"1 error, 0 allowed"*"not counted: 4 in the baseline;"* ]]
    expect 1 check --all --explain=sub/new.py:1
    [[ $output == *"in the baseline, by its line alone, as that of a file that was renamed, old.py: it does not count"* ]]
    # A file that is gone does not account for whatever is like a line of it.
    git rm --quiet -r sub
    printf 'import json\nprint(7)\n' >third.py
    printf 'import os\nimport xml\nprint(7)\n' >fourth.py
    commit fourth
    expect 1 check --all
    [[ $output == *"3 errors, 0 allowed"* && $output != *"in the baseline;"* ]]
}

@test "a baseline of linters' findings, in a scope that counts everything" {
    printf 'import os\n' >a.py
    printf 'version: 1\nlinters: {ruff: {args: [--select, F]}, flake8: {}}\ngate: {scope: everything, baseline: b.sarif}\n' >.sallyport.yaml
    commit first
    expect 0 check --all --write-baseline
    # What follows has changed, and with it the fingerprint; the line itself has not.
    printf 'import os\n\nX = 1\n' >a.py
    expect 0 check --strict-baseline
    [[ $output == *"not counted: 1 in the baseline"* ]]
    # Each name of the one finding has its entry.
    printf 'version: 1\nlinters: {ruff: {args: [--select, F]}, flake8: {}}\ngate: {scope: everything, baseline: b.sarif, merge_duplicates: false}\n' >.sallyport.yaml
    expect 0 check --strict-baseline
    [[ $output == *"not counted: 2 in the baseline"* ]]
    printf 'import os, sys\n\nX = 1\n' >a.py
    expect 1 check
    run -0 python3 -c 'import json; print(*sorted(r["ruleId"] for run in json.load(open("b.sarif"))["runs"] for r in run["results"]))'
    same "flake8.F401 ruff.F401" "$output"
}

@test "--base: the baseline is the base's" {
    rules_only 'gate: {scope: everything, baseline: b.sarif}'
    printf 'eval(a)\n' >a.py
    commit first
    expect 0 check --all --write-baseline
    commit second
    git checkout -q -b feature
    printf 'eval(a)\neval(b)\n' >a.py
    commit third
    expect 0 check --all --write-baseline
    commit fourth
    expect 0 check --all
    expect 1 check --base main
    [[ $output == *$'a.py\n  2:1  error    python.eval'* && $output == *"not counted: 1 in the baseline"* ]]
    [[ $output == *"change.policy-edited  b.sarif, which steers the review, is edited; the review went by the version of main"* ]]
    # What a change mends and takes out of the baseline has not to be told; what it leaves there has.
    git checkout -q -b mended main
    printf 'len(a)\n' >a.py
    commit fifth
    expect 1 check --base main --strict-baseline
    [[ $output == *"1 entry of the baseline no longer occurs (--strict-baseline)"* ]]
    expect 0 check --all --write-baseline
    commit sixth
    expect 0 check --base main --strict-baseline
    [[ $output != *"no longer"* ]]
    printf 'no baseline' >b.sarif
    commit seventh
    expect 1 check --base main --strict-baseline
    git checkout -q main
    printf 'no baseline' >b.sarif
    commit broken
    expect 2 check --base main --head feature
    [[ $stderr == *"main:b.sarif:1:"*"this is no JSON"* ]]
}

@test "--apply: neither the baseline nor the permission to suppress is the patch's" {
    rules_only 'suppress: {inline: false}' 'gate: {scope: everything, baseline: b.sarif}'
    printf 'eval(a)\n' >a.py
    commit first
    expect 0 check --all --write-baseline
    commit second
    printf 'eval(a)\neval(b)\neval(c)  # sallyport: ignore[python.eval] -- mine\n' >a.py
    rules_only 'gate: {scope: everything, baseline: b.sarif}'
    commit third
    expect 0 check --all --write-baseline
    commit fourth
    git diff HEAD~2 >../loosen.patch
    git reset -q --hard HEAD~2
    expect 1 check --apply ../loosen.patch
    [[ $output == *$'a.py\n  2:1  error    python.eval'*$'\n  3:1  error    python.eval'* ]]
    [[ $output == *"2 errors, 2 warnings in 3 of 3 files; not counted: 1 in the baseline"* ]]
}

@test "a baseline that cannot be read" {
    rules_only 'gate: {baseline: b.sarif}'
    printf '{"version": "2.1.0", "runs": [{"results": [{"ruleId": "a.b"}]}]}' >b.sarif
    expect 2 check
    same "sallyport: b.sarif: runs[0].results[0]: no location that is a path relative to the repository's root (a baseline is written by 'sallyport check --all --write-baseline')" "$stderr"
    rm b.sarif && ln -s /etc/passwd b.sarif
    expect 2 check
    [[ $stderr == *b.sarif* ]]
}

@test "--write-baseline: where to, and when not" {
    rules_only
    printf 'eval(a)\n' >a.py
    commit first
    expect 2 check --write-baseline
    [[ $stderr == *"--write-baseline goes with --all and no PATH"* ]]
    expect 2 check --all --write-baseline -- a.py
    expect 2 check --all --write-baseline --strict-baseline
    expect 2 check --all --write-baseline
    [[ $stderr == *"the policy names no gate.baseline"*"--write-baseline=FILE"* ]]
    expect 2 check --all --strict-baseline
    [[ $stderr == *"--strict-baseline: .sallyport.yaml names no gate.baseline"* ]]
    expect 0 check --all --write-baseline=../elsewhere.sarif
    [[ -s ../elsewhere.sarif ]]
    rules_only 'gate: {baseline: sub/b.sarif}'
    ln -s .. sub
    expect 2 check --all --write-baseline
    [[ $stderr == *"symbolic link"* ]]
    rm sub
    printf 'version: 1\nlinters: {ruff: {}}\ngate: {baseline: sub/b.sarif}\n' >.sallyport.yaml
    PATH=/usr/bin:/bin expect 3 check --all --write-baseline
    [[ $stderr == *"sub/b.sarif: not written, since the review is undecided"* && ! -e sub ]]
}

@test "--write-baseline runs no job" {
    rules_only 'gate: {baseline: b.sarif}' 'run:' '  - {name: hello, command: [sh, -c, "exit 3"]}'
    printf 'eval(a)\n' >a.py
    commit first
    expect 0 check --all --write-baseline
    [[ $output == *"1 job skipped"* ]]
}

# ---- fingerprints

@test "the fingerprints of random texts are those that GitHub computes" {
    "$TOP/testdata/fingerprints.py" --seed 1 --files 200 "$SALLYPORT"
}

# ---- the gate

@test "allowed counts by rule, and by how much they are passed" {
    rules_only 'gate: {allow: {error: unlimited}, allow_rules: {python.eval: 1, python.exec: 0}}'
    printf 'eval(a)\n' >a.py
    expect 0 check
    printf 'eval(a)\neval(b)\neval(c)  # sallyport: ignore[python.eval] -- why\n' >a.py
    expect 1 check -q
    same 2 "$(grep -c 'error    python.eval' <<<"$output")"
    [[ $output == *$'\n  2 findings of python.eval, 1 allowed: 1 too many (gate.allow_rules)\n'* ]]
}

@test "old findings do not count, and are told" {
    rules_only
    printf 'eval(a)\neval(b)\nX = 1\n' >a.py
    commit first
    printf 'eval(a)\neval(b)\nX = eval(c)\n' >a.py
    expect 1 check
    [[ $output == *"rejected: 1 error in 1 of 1 file; not counted: 2 old; 1 file reviewed"* ]]
}

@test "max_complexity, whatever Ruff's own configuration says" {
    printf 'def f(a, b, c):\n    if a:\n        return 1\n    if b:\n        return 2\n    return 3 if c else 4\n' >a.py
    printf '[lint]\nignore = ["C901"]\nmccabe.max-complexity = 50\n' >ruff.toml
    printf 'version: 1\nlinters: {ruff: {severity: {C: note}}}\ngate: {max_complexity: 2}\n' >.sallyport.yaml
    expect 1 check
    [[ $output == *"error    ruff.C901  \`f\` is too complex (3 > 2)"* ]]
    printf 'version: 1\nlinters: {ruff: {}}\ngate: {max_complexity: 3}\n' >.sallyport.yaml
    expect 0 check
    same "" "$stderr"
}

# ---- --explain

@test "--explain: each step of triage, and what it did" {
    rules_only 'overrides: [{files: ["*.py"], severity: {python.exec: off}}]'
    printf 'eval(a)\nX = 1\n' >a.py
    commit first
    printf 'eval(a)\neval(b)  # sallyport: ignore[python.eval] -- why\nexec(c)\n' >a.py
    expect 0 check --explain
    same "explained
  a.py:1  python.eval  error: old
    severity   comes as error
    overrides  nothing to do
    off        nothing to do
    sort       nothing to do
    suppress   nothing to do
    scope      old: it touches no changed line, so it does not count
    place      its fingerprint is f6bb44c157b58e50:1
    baseline   nothing to do
    secrets    nothing to do
    merge      nothing to do
  a.py:2  python.eval  error: suppressed
    severity   comes as error
    overrides  nothing to do
    off        nothing to do
    sort       nothing to do
    suppress   suppressed by the comment on line 2: why
    scope      in scope: it touches a changed line
    place      its fingerprint is 65fb7d0f6dc66ff0:1
    baseline   nothing to do
    secrets    nothing to do
    merge      nothing to do
  a.py:3  python.exec  off: dropped
    severity   comes as error
    overrides  off, by overrides[0]
    off        dropped: its severity is off

passed: no findings; not counted: 1 old, 1 suppressed; 1 file reviewed" "$output"
    expect 0 check --explain=a.py:3
    [[ $output == *"python.exec"* && $output != *"python.eval"* ]]
    expect 0 check --explain=python.exec
    [[ $output == *"a.py:3  python.exec  off: dropped"* && $output != *"python.eval"* ]]
    expect 0 check --explain=a.py:2:1
    [[ $output == *"a.py:2  python.eval  error: suppressed"* && $output != *"a.py:1 "* && $output != *"a.py:3 "* ]]
    expect 0 check --explain=a.py:2:2
    [[ $output == *"no check has said anything of a.py:2:2"* ]]
    expect 0 check --explain=b.py a.py
    [[ $output == *"no check has said anything of b.py"* ]]
    expect 0 check
    [[ $output != *explained* ]]
    printf 'k = "AKIA%s"\n' ABCDEFGHIJKLMNOP >b.py
    expect 1 check --explain=b.py
    [[ $output == *$'\n    secrets    the secret in its line is masked\n'* ]]
}
