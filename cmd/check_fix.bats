#!/usr/bin/env bats
# sallyport check --fix and --diff: which fixes are applied, where they are written, and what is left alone.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
}

# A policy with no linters, and rules of the team's with fixes; it is committed. "wrong" becomes "right", a trailing
# space goes, "risky" has a fix that is not safe.
team_rules() { # FURTHER-RULE...
    printf '%s\n' 'version: 1' 'linters: {}' 'rules: {packs: [], files: [rules.yaml]}' 'exclude: ["*.yaml"]' >.sallyport.yaml
    printf '%s\n' 'rules:' \
        '  - {id: team.wrong, message: W, severity: error, regex: {pattern: wrong}, fix: {replace: right, safe: true}, tests: {bad: wrong}}' \
        '  - {id: team.space, message: S, severity: error, regex: {pattern: "[ \t]+$"}, fix: {replace: "", safe: true}, tests: {bad: "x "}}' \
        '  - {id: team.risky, message: R, severity: error, regex: {pattern: risky}, fix: {replace: tame}, tests: {bad: risky}}' \
        "$@" >rules.yaml
    commit policy
}

# All of the work tree and of git's folder, byte for byte, but what looking at it changes.
everything() {
    find . -type f ! -path './.git/index' -print0 | sort -z | xargs -0 sha256sum
    git ls-files --stage -v
}

mode() { # FILE
    stat -c %a "$1"
}

# ---- which fixes

@test "safe fixes are applied to the work tree, and what is fixed does not count any more" {
    team_rules
    printf 'a wrong word \nand another wrong one\n' >a.txt
    expect 0 check --fix
    same "passed: no findings; 1 file reviewed" "$output"
    same "sallyport: fixed 3 findings in 1 file" "$stderr"
    same $'a right word\nand another right one' "$(cat a.txt)"
    expect 0 check --fix
    same "sallyport: nothing to fix" "$stderr"
}

@test "a fix that is not safe is shown, not applied, and its finding counts" {
    team_rules
    printf 'wrong and risky\n' >a.txt
    expect 1 check --fix
    [[ $output == *"team.risky"*"[unsafe fix]"* && $output != *team.wrong* ]]
    same $'sallyport: a.txt: 1 fix left: unsafe: may change what the code does\nsallyport: fixed 1 finding in 1 file' "$stderr"
    same "right and risky" "$(cat a.txt)"
}

@test "only what counts is fixed: not old lines, nothing suppressed, in the baseline, or turned off" {
    team_rules
    printf 'old wrong line\n' >a.txt
    printf 'wrong in the baseline\n' >b.txt
    printf 'wrong in docs\n' >c.md
    cat >>.sallyport.yaml <<'EOF'
gate: {baseline: baseline.sarif, scope: changed-lines}
overrides: [{files: ["*.md"], severity: {team.wrong: off}}]
EOF
    commit files
    expect 0 check --all --write-baseline
    commit baseline
    printf 'new wrong line\n' >>a.txt
    printf 'wrong in the baseline\n\nmore\n' >b.txt
    printf 'wrong in docs, edited\n' >c.md
    printf 'wrong  # sallyport: ignore[team.wrong] -- it is a name\n' >d.py
    expect 0 check --fix
    same "sallyport: fixed 1 finding in 1 file" "$stderr"
    same $'old wrong line\nnew right line' "$(cat a.txt)"
    [[ $(cat b.txt c.md d.py) == *"wrong in the baseline"*"wrong in docs"*"wrong  #"* ]]
}

@test "Ruff's safe fixes and Black's hunks, one after the other where they are of the same lines" {
    printf 'X = 1\n' >a.py
    commit first
    printf 'import sys, os\nimport json\n\n\ndef f( a,b ):\n    unused = 1\n    print( os.path ,a)\n    return {"a" : b}\n' >a.py
    expect 1 check --fix -o sarif=left.sarif --no-cache
    [[ $stderr == *"a.py: 1 fix left: unsafe"* ]]
    [[ $output == *F841*"[unsafe fix]"* ]]
    [[ $output != *F401* && $output != *black.format* ]]
    same $'import os\n\n\ndef f(a, b):\n    unused = 1\n    print(os.path, a)\n    return {"a": b}' "$(cat a.py)"
    black --quiet --check a.py
    grep -q F841 left.sarif
    [ "$(grep -c F401 left.sarif)" = 0 ]
}

@test "the same content gives the same fixes" {
    printf 'import sys, os\nimport json\ndef f( a,b ):\n    print( a,b ) ;\n' >a.py
    git add a.py
    expect 1 check --staged --diff
    first=$output
    expect 1 check --staged --diff --no-cache
    same "$first" "$output"
    [[ $first == *'+def f(a, b):'* ]]
}

@test "a fix that makes a syntax error is taken back, and the others stay" {
    printf '%s\n' 'version: 1' 'linters: {ruff: {}}' 'rules: {packs: [], files: [rules.yaml]}' 'exclude: ["*.yaml"]' >.sallyport.yaml
    printf '%s\n' 'rules:' \
        '  - {id: team.break, message: B, severity: error, regex: {pattern: "breaks"}, fix: {replace: "(", safe: true}, tests: {bad: breaks}}' \
        '  - {id: team.wrong, message: W, severity: error, regex: {pattern: wrong}, fix: {replace: right, safe: true}, tests: {bad: wrong}}' >rules.yaml
    commit policy
    printf 'import os\n\nwrong = 1\nbreaks = 2\nwrong_too = 3\n' >a.py
    expect 1 check --fix
    same $'wrong = 1\nbreaks = 2\nwrong_too = 3' "$(sed 's/right/wrong/; /^$/d' a.py)"
    grep -q '^right = 1' a.py
    grep -q '^right_too = 3' a.py
    [[ $output == *team.break* && $output != *syntax* ]]
    [[ $stderr == *"a.py: 1 fix left: with it the file could not be parsed any more"*"fixed 3 findings in 1 file"* ]]
}

@test "fixes that undo each other come to an end" {
    team_rules \
        '  - {id: team.ping, message: P, severity: error, regex: {pattern: ping}, fix: {replace: pong, safe: true}, tests: {bad: ping}}' \
        '  - {id: team.pong, message: P, severity: error, regex: {pattern: pong}, fix: {replace: ping, safe: true}, tests: {bad: pong}}'
    printf 'wrong ping\n' >a.txt
    expect 1 check --fix
    [[ $stderr == *"a.txt: 1 fix left: another fix undoes it"* ]]
    grep -qx 'right p[io]ng' a.txt
}

@test "there is a last pass, and what it leaves is told" {
    team_rules '  - {id: team.grow, message: G, severity: error, regex: {pattern: "grow$"}, fix: {replace: "xgrow", safe: true}, tests: {bad: grow}}'
    printf 'grow\n' >a.txt
    expect 1 check --fix
    same "xxxxxxxxxxgrow" "$(cat a.txt)"
    [[ $stderr == *"a.txt: 1 fix left: overlaps another (run it again)"* ]]
}

@test "what is fixed is reviewed before a job runs it" {
    team_rules
    printf '%s\n' 'run:' '  - {name: shows, command: [cat, a.txt], files: []}' >/dev/null
    cat >>.sallyport.yaml <<'EOF'
run:
  - {name: holds, command: [grep, -x, all right, a.txt]}
EOF
    commit job
    printf 'all wrong\n' >a.txt
    expect 1 check
    expect 0 check --fix
    printf 'all wrong\n' >a.txt
    git add a.txt
    expect 0 check --staged --fix
    same "all right" "$(git show :a.txt)"
}

# ---- how a file is written

@test "line ends, a byte order mark, a missing final newline and the mode are kept" {
    team_rules
    printf '\xef\xbb\xbfwrong\r\nx \r\nwrong' >a.txt
    chmod 750 a.txt
    expect 0 check --fix
    same "$(printf '\xef\xbb\xbfright\r\nx\r\nright' | od -c)" "$(od -c a.txt)"
    same 750 "$(mode a.txt)"
}

@test "Black's and Ruff's fixes of a file with CRLF have CRLF" {
    printf 'import os\r\nx = [1 ,\r\n 2]\r\n' >a.py
    expect 0 check --fix
    same "$(printf 'x = [1, 2]\r\n' | od -c)" "$(od -c a.py)"
}

@test "paths are bytes" {
    team_rules
    for name in 'a b' $'new\nline' $'not \xff utf-8' -dash '"quoted"'; do
        mkdir -p "./$name"
        printf 'wrong\n' >"./$name/$name.txt"
    done
    expect 0 check --fix
    same "sallyport: fixed 5 findings in 5 files" "$stderr"
    [ "$(grep -rxl right -- . | tr -dc '\n' | wc -c)" -ge 5 ]
    run ! grep -rl --exclude-dir=.git --exclude=rules.yaml wrong .
}

@test "a symbolic link in the change is not followed" {
    team_rules
    printf 'wrong\n' >"$BATS_TEST_TMPDIR/outside.txt"
    ln -s "$BATS_TEST_TMPDIR/outside.txt" link.txt
    ln -s "$BATS_TEST_TMPDIR" folder
    printf 'wrong\n' >a.txt
    expect 0 check --fix
    same wrong "$(cat "$BATS_TEST_TMPDIR/outside.txt")"
    [ -L link.txt ]
    same right "$(cat a.txt)"
}

# A linter that takes its time, and can be told by that, so that there is some for an edit.
slow_linter() {
    slow="sleep 1.$BASHPID"
    printf '%s\n' 'version: 1' "linters: {slow: {files: ['*.txt'], command: [sh, -c, 'exec $slow', '{files}'], output: gcc}}" \
        'rules: {packs: [], files: [rules.yaml]}' 'exclude: ["*.yaml"]' >.sallyport.yaml
    commit slow
}

while_it_runs() { # COMMAND...
    until pgrep -f -x "$slow" >/dev/null; do sleep 0.02; done
    "$@"
}

stage() { # FILE TEXT
    printf '%s\n' "$2" >"$1"
    git add "$1"
}

@test "a file that is changed while it is reviewed is left as it is" {
    team_rules
    slow_linter
    printf 'wrong\n' >a.txt
    printf 'wrong, edited\n' >"$BATS_TEST_TMPDIR/edited"
    while_it_runs cp "$BATS_TEST_TMPDIR/edited" a.txt &
    run --separate-stderr "$SALLYPORT" check --fix --no-cache
    wait
    [ "$status" -eq 3 ]
    [[ $output == *"a.txt: it was changed during the review; run it again"* ]]
    same "wrong, edited" "$(cat a.txt)"
}

@test "--staged: a file that is staged anew while it is reviewed is left as it is, and counts" {
    team_rules
    slow_linter
    printf 'wrong\n' >a.txt
    printf 'wrong\n' >b.txt
    git add -A
    while_it_runs stage a.txt 'wrong, edited' &
    run --separate-stderr "$SALLYPORT" check --staged --fix --no-cache
    wait
    [ "$status" -eq 1 ]
    [[ $stderr == *"a.txt: not fixed: the index has other content since it was reviewed"*"fixed 1 finding in 1 file" ]]
    [[ $output == *a.txt*team.wrong* && $output != *b.txt* ]]
    same "wrong, edited" "$(cat a.txt)"
    same "wrong, edited" "$(git show :a.txt)"
    same right "$(git show :b.txt)"
}

# ---- where from

@test "with --base and --all the work tree is written where it is what was reviewed, and commits keep their findings" {
    team_rules
    printf '1\n2\n3\n4\n5\n6\n7\n8\n9\n' >a.txt
    cp a.txt b.txt
    cp a.txt c.txt
    commit first
    git checkout -q -b topic
    for file in a b c; do printf '1\n2\n3\n4\n5\n6\n7\n8\nwrong\n' >$file.txt; done
    commit second
    printf 'edited\n2\n3\n4\n5\n6\n7\n8\nwrong\n' >b.txt
    rm c.txt
    expect 1 check --base main --fix
    same $'1\n2\n3\n4\n5\n6\n7\n8\nright' "$(cat a.txt)"
    same $'edited\n2\n3\n4\n5\n6\n7\n8\nwrong' "$(cat b.txt)"
    [ ! -e c.txt ]
    [[ $stderr == *"b.txt: not fixed: the work tree has other content than what was reviewed"* ]]
    [[ $stderr == *"c.txt: not fixed: it is not in the work tree any more"* ]]
    [[ $stderr == *"fixed 1 finding in 1 file of the work tree; they count until they are committed" ]]
    [[ $output == *a.txt* && $output == *b.txt* && $output == *c.txt* ]]
    git commit -qam fixed
    expect 1 check --base main --fix
    [[ $output != *a.txt* ]]
}

@test "with --base a work tree that git gave CRLF keeps it" {
    team_rules
    git config core.autocrlf true
    printf 'one\r\nwrong\r\nthree\r\n' >a.txt
    git add a.txt 2>/dev/null
    git commit -q -m crlf
    expect 1 check --all --fix
    same "$(printf 'one\r\nright\r\nthree\r\n' | od -c)" "$(od -c a.txt)"
    same " M a.txt" "$(git status --porcelain)"
}

@test "PATHs limit what is fixed" {
    team_rules
    mkdir sub
    printf 'wrong\n' >a.txt
    printf 'wrong\n' >sub/b.txt
    expect 0 check --fix sub
    same wrong "$(cat a.txt)"
    same right "$(cat sub/b.txt)"
}

@test "--apply touches no file: --fix with it is refused, --diff shows the fixes" {
    team_rules
    printf 'one\n' >a.txt
    commit first
    printf 'one\ntwo wrong\n' >a.txt
    git diff >"$BATS_TEST_TMPDIR/patch"
    git checkout -q a.txt
    before=$(everything)
    expect 2 check --apply "$BATS_TEST_TMPDIR/patch" --fix
    same "sallyport: --apply touches no file, so --fix has nothing to write to; see the fixes with --diff" "$stderr"
    expect 1 check --apply - --diff <"$BATS_TEST_TMPDIR/patch"
    same "$before" "$(everything)"
    git apply "$BATS_TEST_TMPDIR/patch"
    printf '%s\n' "$output" | git apply
    same $'one\ntwo right' "$(cat a.txt)"
}

@test "a bare repository has nothing to write to" {
    team_rules
    printf 'wrong\n' >a.txt
    commit first
    git clone -q --bare . ../bare.git
    cd ../bare.git
    expect 2 check --all --fix
    same "sallyport: --fix: there is no work tree; see the fixes with --diff" "$stderr"
    expect 1 check --all --diff
    [[ $output == *"+right"* ]]
}

@test "--fix does not go with --write-baseline" {
    team_rules
    expect 2 check --all --write-baseline=b --fix
    same "sallyport: only one of --write-baseline and --fix or --diff can be given" "$stderr"
}

# ---- --diff

@test "--diff prints a patch that git apply takes, and writes nothing" {
    team_rules
    printf 'wrong\r\nx\r\n' >crlf.txt
    printf 'x\nwrong' >open.txt
    printf 'wrong \nx\n' >"a b.txt"
    printf 'x\nwrong\n' >$'n\n\xff.txt'
    printf 'wrong\n' >-run.txt
    chmod +x ./-run.txt
    printf '\xff wrong \n' >latin.txt
    git add -A
    before=$(everything)
    "$SALLYPORT" check --staged --diff >"$BATS_TEST_TMPDIR/patch" 2>"$BATS_TEST_TMPDIR/said" || [ $? = 1 ]
    same "$before" "$(everything)"
    same "sallyport: would fix 8 findings in 6 files" "$(grep would "$BATS_TEST_TMPDIR/said")"
    git apply --check --index "$BATS_TEST_TMPDIR/patch"
    git apply --index --whitespace=nowarn "$BATS_TEST_TMPDIR/patch" 2>"$BATS_TEST_TMPDIR/warned"
    same "" "$(cat "$BATS_TEST_TMPDIR/warned")"
    printf 'right\r\nx\r\n' | cmp - crlf.txt
    printf 'x\nright' | cmp - open.txt
    printf 'right\nx\n' | cmp - "a b.txt"
    printf 'x\nright\n' | cmp - $'n\n\xff.txt'
    printf 'right\n' | cmp - ./-run.txt
    printf '\xff right\n' | cmp - latin.txt # its own bytes are as they were
    git diff --quiet
}

@test "--diff is what --fix writes, for each source" {
    team_rules
    printf 'import os\nx = [1 ,2]\nwrong = 1 \n' >a.py
    printf '%s\n' 'version: 1' 'rules: {packs: [], files: [rules.yaml]}' 'exclude: ["*.yaml"]' >.sallyport.yaml
    commit all
    for source in --all --worktree --staged; do
        [ $source = --all ] || printf 'y = 1\n\nimport os\nx = [1 ,2]\nwrong = 2 \n' >a.py
        [ $source != --staged ] || git add a.py
        cp a.py "$BATS_TEST_TMPDIR/was.py"
        run --separate-stderr "$SALLYPORT" check $source --diff
        printf '%s\n' "$output" | git apply
        cp a.py "$BATS_TEST_TMPDIR/by-git.py"
        cp "$BATS_TEST_TMPDIR/was.py" a.py
        run --separate-stderr "$SALLYPORT" check $source --fix
        cmp a.py "$BATS_TEST_TMPDIR/by-git.py"
        run ! cmp -s a.py "$BATS_TEST_TMPDIR/was.py"
        git checkout -q HEAD a.py
    done
}

@test "--diff leaves the reports, of what was not fixed, to files" {
    team_rules
    printf 'wrong\n' >a.txt
    expect 2 check --diff -o sarif
    same "sallyport: with --diff the patch goes to stdout; give the reports a file: -o FORMAT=FILE" "$stderr"
    expect 1 check --diff --fix -o text="$BATS_TEST_TMPDIR/report"
    [[ $output == "diff --git"*"+right" ]]
    grep -q 'rejected: 1 error' "$BATS_TEST_TMPDIR/report"
    same wrong "$(cat a.txt)"
    printf 'right\n' >a.txt
    expect 0 check --diff
    same "" "$output"
    same "sallyport: nothing to fix" "$stderr"
}

# ---- --staged

@test "--staged: the index and a work tree that is the same are both fixed" {
    team_rules
    printf 'wrong\n' >a.txt
    printf 'wrong\n' >run.sh
    chmod 755 run.sh
    git add -A
    expect 0 check --staged --fix
    same "sallyport: fixed 2 findings in 2 files" "$stderr"
    same right "$(git show :a.txt)"
    same right "$(cat a.txt)"
    same 755 "$(mode run.sh)"
    same "100755" "$(git ls-files --format='%(objectmode)' run.sh)"
    same $'A  a.txt\nA  run.sh' "$(git status --porcelain)"
    git fsck --strict
    [ ! -e .git/index.lock ]
}

@test "--staged: edits that are not staged stay so, where no fix touches them" {
    team_rules
    printf '1\n2\n3\n4\nwrong\n6\n7\n8\n9\n' >a.txt
    git add a.txt
    printf 'edit\n1\n2\n3\n4\nwrong\n6\n7\n8\nnine wrong\n' >a.txt
    expect 0 check --staged --fix
    same $'1\n2\n3\n4\nright\n6\n7\n8\n9' "$(git show :a.txt)"
    same $'edit\n1\n2\n3\n4\nright\n6\n7\n8\nnine wrong' "$(cat a.txt)"
    same "AM a.txt" "$(git status --porcelain)"
    same $'+edit\n+nine wrong\n-9' "$(git diff -U0 | grep '^[-+][^-+]' | LC_ALL=C sort)"
}

@test "--staged: where a fix touches them the file is refused, in both, and its findings count" {
    team_rules
    printf '1\nwrong\n3\n\n\n\nwrong\n' >a.txt
    printf 'wrong\n' >b.txt
    git add -A
    printf '1\nwrong, indeed\n3\n\n\n\nwrong\n' >a.txt
    expect 1 check --staged --fix
    [[ $stderr == *"a.txt: not fixed: the fix of line 2 touches edits of the work tree that are not staged"* ]]
    [[ $stderr == *"fixed 1 finding in 1 file" ]]
    [[ $output == *"a.txt"*"team.wrong"*"2 errors"* && $output != *b.txt* ]]
    same $'1\nwrong\n3\n\n\n\nwrong' "$(git show :a.txt)"
    same $'1\nwrong, indeed\n3\n\n\n\nwrong' "$(cat a.txt)"
    same right "$(git show :b.txt)"
}

@test "--staged: who has made the fix by hand, and not staged it, has it staged" {
    team_rules
    printf '1\nwrong\n3\n' >a.txt
    git add a.txt
    printf '1\nright\n3\n' >a.txt
    expect 0 check --staged --fix
    same $'1\nright\n3' "$(git show :a.txt)"
    same "A  a.txt" "$(git status --porcelain)"
}

@test "--staged: a work tree with CRLF by core.autocrlf keeps it, and git status is clean" {
    team_rules
    git config core.autocrlf true
    printf '1\r\nwrong\r\n3\r\n' >a.txt
    printf '1\r\nwrong\r\n3\r\n4\r\n' >b.txt
    git add -A 2>/dev/null
    printf '1\r\nwrong\r\n3\r\n4\r\n5\r\n' >b.txt
    expect 0 check --staged --fix
    same "$(printf '1\r\nright\r\n3\r\n' | od -c)" "$(od -c a.txt)"
    same "$(printf '1\nright\n3\n' | od -c)" "$(git cat-file blob :a.txt | od -c)"
    same "$(printf '1\r\nright\r\n3\r\n4\r\n5\r\n' | od -c)" "$(od -c b.txt)"
    same $'A  a.txt\nAM b.txt' "$(git status --porcelain)"
}

@test "--staged: where git can store no object, the work tree is left as it is, too" {
    team_rules
    printf 'wrong\n' >a.txt
    git add -A
    for_users
    [ "$(id -u)" != 0 ] || chown -R "$TEST_USER:$TEST_USER" .
    find .git/objects -type d -exec chmod 555 {} +
    WRAP=(as_user)
    expect 1 check --staged --fix
    WRAP=()
    find .git/objects -type d -exec chmod 755 {} +
    [[ $stderr == *"sallyport: a.txt: not fixed: "*"ermission denied"* ]]
    same wrong "$(cat a.txt)"
    same wrong "$(git -c safe.directory='*' show :a.txt)"
}

@test "--staged: a file that is deleted in the work tree is refused" {
    team_rules
    printf 'wrong\n' >a.txt
    git add a.txt
    rm a.txt
    expect 1 check --staged --fix
    [[ $stderr == *"a.txt: not fixed: it is not in the work tree any more"* ]]
    same wrong "$(git show :a.txt)"
    same "AD a.txt" "$(git status --porcelain)"
}

@test "--staged: a file that git assumes to be unchanged is refused, one that a sparse checkout left out is fixed" {
    team_rules
    printf 'x\n' >a.txt
    printf 'x\n' >b.txt
    printf 'x\n' >c.txt
    commit first
    for file in a b c; do printf 'wrong\n' >$file.txt; done
    git add -A
    git update-index --assume-unchanged a.txt
    git update-index --skip-worktree b.txt c.txt
    rm b.txt
    expect 1 check --staged --fix
    [[ $stderr == *"a.txt: not fixed: git was told to assume that it is unchanged"* ]]
    [[ $stderr == *"c.txt: not fixed: it is in the work tree, which git was told not to look at (skip-worktree)"* ]]
    same "wrong right wrong" "$(git show :a.txt) $(git show :b.txt) $(git show :c.txt)"
    same $'h a.txt\nS b.txt\nS c.txt' "$(git ls-files -v a.txt b.txt c.txt)"
    [ ! -e b.txt ]
}

@test "--staged: what is only announced (add -N) is not touched, and stays announced" {
    team_rules
    printf 'wrong\n' >a.txt
    git add -N a.txt
    printf 'wrong\n' >b.txt
    git add b.txt
    expect 0 check --staged --fix
    same wrong "$(cat a.txt)"
    same $' A a.txt\nA  b.txt' "$(git status --porcelain)"
}

@test "--staged: conflicts are an error, as without --fix" {
    team_rules
    printf 'one\n' >a.txt
    commit first
    git checkout -q -b topic
    printf 'two wrong\n' >a.txt
    commit second
    git checkout -q main
    printf 'three wrong\n' >a.txt
    commit third
    git merge -q topic || true
    before=$(everything)
    expect 2 check --staged --fix
    [[ $stderr == *"a.txt has conflicts"* ]]
    same "$before" "$(everything)"
}

@test "--staged: a file behind a filter is refused" {
    team_rules
    printf '*.txt filter=upper\n' >.gitattributes
    git config filter.upper.clean 'tr a-z A-Z'
    git config filter.upper.smudge 'tr A-Z a-z'
    commit attributes
    printf 'wrong\n' | git hash-object -w --stdin --no-filters >"$BATS_TEST_TMPDIR/id"
    git update-index --add --cacheinfo "100644,$(cat "$BATS_TEST_TMPDIR/id"),a.txt"
    printf 'wrong\n' >a.txt
    expect 1 check --staged --fix
    [[ $stderr == *"a.txt: not fixed: a filter or an encoding stands between it and the work tree (.gitattributes)"* ]]
    same wrong "$(git show :a.txt)"
    same wrong "$(cat a.txt)"
}

@test "a file with an encoding of its own in the work tree is refused there, and keeps it" {
    team_rules
    printf '*.txt working-tree-encoding=UTF-16LE\n' >.gitattributes
    commit attributes
    printf 'one\nwrong\nthree\n' | iconv -t UTF-16LE >a.txt
    cp a.txt "$BATS_TEST_TMPDIR/was.txt"
    printf 'wrong\n' >b.md
    expect 1 check --fix
    [[ $stderr == *"a.txt: not fixed: it has a working-tree-encoding (.gitattributes), which is not written here"* ]]
    same right "$(cat b.md)"
    git add -A
    expect 1 check --staged --fix
    [[ $stderr == *"a.txt: not fixed: a filter or an encoding stands between"* ]]
    commit all
    expect 1 check --all --fix
    [[ $stderr == *"a.txt: not fixed: it has a working-tree-encoding"* ]]
    cmp a.txt "$BATS_TEST_TMPDIR/was.txt"
    same $'one\nwrong\nthree' "$(git show HEAD:a.txt)"
}

@test "--staged: a lock that another program holds is an error that names it, and nothing is written" {
    team_rules
    printf 'wrong\n' >a.txt
    git add a.txt
    : >.git/index.lock
    before=$(everything)
    expect 2 check --staged --fix
    same "sallyport: $PWD/.git/index.lock: it exists: another program changes the index; if none does any more, remove it" "$stderr"
    same "$before" "$(everything)"
    [ -e .git/index.lock ]
}

@test "--staged: in a linked work tree it is that work tree's index" {
    team_rules
    git worktree add -q ../linked
    cd ../linked
    printf 'wrong\n' >a.txt
    git add a.txt
    expect 0 check --staged --fix
    same right "$(git show :a.txt)"
    same "A  a.txt" "$(git status --porcelain)"
    same "" "$(git -C ../repo status --porcelain)"
}

# ---- as a hook

hook() {
    mkdir -p .git/hooks
    printf '#!/bin/sh\nexec "%s" check --staged --fix --no-run\n' "$SALLYPORT" >.git/hooks/pre-commit
    chmod +x .git/hooks/pre-commit
}

@test "git commit with the hook commits what is fixed" {
    team_rules
    hook
    printf 'wrong\n' >a.txt
    git add a.txt
    git commit -q -m fixed
    same right "$(git show HEAD:a.txt)"
    same "" "$(git status --porcelain)"
}

@test "git commit -a with the hook commits what is fixed" {
    team_rules
    hook
    printf 'x\n' >a.txt
    commit first
    printf 'x\nwrong\n' >a.txt
    git commit -q -a -m fixed
    same $'x\nright' "$(git show HEAD:a.txt)"
    same "" "$(git status --porcelain)"
    same "" "$(find .git -name '*lock*' -o -name '*sallyport*')"
}

@test "git commit PATH with the hook commits what is fixed, and the index has it afterwards" {
    team_rules
    hook
    printf 'x\n' >a.txt
    printf 'x\n' >b.txt
    commit first
    printf 'x\nwrong\n' >a.txt
    printf 'x\nwrong\n' >b.txt
    git add b.txt
    git commit -q -m fixed a.txt
    same $'x\nright' "$(git show HEAD:a.txt)"
    same $'x\nright' "$(git show :a.txt)"
    same $'x\nwrong' "$(git show :b.txt)"
    same "M  b.txt" "$(git status --porcelain)"
    same "" "$(find .git -name '*lock*' -o -name '*sallyport*')"
}

@test "git commit with the hook stops where a fix cannot be staged" {
    team_rules
    hook
    printf 'wrong\n' >a.txt
    git add a.txt
    printf 'wrong too\n' >a.txt
    run git commit -q -m broken
    [ "$status" -ne 0 ]
    [[ $output == *"a.txt: not fixed"* ]]
    same policy "$(git log -1 --format=%s)"
}

# ---- killed

# Twelve files with one thing to fix in each, at their end, staged.
twelve_files() {
    local i
    for i in $(seq 12); do
        { seq 200; echo "wrong $i"; } >"f$i.txt"
    done
    git add -A
}

@test "whoever kills it finds each file old or new, and the next run removes what is left" {
    team_rules
    twelve_files
    cp -a . "$BATS_TEST_TMPDIR/copy"
    start=$(date +%s%N)
    expect 0 check --staged --fix
    took=$((($(date +%s%N) - start) / 1000000))
    killed=0 halfway=0
    for round in $(seq 25); do
        rm -rf "$BATS_TEST_TMPDIR/repo"
        cp -a "$BATS_TEST_TMPDIR/copy" "$BATS_TEST_TMPDIR/repo"
        cd "$BATS_TEST_TMPDIR/repo"
        after=$(printf '%d.%03d' $((took * round / 25 / 1000)) $((took * round / 25 % 1000)))
        timeout --signal=KILL "$after" "$SALLYPORT" check --staged --fix >/dev/null 2>&1 || killed=$((killed + 1))
        fixed=0
        for i in $(seq 12); do
            sed '$d' "f$i.txt" | cmp -s - <(seq 200)
            last=$(tail -n 1 "f$i.txt")
            [ "$last" = "right $i" ] && fixed=$((fixed + 1)) || [ "$last" = "wrong $i" ]
        done
        [ $fixed = 0 ] || [ $fixed = 12 ] || halfway=$((halfway + 1))
        # The index is as it was, or fixed as a whole; and never fixed where the work tree is not.
        staged=$(git grep --cached -h -c '^right' -- 'f*.txt' | wc -l)
        [ "$staged" = 0 ] || { [ "$staged" = 12 ] && [ $fixed = 12 ]; }
        expect 0 check --staged --fix
        [ -z "$(find . -name '*sallyport-*' -o -name 'index.lock*')" ]
        for i in $(seq 12); do
            same "right $i" "$(tail -n 1 "f$i.txt")"
        done
        same "" "$(git diff --name-only)"
    done
    echo "killed $killed times, $halfway of them between two files"
    [ $killed -gt 5 ]
    [ $halfway -gt 0 ]
}
