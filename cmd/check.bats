#!/usr/bin/env bats
# sallyport check: what is reviewed, what counts, what is run, what comes out.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
}

# A policy with no linters: only the built-in rules look.
rules_only() { # FURTHER-LINE...
    printf '%s\n' 'version: 1' 'linters: {}' "$@" >.sallyport.yaml
}

# A program called $1 first on the PATH, whose text is standard input.
fake_tool() { # NAME
    mkdir -p "$BATS_TEST_TMPDIR/fake"
    cat >"$BATS_TEST_TMPDIR/fake/$1"
    chmod +x "$BATS_TEST_TMPDIR/fake/$1"
    PATH="$BATS_TEST_TMPDIR/fake:$PATH"
}

# ---- what is reviewed

@test "--staged reviews the index, even where the work tree differs" {
    printf 'import os\n' >a.py
    git add a.py
    printf 'X = 1\n' >a.py
    expect 1 check --staged
    [[ $output == *"a.py"*"ruff.F401"* ]]
    [[ $output == *"flake8.F401"* ]]
    [[ $output == *"import os"* ]]
    expect 0 check --worktree
    git add a.py
    expect 0 check --staged
    same "X = 1" "$(cat a.py)"
}

@test "the work tree, untracked files included, is the default" {
    printf 'X = 1\n' >kept.py
    commit first
    printf 'import os\n' >new.py
    expect 1 check
    [[ $output == *new.py* ]]
    [[ $output != *kept.py* ]]
}

@test "--base reviews what came since the merge base, with the base's policy" {
    rules_only
    printf 'eval(a)\n' >old.py
    commit first
    git checkout -q -b feature
    printf 'eval(b)\n' >new.py
    printf 'version: 1\nlinters: {}\nrules: {packs: []}\n' >.sallyport.yaml
    commit second
    git checkout -q main
    printf 'eval(c)\n' >later.py
    commit third
    expect 1 check --base main --head feature
    [[ $output == *new.py* ]]
    [[ $output != *old.py* && $output != *later.py* ]]
}

@test "--base: a change cannot loosen the linters' configuration or the rules of its own gate" {
    mkdir -p rules
    printf 'version: 1\nlinters: {ruff: {}, flake8: {}}\nrules: {packs: [], files: ["rules/*.yaml"]}\n' >.sallyport.yaml
    printf '%s\n' 'version: 1' 'pack: team' 'rules:' '  - id: team.no-frobnicate' '    message: "frobnicate() is gone"' \
        '    severity: error' '    regex: {pattern: "frobnicate\\("}' '    tests: {bad: ["frobnicate(1)"]}' >rules/team.yaml
    printf '[flake8]\nmax-line-length = 100\n' >.flake8
    commit first
    git checkout -q -b feature
    printf 'lint.ignore = ["F401"]\n' >ruff.toml
    printf '[flake8]\nignore = F401\n' >.flake8
    git rm -q rules/team.yaml
    printf 'import os\n\nfrobnicate(1)\n' >a.py
    commit second
    expect 1 check --base main
    [[ $output == *ruff.F401* && $output == *flake8.F401* && $output == *team.no-frobnicate* ]]
}

@test "only changed lines count, unless the policy says else" {
    rules_only
    printf 'eval(a)\nb = 1\n' >a.py
    commit first
    printf 'eval(a)\nb = 2\n' >a.py
    expect 0 check
    rules_only 'gate: {scope: changed-files}'
    expect 1 check
    printf 'eval(a)\nb = eval(c)\n' >a.py
    rules_only
    expect 1 check
    [[ $output == *"2:5"* && $output != *"1:1"* ]]
}

@test "a syntax error counts wherever the tool reports it" {
    rules_only
    printf 'def f():\n    x = 1\n    return x\n\n\ny = 2\n' >a.py
    rm .sallyport.yaml
    commit first
    printf 'def f():\n    x = (1\n    return x\n\n\ny = 2\n' >a.py
    expect 1 check
    [[ $output == *invalid-syntax* ]]
}

@test "--all reviews every tracked file of HEAD" {
    rules_only
    printf 'eval(a)\n' >a.py
    mkdir sub && printf 'exec(b)\n' >sub/b.py
    commit first
    printf 'untracked: eval(c)\n' >c.py
    expect 1 check --all
    [[ $output == *a.py* && $output == *sub/b.py* && $output != *c.py* ]]
    expect 1 check --all sub
    [[ $output != *"a.py"* && $output == *sub/b.py* ]]
}

@test "paths are relative to the current directory" {
    rules_only
    mkdir sub && printf 'eval(a)\n' >sub/a.py && printf 'eval(b)\n' >b.py
    cd sub
    expect 1 check a.py
    [[ $output == *sub/a.py* && $output != *"b.py"* ]]
    expect 1 check
    [[ $output == *b.py* ]]
    expect 2 check no-such.py
    [[ $stderr == *no-such.py* ]]
}

@test "the first commit, and a detached HEAD" {
    rules_only
    printf 'eval(a)\n' >a.py
    git add .
    expect 1 check --staged
    expect 0 check --all
    commit first
    git checkout -q --detach
    printf 'eval(b)\n' >b.py
    expect 1 check
    [[ $output == *b.py* && $output != *" a.py"* ]]
}

@test "names with spaces, newlines, quotes, bytes that are not UTF-8, a leading dash" {
    local name
    for name in 'with space.py' $'new\nline.py' 'quo"te.py' $'\377.py' '-dash.py'; do
        printf 'import os\nX = 1\n' >"./$name"
    done
    git add -A
    expect 1 check --staged -o sarif=../out.sarif -o junit=../out.xml
    [[ $output == *"with space.py"* && $output == *'"new\nline.py"'* && $output == *'"quo\"te.py"'* ]]
    [[ $output == *'"\377.py"'* && $output == *-dash.py* ]]
    same 5 "$(grep -c 'ruff\.F401' <<<"$output")"
    same 5 "$(grep -c 'flake8\.F401' <<<"$output")"
    "$TOP/.venv/bin/python" "$TOP/testdata/read_reports.py" sarif ../out.sarif
    "$TOP/.venv/bin/python" "$TOP/testdata/read_reports.py" junit ../out.xml
}

@test "what no check may look at is in the ledger, with the reason" {
    rules_only 'exclude: ["vendor/**"]' 'rules: {severity: {change.link-outside: off}}'
    printf 'X = 1\n' >gone.py
    commit first
    mkdir vendor && printf 'eval(a)\n' >vendor/a.py
    printf 'a\0b' >data.bin
    ln -s /etc/passwd link.py
    rm gone.py
    expect 0 check -v
    [[ $output == *"vendor/a.py"*"excluded by the policy"* ]]
    [[ $output == *"data.bin"*"binary"* ]]
    [[ $output == *"link.py"*"a symbolic link"* ]]
    [[ $output == *"gone.py"*"deleted"* ]]
    [[ $output != *root:* ]]
}

@test "the work tree and the index are not touched" {
    printf 'import os\n' >a.py
    git add a.py
    printf 'import sys\n' >a.py
    local before
    before=$(git status --porcelain=v2 && sha256sum .git/index a.py)
    expect 1 check --staged
    expect 1 check
    same "$before" "$(git status --porcelain=v2 && sha256sum .git/index a.py)"
    same "" "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'sallyport-[A-Za-z0-9]*' -newer .git/HEAD ! -name 'sallyport-test*')"
}

# ---- undecided

@test "a linter that is not on the PATH makes its files undecided" {
    printf 'X = 1\n' >a.py
    git add a.py
    PATH=/usr/bin:/bin expect 3 check --staged
    [[ $output == *undecided* && $output == *"ruff: not found"* && $output == *"pip install ruff"* ]]
    printf 'text\n' >only.txt
    git rm -q --cached a.py && git add only.txt
    PATH=/usr/bin:/bin expect 0 check --staged
}

@test "a change that cannot be laid out for the linters is undecided" {
    printf 'X = 1\n' >a.py
    TMPDIR=/no/such/folder expect 3 check
    [[ $output == *"ruff: "*TMPDIR* && $output == *"flake8: "*TMPDIR* && $output == *"black: "*TMPDIR* ]]
}

@test "a linter that crashes, says nonsense, hangs, or is too old" {
    printf 'X = 1\n' >a.py
    git add a.py
    printf 'version: 1\nlinters: {ruff: {timeout: 1s}}\n' >.sallyport.yaml
    fake_tool ruff <<<$'#!/bin/sh\nkill -SEGV $$'
    expect 3 check --staged
    [[ $output == *"signal 11"* ]]
    fake_tool ruff <<<$'#!/bin/sh\necho nonsense'
    expect 3 check --staged
    [[ $output == *undecided* ]]
    fake_tool ruff <<<$'#!/bin/sh\nsleep 60'
    expect 3 check --staged
    [[ $output == *"1 s"* ]]
    fake_tool ruff <<<$'#!/bin/sh\nexit 2'
    expect 3 check --staged
    [[ $output == *"exit code 2"* ]]
    fake_tool ruff <<<$'#!/bin/sh\nexit 0'
    expect 3 check --staged
    rm "$BATS_TEST_TMPDIR/fake/ruff"
    printf 'version: 1\nlinters: {ruff: {version: ">=99"}}\n' >.sallyport.yaml
    expect 3 check --staged
    [[ $output == *"asks for >=99"* ]]
}

@test "a linter whose own configuration excludes a file that it is given: that is told" {
    printf 'import os\n' >a.py
    printf 'import os\nx  = 1\n' >b.py
    git add .
    printf 'version: 1\nlinters: {flake8: {}}\n' >.sallyport.yaml
    printf '[flake8]\nexclude = a.py\n' >.flake8
    expect 1 check --staged
    [[ $output == *"flake8 has not looked at 1 file: excluded by its own configuration"* && $output == *b.py* ]]
    rm .flake8
    printf 'version: 1\nlinters: {ruff: {}}\n' >.sallyport.yaml
    printf 'force-exclude = true\nexclude = ["a.py"]\n' >ruff.toml
    expect 1 check --staged
    [[ $output == *"ruff has not looked at 1 file: excluded by its own configuration"* && $output == *b.py* ]]
    rm ruff.toml
    printf 'version: 1\nlinters: {black: {}}\n' >.sallyport.yaml
    printf '[tool.black]\nforce-exclude = "a.py"\n' >pyproject.toml
    expect 0 check --staged
    [[ $output == *"black has not looked at 1 file: excluded by its own configuration"* && $output == *b.py* ]]
    # Where it leaves out all, nothing has been reviewed.
    printf '[tool.black]\nforce-exclude = ".py"\n' >pyproject.toml
    expect 0 check --staged --no-cache
    [[ $output == *"black has not looked at 2 files: excluded by its own configuration"* ]]
}

@test "a linter runs in the sandbox: no file of the host, no network, no variable" {
    printf 'X = 1\n' >a.py
    git add a.py
    printf 'secret' >"$BATS_TEST_TMPDIR/secret"
    printf 'version: 1\nlinters: {ruff: {}}\n' >.sallyport.yaml
    fake_tool ruff <<EOT
#!/bin/sh
test -e "$BATS_TEST_TMPDIR/secret" && echo "sees the host" >&2
test -n "\$TOKEN" && echo "sees TOKEN" >&2
touch a.py 2>/dev/null && echo "can write" >&2
test -w . && echo "can write here" >&2
cat a.py >&2
exit 9
EOT
    TOKEN=abc expect 3 check --staged
    [[ $output == *"X = 1"* ]]
    [[ $output != *"sees"* && $output != *"can write"* ]]
}

@test "a linter that pip installed for the user alone" {
    local base=$BATS_TEST_TMPDIR/home/.local version
    version=$(/usr/bin/python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    mkdir -p "$base/bin" "$base/lib/$version"
    cp -R "$TOP"/.venv/lib/python3*/site-packages "$base/lib/$version/"
    printf '#!/usr/bin/python3\nimport sys\n\nfrom flake8.main.cli import main\n\nsys.exit(main())\n' >"$base/bin/flake8"
    chmod +x "$base/bin/flake8"
    printf 'version: 1\nlinters: {flake8: {}}\n' >.sallyport.yaml
    printf 'import os\n' >a.py
    PATH=$base/bin:/usr/bin:/bin expect 1 check
    [[ $output == *flake8.F401* ]]
}

# ---- severities and the gate

@test "severities by code prefix; off" {
    printf 'import os\nx = 1 \n' >a.py
    git add a.py
    printf 'version: 1\nlinters: {flake8: {severity: {F401: note, W: off}}}\n' >.sallyport.yaml
    expect 0 check --staged
    [[ $output == *"note"*"flake8.F401"* && $output != *W291* ]]
    printf 'version: 1\nlinters: {flake8: {severity: error}}\n' >.sallyport.yaml
    expect 1 check --staged
    [[ $output == *"error"*"flake8.W291"* ]]
}

@test "a syntax error is an error, unless the policy names it" {
    printf 'x = (\n' >a.py
    printf 'version: 1\nlinters:\n  ruff: {severity: {F: error, E9: error, "*": warning}}\n  black: {severity: note}\n' >.sallyport.yaml
    expect 1 check
    [[ $output == *"error "*ruff.invalid-syntax* && $output == *"error "*black.invalid-syntax* ]]
    printf 'version: 1\nlinters: {flake8: {severity: warning}}\n' >.sallyport.yaml
    expect 1 check
    [[ $output == *"error "*flake8.E999* ]]
    printf 'version: 1\nlinters: {ruff: {severity: {E9: warning}}, black: {severity: {invalid-syntax: note}}}\n' >.sallyport.yaml
    printf 'gate: {merge_duplicates: false}\n' >>.sallyport.yaml
    expect 0 check
    [[ $output == *"warning "*ruff.invalid-syntax* && $output == *"note "*black.invalid-syntax* ]]
}

@test "allowed counts, in all and by file" {
    rules_only 'gate: {allow: {error: 2}}'
    printf 'eval(a)\neval(b)\n' >a.py
    expect 0 check
    printf 'eval(c)\n' >b.py
    expect 1 check
    [[ $output == *"3 errors, 2 allowed: 1 too many (gate.allow.error)"* ]]
    rules_only 'gate: {allow: {error: unlimited}, allow_per_file: 1}'
    expect 1 check
    [[ $output == *"2 findings in a.py, 1 allowed: 1 too many (gate.allow_per_file)"* ]]
}

# ---- jobs

@test "jobs run only when the gate has passed" {
    rules_only 'run:' '  - {name: hello, command: [sh, -c, "echo job was here; exit 0"]}'
    printf 'X = 1\n' >a.py
    expect 0 check -v
    [[ $output == *hello* ]]
    printf 'eval(a)\n' >a.py
    expect 1 check
    [[ $output == *"hello"*"skipped"* && $output != *"job was here"* ]]
    printf 'X = 1\n' >a.py
    expect 0 check --no-run
    [[ $output == *"hello"*"--no-run"* ]]
}

@test "a job that fails rejects, one that cannot be started is undecided" {
    rules_only 'run:' '  - {name: fails, command: [sh, -c, "echo the reason; exit 3"]}'
    printf 'X = 1\n' >a.py
    expect 1 check
    [[ $output == *"the reason"* && $output == *"job fails ended with exit code 3"* ]]
    rules_only 'run:' '  - {name: missing, command: [no-such-program]}'
    expect 3 check
    [[ $output == *"no-such-program: not found"* ]]
}

@test "a job sees the reviewed content, all of the tree, and not the work tree" {
    printf 'X = "committed"\n' >lib.py
    printf 'import lib\n\nprint(lib.X)\nraise SystemExit(9)\n' >test_a.py
    rules_only 'run:' '  - {name: unit, files: ["test_*.py"], lang: python}'
    commit first
    printf 'X = "staged"\n' >lib.py
    git add lib.py
    printf 'X = "work tree"\n' >lib.py
    expect 1 check --staged
    [[ $output == *"unit: test_a.py"* && $output == *staged* && $output != *"work tree"* && $output != *committed* ]]
}

@test "a script of the tree, with the interpreter that it asks for" {
    mkdir -p scripts "$BATS_TEST_TMPDIR/tools/bin"
    # shellcheck disable=SC2016 # for the script
    printf '#!/bin/sh\nshift\necho "hello from $1"\nexit 3\n' >"$BATS_TEST_TMPDIR/tools/bin/hello"
    printf '#!/usr/bin/env -S hello\n' >scripts/greet
    chmod +x scripts/greet "$BATS_TEST_TMPDIR/tools/bin/hello"
    rules_only 'run:' '  - {name: greet, command: [./scripts/greet, "the tree"]}'
    PATH=$BATS_TEST_TMPDIR/tools/bin:$PATH expect 1 check
    [[ $output == *"hello from the tree"* && $output == *"exit code 3"* ]]
}

@test "one run a matching file; none that matches is told" {
    rules_only 'run:' '  - {name: each, lang: bash, files: ["t/*.sh"]}' \
        '  - {name: none, lang: bash, files: ["*.nothing"]}'
    mkdir t && printf 'exit 0\n' >t/a.sh && printf 'exit 0\n' >t/b.sh
    expect 0 check -v
    [[ $output == *"each: t/a.sh"* && $output == *"each: t/b.sh"* ]]
    [[ $output == *"none"*"no file matches"* ]]
}

@test "a job has no network, a limit, and leaves nothing behind" {
    rules_only 'run:' '  - {name: net, lang: python, files: [net.py]}' \
        '  - {name: slow, command: [sleep, "60"], limits: {wall: 300ms}}'
    printf 'import socket\nsocket.create_connection(("127.0.0.1", 22), 1)\n' >net.py
    expect 1 check
    [[ $output == *"job net: net.py ended with exit code 1"* ]]
    [[ $output == *"job slow was stopped after 300 ms"* ]]
}

# ---- reports

@test "two runs give the same bytes" {
    sample
    expect 1 check --base main --head feature -o sarif=a.sarif -o junit=a.xml
    expect 1 check --base main --head feature -o sarif=b.sarif -o junit=b.xml
    cmp a.sarif b.sarif
    cmp a.xml b.xml
    expect 0 check --base main --head feature-good -o sarif=a.sarif -o junit=a.xml
    expect 0 check --base main --head feature-good -o sarif=b.sarif -o junit=b.xml
    cmp a.sarif b.sarif
    cmp a.xml b.xml
    run ! grep -F "$BATS_TEST_TMPDIR" a.sarif a.xml
}

@test "the sample: rejected, its reports, and nothing is run" {
    sample
    expect 1 check --base main --head feature
    golden "$TOP/testdata/reports/sample-feature.txt" "$output"
    golden "$TOP/testdata/reports/sample-feature.sarif.txt" \
        "$("$TOP/.venv/bin/python" "$TOP/testdata/read_reports.py" sarif build/sallyport.sarif)"
    golden "$TOP/testdata/reports/sample-feature.junit.txt" \
        "$("$TOP/.venv/bin/python" "$TOP/testdata/read_reports.py" junit build/sallyport.junit.xml)"
}

@test "the sample: a good branch passes, and its jobs run" {
    sample
    expect 0 check --base main --head feature-good
    # What the machine lacks for full isolation is not of the sample.
    golden "$TOP/testdata/reports/sample-good.txt" "$(sed "/^  isolation: /d" <<<"$output")"
    golden "$TOP/testdata/reports/sample-good.junit.txt" \
        "$("$TOP/.venv/bin/python" "$TOP/testdata/read_reports.py" junit build/sallyport.junit.xml)"
    expect 1 check --base main --head feature-fails
    [[ $output == *"job unit"* ]]
    expect 1 check --base main --head feature-syntax
    [[ $output == *invalid-syntax* ]]
}

@test "the policy's reports are not written through a link" {
    mkdir "$BATS_TEST_TMPDIR/elsewhere"
    rules_only 'reports: {sarif: out/a.sarif}'
    ln -s "$BATS_TEST_TMPDIR/elsewhere" out
    expect 3 check
    [[ $stderr == *"symbolic link"* ]]
    same "" "$(ls "$BATS_TEST_TMPDIR/elsewhere")"
}

@test "one format to stdout, others to files" {
    rules_only
    printf 'eval(a)\n' >a.py
    expect 1 check -o sarif
    "$TOP/.venv/bin/python" -m json.tool <<<"$output" >/dev/null
    expect 1 check -o sarif=/dev/null
    [[ $output == *python.eval* ]]
    expect 2 check -o sarif -o junit
    expect 2 check -o sraif
    [[ $stderr == *"did you mean 'sarif'?"* ]]
    expect 2 check -o sarif=
    expect 3 check -o sarif=/proc/no/such/file
}

@test "colour only where it is wanted" {
    rules_only
    printf 'eval(a)\n' >a.py
    expect 1 check
    [[ $output != *$'\e['* ]]
    expect 1 check --color always
    [[ $output == *$'\e['* ]]
    expect 2 check --color sometimes
}

# ---- wrong requests

@test "not a repository, a bare one, no such revision, no merge base" {
    cd "$BATS_TEST_TMPDIR"
    mkdir plain && cd plain
    GIT_CEILING_DIRECTORIES=$BATS_TEST_TMPDIR expect 2 check
    [[ $stderr == *repository* ]]
    cd ../repo
    rules_only
    commit first
    expect 2 check --base no-such-branch
    [[ $stderr == *no-such-branch* ]]
    git checkout -q --orphan other
    commit other
    expect 2 check --base main
    [[ $stderr == *"common ancestor"* ]]
    git clone -q --bare . ../bare.git
    cd ../bare.git
    expect 2 check --staged
    [[ $stderr == *bare* ]]
    expect 0 check --all
}

@test "a policy with mistakes: all of them, with their places" {
    printf 'version: 1\nlinterz: {}\ngate: {allow: {error: -1}}\n' >.sallyport.yaml
    printf 'X = 1\n' >a.py
    git add a.py
    expect 2 check --staged
    same "" "$output"
    [[ $stderr == *".sallyport.yaml:2:1: "*"'linterz' (did you mean 'linters'?)"* ]]
    [[ $stderr == *".sallyport.yaml:3:"*gate.allow.error* ]]
}

@test "flags that do not go together" {
    expect 2 check --staged --all
    expect 2 check --head HEAD
    expect 2 check --stagde
    expect 2 check -j nine
    expect 2 check -j 0
    [[ $stderr == *"--jobs takes a number from 1 on"* ]]
    expect 0 check -j 1
}

@test "Ctrl-C ends everything, and nothing stays behind" {
    printf 'X = 1\n' >a.py
    printf 'version: 1\nlinters: {ruff: {}}\n' >.sallyport.yaml
    fake_tool ruff <<<$'#!/bin/sh\nsleep 61'
    mkdir "$BATS_TEST_TMPDIR/tmp"
    TMPDIR=$BATS_TEST_TMPDIR/tmp "$SALLYPORT" check >out 2>err &
    local pid=$!
    for _ in $(seq 100); do
        pgrep -f '^sleep 61$' >/dev/null && break
        sleep 0.05
    done
    kill -TERM "$pid"
    local status=0
    wait "$pid" || status=$?
    same 3 "$status"
    run pgrep -f '^sleep 61$'
    same 1 "$status"
    same "" "$(ls "$BATS_TEST_TMPDIR/tmp")"
    grep -q 'stopped on request' out
}
