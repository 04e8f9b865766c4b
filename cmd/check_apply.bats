#!/usr/bin/env bats
# sallyport check --apply: HEAD as it would be with a patch, with no file touched.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
    OUT=$BATS_TEST_TMPDIR
}

# Only the built-in rules look.
rules_only() { # FURTHER-LINE...
    printf '%s\n' 'version: 1' 'linters: {}' "$@" >.sallyport.yaml
}

# Every file of the repository, .git included, with its bytes, its mode and its times.
everything() {
    find . -type f -exec sha256sum {} + | sort
    find . -printf '%p %m %T@ %l\n' | sort
}

# Runs `check --apply`, and sees to it that nothing in the repository was touched.
apply() { # STATUS ARGUMENT...
    local expected=$1 before
    shift
    before=$(everything)
    expect "$expected" check --apply "$@"
    same "$before" "$(everything)"
}

# The patch from HEAD to what the work tree has now, untracked files included; then all is as it was.
patch_of_work() { # FILE DIFF-ARGUMENT...
    local file=$1
    shift
    git add --all
    git diff --cached "$@" >"$file"
    git reset --quiet --hard
}

# A file of 30 lines.
lines() {
    seq -f 'line %g' 30
}

@test "a patch is reviewed and its jobs run, and no file is touched" {
    rules_only 'run:' '  - {name: unit, files: ["test_*.py"], lang: python}'
    printf 'X = 1\n' >lib.py
    printf 'import lib\n\nprint("X is", lib.X)\nraise SystemExit(lib.X == 2)\n' >test_a.py
    commit first
    printf 'X = 2\n' >lib.py
    patch_of_work "$OUT/fix.patch"
    apply 1 "$OUT/fix.patch"
    [[ $output == *"X is 2"* && $output == *"job unit: test_a.py ended with exit code 1"* ]]
    printf 'X = eval(y)\n' >lib.py
    patch_of_work "$OUT/fix.patch"
    apply 1 "$OUT/fix.patch"
    [[ $output == *lib.py*python.eval* && $output == *skipped* ]]
    apply 1 - <"$OUT/fix.patch"
    [[ $output == *lib.py*python.eval* ]]
    printf 'X = 3\n' >lib.py
    patch_of_work "$OUT/fix.patch"
    apply 0 "$OUT/fix.patch" -v
    [[ $output == *lib.py* && $output == *"1 file reviewed"* ]]
}

@test "the linters look at the patched file, and see HEAD's configuration" {
    printf 'version: 1\nlinters: {ruff: {}}\n' >.sallyport.yaml
    printf 'X = 1\n' >a.py
    commit first
    printf 'import os\nX = 1\n' >a.py
    printf 'lint.ignore = ["F401"]\n' >ruff.toml
    printf 'version: 1\nlinters: {}\nrules: off\n' >.sallyport.yaml
    patch_of_work "$OUT/fix.patch"
    apply 1 "$OUT/fix.patch"
    [[ $output == *ruff.F401* && $output == *"import os"* ]]
}

@test "HEAD, not the index or the work tree, is what the patch is for" {
    rules_only
    printf 'a\nb\nc\n' >a.txt
    commit first
    printf 'a\nb2\nc\n' >a.txt
    patch_of_work "$OUT/fix.patch"
    printf 'other\n' >a.txt
    git add a.txt
    printf 'another\n' >a.txt
    printf 'eval(a)\n' >untracked.py
    apply 0 "$OUT/fix.patch" -v
    [[ $output == *a.txt* && $output != *untracked.py* ]]
}

@test "new, deleted, renamed and copied files, and modes" {
    rules_only
    lines >old.txt
    lines >kept.txt
    printf 'x\n' >gone.txt
    printf '#!/bin/sh\n' >tool
    ln -s kept.txt link
    printf 'y\n' >becomes-link
    : >empty-gone
    commit first
    mkdir -p deep/er
    git mv old.txt "deep/er/new name.txt"
    printf 'more\n' >>"deep/er/new name.txt"
    cp kept.txt copy.txt
    printf 'changed\n' >>kept.txt
    git rm -q gone.txt empty-gone
    chmod +x tool
    ln -sfn tool link
    ln -sfn tool becomes-link
    printf 'eval(a)\n' >new.py
    : >empty-new
    patch_of_work "$OUT/fix.patch" -C --find-copies-harder
    grep -q '^copy from' "$OUT/fix.patch"
    git apply --check "$OUT/fix.patch"
    apply 1 "$OUT/fix.patch" -o sarif="$OUT/a.sarif" -v
    [[ $output == *new.py*python.eval* ]]
    git apply --index "$OUT/fix.patch"
    git commit -q -m second
    # The same as if it had been committed, path for path.
    local applied=$output
    expect 1 check --base HEAD^ -v
    same "$(sed '/^  change: /d; /^  policy: /d' <<<"$output")" "$(sed '/^  change: /d; /^  policy: /d' <<<"$applied")"
}

@test "git format-patch: a mail, a series of them, and a series that goes back and forth" {
    rules_only
    lines >a.txt
    commit first
    git tag start
    sed -i 's/line 5$/line five/' a.txt
    commit 'second: with a body

--- not a patch
diff of nothing'
    git mv a.txt b.txt
    sed -i 's/line 6$/line six/' b.txt
    printf 'eval(a)\n' >new.py
    commit third
    git mv b.txt a.txt
    printf 'eval(b)\n' >>new.py
    commit fourth
    git format-patch -q --stdout start >"$OUT/series.mbox"
    git format-patch -q --stdout -1 HEAD~2 >"$OUT/one.patch"
    git reset -q --hard start
    apply 0 "$OUT/one.patch" -v
    [[ $output == *a.txt* ]]
    apply 1 "$OUT/series.mbox" -v
    [[ $output == *"1:1"*python.eval* && $output == *"2:1"*python.eval* && $output == *a.txt* && $output != *b.txt* ]]
}

@test "two files that change places" {
    rules_only
    seq -f 'a line that is long enough, %g' 100 >a.txt
    seq -f 'another one, which is as long, %g' 100 >b.txt
    commit first
    git mv a.txt c.txt && git mv b.txt a.txt && git mv c.txt b.txt
    printf 'eval(x)\n' >>a.txt
    patch_of_work "$OUT/swap.patch" -M -B
    grep -q 'rename from b.txt' "$OUT/swap.patch"
    git apply --check "$OUT/swap.patch"
    apply 0 "$OUT/swap.patch" -v
    [[ $output == *a.txt* && $output == *b.txt* ]]
}

@test "binary files" {
    rules_only
    head -c 5000 /dev/zero >big.bin
    printf 'a\0b' >gone.bin
    commit first
    printf 'end\0' >>big.bin
    printf '\0\1\2' >new.bin
    git rm -q gone.bin
    patch_of_work "$OUT/fix.patch" --binary
    grep -q '^delta ' "$OUT/fix.patch"
    apply 0 "$OUT/fix.patch" -v
    [[ $output == *big.bin*binary* && $output == *gone.bin*deleted* && $output == *new.bin*binary* ]]
    # A job sees the very bytes.
    rules_only 'run:' '  - {name: sums, command: [sha256sum, big.bin, new.bin]}' \
        '  - {name: fails, command: [sh, -c, "sha256sum big.bin new.bin; exit 1"]}'
    commit second
    apply 1 "$OUT/fix.patch"
    [[ $output == *"$({ head -c 5000 /dev/zero && printf 'end\0'; } | sha256sum | cut -d' ' -f1)"* ]]
    [[ $output == *"$(printf '\0\1\2' | sha256sum | cut -d' ' -f1)"* ]]
    # It is for these bytes alone.
    printf 'x' >>big.bin
    commit third
    apply 2 "$OUT/fix.patch"
    [[ $stderr == *"fix.patch: big.bin: the patch does not fit: the file is another one than it was made for"* ]]
    printf 'a\0c' >gone.bin
    git add --all
    git diff --cached >"$OUT/no.patch"
    git reset -q --hard
    apply 2 "$OUT/no.patch"
    [[ $stderr == *"no.patch: line "*"a binary file without its content"*"git diff --binary"* ]]
}

@test "names with spaces, newlines, quotes, bytes that are not UTF-8; CRLF, no final newline" {
    rules_only
    local name
    for name in 'with space.py' $'new\nline.py' 'quo"te.py' $'\377.py' '-dash.py' $'tab\there.py'; do
        printf 'X = 1\r\nY = 2' >"./$name"
    done
    commit first
    for name in *.py; do printf 'X = 1\r\nY = eval(z)' >"./$name"; done
    mkdir 'sp ace' && printf 'eval(a)\n' >'sp ace/b /c.py'  2>/dev/null || mkdir -p 'sp ace/b ' && printf 'eval(a)\n' >'sp ace/b /c.py'
    patch_of_work "$OUT/fix.patch"
    apply 1 "$OUT/fix.patch"
    same 7 "$(grep -c 'python\.eval ' <<<"$output")"
    [[ $output == *"with space.py"* && $output == *'"new\nline.py"'* && $output == *'"\377.py"'* && $output == *"sp ace/b /c.py"* ]]
    for name in --no-prefix --src-prefix=i/\ --dst-prefix=w/ -U0 -U10; do
        git reset -q --hard
        for file in *.py; do printf 'X = 1\r\nY = eval(z)' >"./$file"; done
        # shellcheck disable=SC2086 # two words
        patch_of_work "$OUT/fix.patch" $name
        apply 1 "$OUT/fix.patch"
        same 6 "$(grep -c 'python\.eval ' <<<"$output")"
    done
}

@test "a plain unified diff, as other programs write it" {
    rules_only
    mkdir src
    lines >src/a.txt
    commit first
    printf '%s\n' 'Here is the patch:' '```diff' '--- a/src/a.txt' '+++ b/src/a.txt' '@@ -1,3 +1,4 @@' ' line 1' '+eval' \
        ' line 2' ' line 3' '```' >"$OUT/model.patch"
    apply 0 "$OUT/model.patch" -v
    [[ $output == *src/a.txt* ]]
    printf -- '--- /dev/null\n+++ b/src/new.py\n@@ -0,0 +1 @@\n+eval(a)\n--- src/a.txt\t2026-01-01\n+++ src/a.txt\t2026-01-02\n@@ -29,2 +29 @@\n line 29\n-line 30\n' >"$OUT/model.patch"
    apply 1 "$OUT/model.patch" -v
    [[ $output == *src/new.py*python.eval* && $output == *src/a.txt* ]]
}

@test "what diff -urN writes: a file that is new or gone by its time, or by having no old lines" {
    rules_only
    mkdir lib
    printf 'a\n' >lib/gone.txt
    printf 'b\n' >lib/emptied.txt
    : >lib/filled.txt
    commit more
    cp -R . "$BATS_TEST_TMPDIR/new"
    (
        cd "$BATS_TEST_TMPDIR/new"
        rm lib/gone.txt
        : >lib/emptied.txt
        printf 'c\n' | tee lib/fresh.txt >lib/filled.txt
        printf 'also = 1\n' >>a.py
    )
    (cd .. && TZ=Asia/Kolkata diff -urN -x .git repo new >"$BATS_TEST_TMPDIR/p.patch") || true
    git apply --check "$BATS_TEST_TMPDIR/p.patch"
    expect 0 check --apply "$BATS_TEST_TMPDIR/p.patch" -v --no-run
    [[ $output == *"passed     lib/fresh.txt  "* && $output == *"skipped    lib/gone.txt     deleted"* ]]
    [[ $output == *"passed     lib/emptied.txt  "* && $output == *"passed     lib/filled.txt  "* ]]
    # No time: where there is no such file it is new, where there is one that is empty it is filled.
    printf '%s\n' '--- a/lib/x.txt' '+++ b/lib/x.txt' '@@ -0,0 +1 @@' +c >"$BATS_TEST_TMPDIR/p.patch"
    git apply --check "$BATS_TEST_TMPDIR/p.patch"
    expect 0 check --apply "$BATS_TEST_TMPDIR/p.patch" -v --no-run
    [[ $output == *"passed     lib/x.txt  "* ]]
    # An old file whose time is that one is not new: trees for reproducible builds have it everywhere.
    printf '%s\n' $'--- a/lib/gone.txt\t1970-01-01 01:00:00.000000000 +0100' '+++ b/lib/gone.txt' '@@ -1 +1 @@' -a +c \
        >"$BATS_TEST_TMPDIR/p.patch"
    expect 0 check --apply "$BATS_TEST_TMPDIR/p.patch" -v --no-run
    [[ $output == *"passed     lib/gone.txt  "* ]]
}

@test "a hunk may fit at another line" {
    rules_only
    lines >a.txt
    commit first
    sed -i 's/^line 20$/eval/' a.txt
    patch_of_work "$OUT/fix.patch"
    { seq -f 'new %g' 100 && lines; } >a.txt
    commit second
    apply 0 "$OUT/fix.patch" -v
    [[ $output == *a.txt* ]]
}

@test "a patch that does not fit ends with 2, and names the file and the hunk" {
    rules_only
    lines >a.txt
    commit first
    sed -i 's/^line 3$/three/; s/^line 20$/twenty/' a.txt
    patch_of_work "$OUT/fix.patch"
    sed -i 's/^line 21$/other/' a.txt
    commit second
    apply 2 "$OUT/fix.patch"
    same "" "$output"
    same "sallyport: $OUT/fix.patch: a.txt: hunk 2 (@@ -17,7 +17,7 @@) does not fit: the lines that it changes, or those around them, are not those of the file" \
        "$stderr"
    git rm -q a.txt
    git commit -q -m third
    apply 2 "$OUT/fix.patch"
    [[ $stderr == *"fix.patch: a.txt: the patch does not fit: there is no such file"* ]]
    printf 'x\n' >new.txt
    patch_of_work "$OUT/fix.patch"
    printf 'y\n' >new.txt
    commit fourth
    apply 2 "$OUT/fix.patch"
    [[ $stderr == *"new.txt: the patch does not fit: there is a file of that name already"* ]]
    git rm -q new.txt
    mkdir new.txt && printf 'y\n' >new.txt/a
    commit fifth
    apply 2 "$OUT/fix.patch"
    [[ $stderr == *"new.txt: the patch does not fit: there is a folder of that name"* ]]
}

@test "an empty or malformed patch ends with 2, and says what is wrong" {
    rules_only
    lines >a.txt
    commit first
    : >"$OUT/p"
    apply 2 "$OUT/p"
    [[ $stderr == *"p: the patch is empty"* ]]
    apply 2 - </dev/null
    [[ $stderr == *"stdin: the patch is empty"* ]]
    printf 'hello\n' >"$OUT/p"
    apply 2 "$OUT/p"
    [[ $stderr == *"p: there is no patch in it"* ]]
    apply 2 "$OUT/no-such"
    [[ $stderr == *"no-such: No such file"* ]]
    apply 2 "$OUT"
    printf -- '--- a/a.txt\n+++ b/a.txt\n@@ -1,3 +1,3 @@\n line 1\n-line 2\n' >"$OUT/p"
    apply 2 "$OUT/p"
    [[ $stderr == *"p: line 6: hunk 1 has fewer lines than its header says"* ]]
    printf -- '--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n line 1\n-line 2\n+two\n line 3\n+more\n' >"$OUT/p"
    apply 2 "$OUT/p"
    [[ $stderr == *"p: line 7: hunk 1 has more lines than its header says"* ]]
    printf -- '--- a/a.txt\r\n+++ b/a.txt\r\n@@ -1,2 +1,2 @@\r\n line 1\r\n-line 2\r\n+two\r\n' >"$OUT/p"
    apply 2 "$OUT/p"
    [[ $stderr == *"CR LF"* ]]
    printf 'diff --cc a.txt\n' >"$OUT/p"
    apply 2 "$OUT/p"
    [[ $stderr == *"p: line 1: the combined diff of a merge"* ]]
    printf '@@ -1 +1 @@\n-a\n+b\n' >"$OUT/p"
    apply 2 "$OUT/p"
    [[ $stderr == *"p: line 1: a hunk without a file"* ]]
}

@test "a path that leaves the repository is refused" {
    rules_only
    ln -s /etc link
    mkdir folder
    ln -s .. folder/up
    commit first
    local path
    for path in ../x /etc/x a/../../x .git/hooks/pre-commit sub/.GIT/config ./x a//b; do
        printf -- '--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+x\n' "$path" >"$OUT/p"
        apply 2 "$OUT/p"
        [[ $stderr == *"p: line 1: the path $path leaves the repository"* ]]
        printf 'diff --git a/%s b/%s\nnew file mode 100644\n' "$path" "$path" >"$OUT/p"
        apply 2 "$OUT/p"
        [[ $stderr == *"leaves the repository"* ]]
        printf 'diff --git a/link b/x\nsimilarity index 100%%\nrename from link\nrename to %s\n' "$path" >"$OUT/p"
        apply 2 "$OUT/p"
        [[ $stderr == *"leaves the repository"* ]]
    done
    # Not through a link either.
    for path in link/x folder/up/x; do
        printf -- '--- /dev/null\n+++ b/%s\n@@ -0,0 +1 @@\n+x\n' "$path" >"$OUT/p"
        apply 2 "$OUT/p"
        [[ $stderr == *"$path: the patch does not fit: one of its folders is a file, a link or a submodule"* ]]
    done
    printf -- '--- /dev/null\n+++ b/git~1/config\n@@ -0,0 +1 @@\n+x\n' >"$OUT/p"
    apply 2 "$OUT/p"
    [[ $stderr == *"git does not allow this name"* ]]
}

@test "limits on the patch and on what it makes" {
    rules_only
    commit first
    head -c 67108865 /dev/zero >"$OUT/p"
    apply 2 "$OUT/p"
    [[ $stderr == *"larger than the 67108864 bytes"* ]]
}

@test "before the first commit, in a bare repository, in a folder below, with paths" {
    rules_only
    printf -- '--- /dev/null\n+++ b/sub/a.py\n@@ -0,0 +1 @@\n+eval(a)\n--- /dev/null\n+++ b/b.py\n@@ -0,0 +1 @@\n+eval(b)\n' >"$OUT/p"
    apply 1 "$OUT/p" -p .sallyport.yaml
    [[ $output == *sub/a.py* && $output == *b.py* ]]
    mkdir sub
    printf 'x\n' >sub/x
    commit first
    cd sub
    apply 1 "$OUT/p" .
    [[ $output == *sub/a.py* && $output != *b.py* ]]
    git clone -q --bare .. "$OUT/bare"
    cd "$OUT/bare"
    apply 1 "$OUT/p"
    [[ $output == *sub/a.py* && $output == *b.py* ]]
}

@test "submodules" {
    rules_only
    commit first
    local id
    id=$(git rev-parse HEAD)
    git update-index --add --cacheinfo "160000,$id,module"
    git commit -q -m second
    printf 'diff --git a/module b/module\nindex %s..%s 160000\n--- a/module\n+++ b/module\n@@ -1 +1 @@\n-Subproject commit %s\n+Subproject commit %s\n' \
        "${id:0:7}" 1234567 "$id" 1234567890123456789012345678901234567890 >"$OUT/p"
    mkdir module
    apply 0 "$OUT/p" -v
    [[ $output == *module*"a submodule"* ]]
    sed -i 's/^-Subproject commit ..../-Subproject commit 0000/' "$OUT/p"
    apply 2 "$OUT/p"
    [[ $stderr == *"module: hunk 1"* ]]
}

@test "what the policy writes in other reviews, reports and outputs of jobs, is not written" {
    rules_only 'run:' '  - {name: make, command: [sh, -c, "echo made >out.txt"], outputs: [out.txt]}' \
        'reports: {sarif: build/a.sarif}'
    printf 'x\n' >a.txt
    commit first
    printf 'y\n' >a.txt
    patch_of_work "$OUT/p"
    apply 0 "$OUT/p" -v -o junit="$OUT/a.xml"
    test -s "$OUT/a.xml"
    expect 0 check --all
    test -s build/a.sarif
    test -s out.txt
}
