#!/usr/bin/env bats
# sallyport check: the declared outputs of a policy's jobs come back below the repository's root, safely.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
}

policy() { # JOB...
    printf 'version: 1\nlinters: {}\nrun:\n' >.sallyport.yaml
    printf '  - %s\n' "$@" >>.sallyport.yaml
}

@test "what a job makes comes back below the root, wherever check is called" {
    policy '{name: unit, command: [sh, -c, "mkdir build && echo made >build/coverage.xml && echo x >other"], outputs: ["build/coverage.xml"]}'
    mkdir sub
    printf 'text\n' >sub/file
    cd sub
    expect 0 check
    cd "$BATS_TEST_TMPDIR/repo"
    same made "$(cat build/coverage.xml)"
    [ ! -e other ]
    policy '{name: unit, command: [sh, -c, "mkdir -p build && echo again >build/coverage.xml"], outputs: ["build/coverage.xml"]}'
    printf 'build\n' >.gitignore
    expect 0 check
    same again "$(cat build/coverage.xml)"
}

@test "a job that fails gives its outputs, too; one that makes none of what it declares has failed" {
    policy '{name: unit, command: [sh, -c, "echo made >log; exit 1"], outputs: [log]}'
    expect 1 check
    same made "$(cat log)"
    rm log
    policy '{name: unit, command: ["true"], outputs: [log, sub/other]}'
    expect 1 check
    [[ $output == *"failed   unit: succeeded, but log did not come back: No such file or directory; sub/other did not come back: No such file or directory"* ]]
    [[ $output == *"reasons"*"job unit succeeded, but log did not come back"*"rejected: "* ]]
    expect 1 check -o junit
    [[ $output == *'<failure type="outputs" message="succeeded, but log did not come back'* ]]
}

@test "a file that git tracks is never overwritten: in the index, or in HEAD" {
    policy '{name: unit, command: [sh, -c, "echo made >a; echo made >b; echo made >c"], outputs: [a, b, c]}'
    printf 'committed\n' >a
    commit first
    git rm --quiet --cached a
    printf 'staged\n' >b
    git add b
    expect 1 check
    [[ $output == *"unit: succeeded, but a did not come back: git tracks a file of that name; b did not come back: git tracks a file of that name"* ]]
    same "committed staged made" "$(cat a b c | tr '\n' ' ' | sed 's/ $//')"
}

@test "two runs that make the same path are told, and neither is taken" {
    policy '{name: unit, files: ["*.txt"], command: [sh, -c, "cp {file} out; cp {file} own-{file}"], outputs: [out]}'
    printf 'a\n' >a.txt
    printf 'b\n' >b.txt
    expect 1 check
    [[ $output == *"unit: a.txt: succeeded, but out did not come back: more than one run has made it"* ]]
    [[ $output == *"unit: b.txt: succeeded, but out did not come back: more than one run has made it"* ]]
    [ ! -e out ]
    rm b.txt
    expect 0 check
    same a "$(cat out)"
}

@test "links: in what the job makes, and on the way in the work tree" {
    printf 'before' >../victim
    mkdir ../elsewhere
    ln -s ../victim out
    ln -s ../elsewhere dir
    printf 'out\ndir\n' >.gitignore
    policy '{name: unit, command: [sh, -c, "echo made >out; mkdir dir; echo made >dir/x; ln -s /etc/passwd link"], outputs: [out, dir/x, link]}'
    expect 1 check
    [[ $output == *"dir/x did not come back: dir/x: Too many levels of symbolic links; link did not come back: Too many levels of symbolic links"* ]]
    same before "$(cat ../victim)"
    [ ! -L out ] && [ -z "$(ls ../elsewhere)" ] && [ ! -e link ]
}

@test "nothing is written where no job runs, nor into a bare repository" {
    policy '{name: unit, command: [sh, -c, "echo made >log"], outputs: [log]}'
    expect 0 check --no-run
    [ ! -e log ]
    commit first
    git clone --quiet --bare . ../bare.git
    cd ../bare.git
    expect 1 check --all -p ../repo/.sallyport.yaml
    [[ $output == *"log did not come back: there is no work tree to write it to"* ]]
}

@test "paths that lead elsewhere are errors of the policy" {
    for path in /etc/passwd ../x .git/hooks/pre-commit sub/.GIT/x; do
        policy "{name: unit, command: [\"true\"], outputs: [\"$path\"]}"
        expect 2 check
        [[ $stderr == *"run[0].outputs[0]: "* ]]
    done
}

@test "reports carry each job's isolation" {
    policy '{name: unit, command: ["true"]}'
    tier=$("$SALLYPORT" doctor | sed -n 's/^Sandbox: //p')
    expect 0 check -o junit
    [[ $output == *"<property name=\"isolation\" value=\"$tier\"/>"* ]]
    expect 0 check -o sarif
    same "$tier" "$(python3 -c 'import json, sys
for run in json.loads(sys.argv[1])["runs"]:
    for invocation in run["invocations"]:
        if "job" in invocation.get("properties", {}):
            print(invocation["properties"]["isolation"]["tier"])' "$output")"
}

@test "isolation that is less than full is said aloud" {
    policy '{name: unit, command: ["true"]}'
    printf 'sandbox: {require: landlock}\n' >>.sallyport.yaml
    for_users
    WRAP=("$without_namespaces")
    PATH=/usr/bin:/bin expect 0 check
    [[ $output == *"  isolation: this machine gives \`landlock\`: user_namespace: create namespaces: Operation not permitted"* ]]
    expect 0 run -p .sallyport.yaml --no-review -v --command -- true
    [[ $stderr == "sallyport: isolation: this machine gives \`landlock\`: "* ]]
    expect 0 run -p .sallyport.yaml --no-review --command -- true
    same "" "$stderr"
}
