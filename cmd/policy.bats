#!/usr/bin/env bats
# `sallyport policy`: what init writes holds, check tells every error, show says what is in force.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
}

@test "without a subcommand, or with a wrong one" {
    expect 2 policy
    same "sallyport: policy what? (see 'sallyport policy --help')" "$stderr"
    expect 2 policy chek
    same "sallyport: policy has no subcommand 'chek' (did you mean 'check'?) (see 'sallyport policy --help')" "$stderr"
    expect 2 policy --frobnicate
    same "sallyport: policy has no option '--frobnicate' (see 'sallyport policy --help')" "$stderr"
    expect 2 policy check --frobnicate
    expect 2 policy init extra
    expect 2 policy show extra
    expect 2 policy check a b
}

@test "--help of the verb and of each subcommand" {
    expect 0 policy --help
    [[ $output == *init*check*show* ]]
    for subcommand in init check show; do
        expect 0 policy "$subcommand" --help
        [[ $output == *"sallyport policy $subcommand"*"Exit status: 0"* ]]
        same "" "$stderr"
    done
}

@test "init writes a policy for the languages that are there, and check finds it valid" {
    mkdir src
    printf 'X = 1\n' >src/a.py
    printf 'int x;\n' >b.c
    commit "a little of each"
    (cd src && expect 0 policy init && [[ $output == *"/.sallyport.yaml: written" ]])
    run -0 grep -v '^ *\(#\|$\)' .sallyport.yaml
    same 'version: 1
exclude: []
linters:
  black: {}
  flake8: {}
  ruff: {}
rules:
  packs: [default]
gate:
  scope: changed-lines                     # or changed-files, everything
  allow: {error: 0, warning: unlimited, note: unlimited}' "$output"
    run -0 grep '^# Languages' .sallyport.yaml
    same "# Languages found: c, python." "$output"
    expect 0 policy check
    same ".sallyport.yaml: valid" "$output"
    same "" "$stderr"
}

@test "init counts untracked files and scripts without an extension" {
    printf '#!/usr/bin/env python3\nX = 1\n' >tool
    chmod +x tool
    expect 0 policy init --stdout
    [[ $output == *"# Languages found: python."*"ruff: {}"* ]]
    [ ! -e .sallyport.yaml ]
}

@test "init names no linter where there is nothing for one" {
    printf 'echo hello\n' >a.sh
    commit "a script"
    expect 0 policy init
    expect 0 policy show
    [[ $output == *$'\nlinters: {}\n'* ]]
}

@test "init in an empty repository" {
    expect 0 policy init
    run -0 grep '^# No language' .sallyport.yaml
    expect 0 policy check
}

@test "what init shows as comments is valid too" {
    for file in a.py a.js a.sh a.c; do
        rm -f ./a.*
        touch "$file"
        expect 0 policy init --stdout
        # The comment marks of the keys that are turned off go, those of the explanations stay.
        sed -e '/^# run:/,$s/^# \( *- \| *[a-z_]*: \|run:\|  *[a-z]*:\)/\1/' <<<"$output" >uncommented.yaml
        run -0 grep -c '^run:\|^  - name:\|^sandbox:\|^reports:' uncommented.yaml
        same 4 "$output"
        expect 0 policy check uncommented.yaml
    done
}

@test "init does not write over a policy unless it is forced to" {
    printf 'mine\n' >.sallyport.yaml
    expect 2 policy init
    [[ $stderr == *".sallyport.yaml is there already (--force writes it anew, --stdout only shows it)" ]]
    same mine "$(cat .sallyport.yaml)"
    expect 0 policy init --stdout
    same mine "$(cat .sallyport.yaml)"
    expect 0 policy init --force
    expect 0 policy check
}

@test "init does not write through a link that leads nowhere" {
    ln -s ../elsewhere .sallyport.yaml
    expect 2 policy init
    [ ! -e ../elsewhere ]
}

@test "check tells every error, with its place" {
    printf 'version: 1\n\nlinterz:\n  ruff: {}\nrules:\n  packs: [default, pyhton]\ngate: {allow: {error: none}}\n' \
        >.sallyport.yaml
    expect 2 policy check
    same "" "$output"
    same "sallyport: .sallyport.yaml:3:1: unknown key 'linterz' (did you mean 'linters'?)
sallyport: .sallyport.yaml:6:20: rules.packs[1]: no such pack 'pyhton' (did you mean 'python'?)
sallyport: .sallyport.yaml:7:23: gate.allow.error: expected a whole number or 'unlimited', found 'none'" "$stderr"
    expect 2 policy show
    [[ $stderr == *"linterz"* ]]
}

@test "check of a file needs no repository" {
    cd "$BATS_TEST_TMPDIR"
    printf 'version: 1\n' >good.yaml
    printf 'version: 2\n' >bad.yaml
    printf 'version: 1\n' >--odd
    GIT_CEILING_DIRECTORIES=$BATS_TEST_TMPDIR expect 0 policy check good.yaml
    same "good.yaml: valid" "$output"
    expect 2 policy check bad.yaml
    same "sallyport: bad.yaml:1:10: version: expected the number 1, found '2'" "$stderr"
    expect 0 policy check -- --odd
    same "--odd: valid" "$output"
    expect 2 policy check nowhere.yaml
    [[ $stderr == *nowhere.yaml* ]]
}

@test "check without a policy" {
    expect 2 policy check
    [[ $stderr == *"there is no .sallyport.yaml here"* ]]
    cd "$BATS_TEST_TMPDIR"
    GIT_CEILING_DIRECTORIES=$BATS_TEST_TMPDIR expect 2 policy check
}

@test "check sees the policy of the work tree, from below the root" {
    printf 'version: 1\n' >.sallyport.yaml
    commit "a policy"
    mkdir below
    cd below
    expect 0 policy check
    printf 'version: 3\n' >../.sallyport.yaml
    expect 2 policy check
    same "sallyport: .sallyport.yaml:1:10: version: expected the number 1, found '3'" "$stderr"
}

@test "a document that expands without end is refused at once" {
    {
        printf 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n'
        for n in $(seq 30); do
            printf 'a%d: &a%d [*a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d, *a%d]\n' \
                "$n" "$n" $((n - 1)) $((n - 1)) $((n - 1)) $((n - 1)) $((n - 1)) $((n - 1)) $((n - 1)) $((n - 1)) \
                $((n - 1)) $((n - 1))
        done
    } >laughs.yaml
    SECONDS=0
    expect 2 policy check laughs.yaml
    [[ $stderr == *"more than 100000 nodes"* ]]
    [ "$SECONDS" -lt 5 ]
}

@test "show of the default" {
    expect 0 policy show
    same "# the built-in default, with all defaults
version: 1
exclude: []
linters:
  black:
    args: []
    severity: {invalid-syntax: error, \"*\": note}
    timeout: 1m
  flake8:
    args: []
    severity: {F: error, E9: error, \"*\": warning}
    timeout: 1m
  ruff:
    args: []
    severity: {F: error, E9: error, invalid-syntax: error, \"*\": warning}
    timeout: 1m
rules:
  packs: [default]
  files: []
  severity: {}
overrides: []
gate:
  scope: changed-lines
  allow: {error: 0, warning: unlimited, note: unlimited}
  allow_per_file: unlimited
  merge_duplicates: true
  match_base: auto
  allow_rules: {}
suppress:
  inline: true
  require: [reason]
  unused: warning
languages: {}
run: []
sandbox:
  require: namespaces
reports: {}" "$output"
}

@test "what show prints is a policy that shows itself" {
    cat >p.yaml <<'END'
version: 1
linters: {black: {severity: note, timeout: 90}}
run:
  - {name: unit, command: [make, "a b", ""], env: {A: "x\ty"}, limits: {memory: 128MiB}}
reports: {sarif: out.sarif}
END
    expect 0 policy show -p p.yaml
    printf '%s\n' "$output" >q.yaml
    [[ $output == *'command: [make, "a b", ""]'* ]]
    expect 0 policy check q.yaml
    expect 0 policy show -p q.yaml
    same "$(sed 1d q.yaml)" "$(sed 1d <<<"$output")"
}

@test "the examples of the manual are valid" {
    # Between .Bd and .Ed of the section EXAMPLES.
    sed -n '/^\.Sh EXAMPLES/,$p' "$TOP/cmd/sallyport-policy.5" | sed -n '/^\.Bd/,/^\.Ed/{/^\./d;p;}' >example.yaml
    run -0 grep -c . example.yaml
    expect 0 policy check example.yaml
}

@test "the manual names every key and every default that show prints" {
    printf 'version: 1\nrun: [{name: a, command: [b]}]\n' >p.yaml
    expect 0 policy show -p p.yaml
    page=$(cat "$TOP/cmd/sallyport-policy.5")
    for key in $(grep -v ' severity: {.' <<<"$output" | grep -o '[a-z_]\+:' | tr -d : | sort -u | grep -v '^\(ruff\|flake8\|black\)$'); do
        [[ $page == *"Ic $key "* ]] || {
            echo "not in the manual: $key"
            false
        }
    done
    # The table of the limits has their defaults.
    grep -o 'limits: {.*}' <<<"$output" | sed 's/limits: {//; s/}//; s/, /\n/g' >limits
    same 10 "$(wc -l <limits)"
    while IFS=': ' read -r limit value; do
        grep -q "^.It Ic $limit Ta .* Ta Cm $value Ta " "$TOP/cmd/sallyport-policy.5"
    done <limits
}

@test "show fills in the severities that a map leaves open" {
    printf 'version: 1\nlinters:\n  ruff: {severity: {F401: note, E: off}}\n  black: {severity: note}\n' >.sallyport.yaml
    expect 0 policy show
    [[ $output == *'severity: {F401: note, E: off, F: error, E9: error, invalid-syntax: error, "*": warning}'* ]]
    [[ $output == *'severity: {"*": note, invalid-syntax: error}'* ]]
    printf '%s\n' "$output" >again.yaml
    expect 0 policy show -p again.yaml
    same "$(tail -n +2 again.yaml)" "$(tail -n +2 <<<"$output")"
}
