#!/usr/bin/env bats
# `sallyport rules`: what is in force, what a rule is about, and whether rules do what their tests say.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
}

# A rule file of a team.
team() { # PATTERN
    cat >team.yaml <<END
version: 1
pack: team
rules:
  - id: team.no-print
    message: "No print here"
    severity: warning
    languages: [python]
    regex: {pattern: '$1', in: [code]}
    tests:
      bad:
        - "print(x)"
      good:
        - "pprint(x)"
        - {path: a.pyi, text: "# print(x)"}
END
}

# The fields of one rule in the list: severity, pack, languages, confidence.
fields() { # ID
    awk -v id="$1" '$1 == id {print $2, $3, $4, $5}' <<<"$output"
}

@test "without a subcommand, or with a wrong one" {
    expect 2 rules
    same "sallyport: rules what? (see 'sallyport rules --help')" "$stderr"
    expect 2 rules explian
    same "sallyport: rules has no subcommand 'explian' (did you mean 'explain'?) (see 'sallyport rules --help')" "$stderr"
    expect 2 rules --frobnicate
    same "sallyport: rules has no option '--frobnicate' (see 'sallyport rules --help')" "$stderr"
    expect 2 rules list extra
    expect 2 rules list --frobnicate
    expect 2 rules explain
    same "sallyport: rules explain takes the id of one rule (see 'sallyport rules list')" "$stderr"
    expect 2 rules explain a.b c.d
}

@test "--help of the verb and of each subcommand" {
    expect 0 rules --help
    [[ $output == *list*explain*test* ]]
    for subcommand in list explain test; do
        expect 0 rules "$subcommand" --help
        [[ $output == *"sallyport rules $subcommand"*"Exit status: 0"* ]]
        same "" "$stderr"
    done
}

@test "list: all rules, with the built-in default all in force but what measures" {
    expect 0 rules list
    same "error python python high" "$(fields python.eval)"
    same "warning change any high" "$(fields change.policy-edited)"
    same "warning - any -" "$(fields suppress.unused)"
    same "off - c,cpp -" "$(fields c.complexity)"
    [[ $output == *" in force by the built-in default" ]]
    # Sorted, and each once.
    ids=$(awk 'NF > 4 && $1 ~ /\./ {print $1}' <<<"$output")
    same "$(sort -u <<<"$ids")" "$ids"
    # Outside of a repository, too.
    mkdir ../elsewhere && cd ../elsewhere
    expect 0 rules list
    [[ $output == *" in force by the built-in default" ]]
}

@test "list: by the policy, from the work tree or by -p, with the team's rules" {
    team '\bprint\('
    printf 'version: 1\nrules:\n  packs: [python]\n  files: [team.yaml]\n  severity: {python.eval: note, python.exec: off, team: error}\n' >.sallyport.yaml
    printf 'gate: {max_complexity: 9}\nsuppress: {inline: false}\n' >>.sallyport.yaml
    expect 0 rules list
    same "note python python high" "$(fields python.eval)"
    same "off python python high" "$(fields python.exec)"
    same "error team python -" "$(fields team.no-print)"
    same "off secrets any high" "$(fields secret.npm-token)"
    same "off change any high" "$(fields change.policy-edited)"
    same "off - any -" "$(fields suppress.unused)"
    same "error - c,cpp -" "$(fields c.complexity)"
    [[ $output == *" in force by .sallyport.yaml" ]]
    printf 'version: 1\nrules: {packs: [secrets]}\n' >../other.yaml
    expect 0 rules list -p ../other.yaml
    same "off python python high" "$(fields python.eval)"
    same "" "$(fields team.no-print)"
}

@test "list: one pack, one language" {
    expect 0 rules list --pack secrets
    same "" "$(grep -v '^secret\.' <<<"$output" | grep '\.' | grep -v ' in force by ')"
    [[ $output == *secret.npm-token* ]]
    expect 0 rules list --language python
    [[ $output == *python.eval* && $output == *secret.npm-token* && $output != *c.complexity* ]]
    expect 0 rules list --language c
    [[ $output != *python.eval* && $output == *c.complexity* ]]
    expect 2 rules list --pack secret
    same "sallyport: there is no pack 'secret' (did you mean 'secrets'?)" "$stderr"
    expect 2 rules list --language pyhton
    same "sallyport: there is no language 'pyhton' (did you mean 'python'?)" "$stderr"
}

@test "list --json" {
    printf 'version: 1\nrules: {packs: [python], severity: {python.eval: note}}\n' >.sallyport.yaml
    expect 0 rules list --json
    run -0 "$TOP/.venv/bin/python" -c '
import json, sys
top = json.loads(sys.argv[1])
rules = {rule["id"]: rule for rule in top["rules"]}
print(top["version"], top["policy"])
rule = rules["python.eval"]
print(rule["in_force"], rule["severity"], rule["default_severity"], rule["pack"], rule["languages"], rule["cwe"])
print(rules["secret.npm-token"]["in_force"], rules["c.complexity"]["pack"], rules["c.complexity"]["languages"])
' "$output"
    same "1 .sallyport.yaml
True note error python ['python'] [95]
False None ['c', 'cpp']" "$output"
}

@test "a policy or a rule file that is not valid" {
    printf 'version: 1\nrules: {packs: [pyhton]}\n' >.sallyport.yaml
    expect 2 rules list
    [[ $stderr == *".sallyport.yaml:2:17: rules.packs[0]: "*"'pyhton'"*"python"* ]]
    expect 2 rules explain python.eval
    printf 'version: 1\nrules: {files: [team.yaml]}\n' >.sallyport.yaml
    team '('
    expect 2 rules list
    [[ $stderr == *"team.yaml:8:22: "*"does not compile"* ]]
    expect 2 rules list -p nowhere.yaml
    same "sallyport: nowhere.yaml: No such file or directory" "$stderr"
}

@test "explain: a page about a rule" {
    expect 0 rules explain python.eval
    same 'python.eval: eval() of text that somebody else can influence runs their code

  severity    error
  confidence  high
  pack        python
  languages   python
  security    8.8 of 10' "$(head -7 <<<"$output")"
    [[ $output == *"CWE-95: Improper Neutralization of Directives in Dynamically Evaluated Code ('Eval Injection')"* ]]
    [[ $output == *"Why, and the better way"*"ast.literal_eval()"*Bad*"eval(input())"*Good*"model.eval()"*References*https://docs.python.org/* ]]
    [[ $output == *"rules: {severity: {python.eval: off}}"*"sallyport: ignore[python.eval] -- REASON"* ]]
    run awk 'length > 110 && !/https/' <<<"$output"
    same "" "$output"
    expect 0 rules explain --color always python.eval
    [[ $output == *$'\e[1mpython.eval\e[0m'* ]]
}

@test "explain: what the policy makes of it" {
    printf 'version: 1\nrules: {packs: [python], severity: {python.eval: note, python.exec: off}}\n' >.sallyport.yaml
    expect 0 rules explain python.eval
    [[ $output == *"severity    note by the policy, error by itself"* ]]
    expect 0 rules explain python.exec
    [[ $output == *"severity    error, but off by the policy"* ]]
    expect 0 rules explain secret.npm-token
    [[ $output == *"severity    error, but not in force by the policy"* ]]
}

@test "explain: rules that are code" {
    expect 0 rules explain change.policy-edited
    [[ $output == *"takes effect once"*"No comment in a file suppresses it."* ]]
    expect 0 rules explain suppress.unused
    expect 0 rules explain c.complexity
    [[ $output == *"gate: {max_complexity: "* ]]
}

@test "explain: an id that is not known" {
    expect 2 rules explain python.evl
    same "sallyport: there is no rule 'python.evl' (did you mean 'python.eval'?) (see 'sallyport rules list')" "$stderr"
    expect 2 rules explain $'a\e[31m'
    [[ $stderr == *'there is no rule '*'\x1b[31m'* ]]
}

@test "test: all packs hold" {
    expect 0 rules test
    [[ $output =~ ^[0-9]+\ rules,\ [0-9]+\ examples,\ 0\ annotations:\ all\ hold$ ]]
}

@test "test: the examples of a rule file" {
    team '\bprint\('
    expect 0 rules test team.yaml
    same "1 rule, 3 examples, 0 annotations: all hold" "$output"
    team 'print'
    expect 1 rules test team.yaml
    same "team.yaml:13: team.no-print finds something in a good example: pprint(x)
1 rule, 3 examples, 0 annotations: 1 failure" "$output"
    team 'pprint'
    expect 1 rules test team.yaml
    same "team.yaml:11: team.no-print finds nothing in a bad example: print(x)
team.yaml:13: team.no-print finds something in a good example: pprint(x)
1 rule, 3 examples, 0 annotations: 2 failures" "$output"
}

@test "test: a rule file with errors" {
    team '('
    expect 2 rules test team.yaml
    [[ $stderr == *"team.yaml:8:22: "*"does not compile"* ]]
    same "" "$output"
    expect 2 rules test nowhere.yaml
    same "sallyport: nowhere.yaml: No such file or directory" "$stderr"
    # An id that is taken.
    team x
    sed -i 's/team.no-print/python.eval/' team.yaml
    expect 2 rules test team.yaml
    [[ $stderr == *"there is a rule 'python.eval' already"* ]]
}

@test "test: a pack's own file takes its place" {
    expect 0 rules test "$TOP/rules/packs/python.yaml" "$TOP/rules/packs/change.yaml"
    [[ $output == *" rules, "*": all hold" ]]
}

@test "test: comments in a source say what is to be found" {
    team '\bprint\('
    cat >a.py <<'END'
# ruleid: python.eval
x = eval(text)
# ok: python.eval, python.exec
model.eval()
y = eval(text)  # ruleid: python.eval
# ruleid: team.no-print
# ruleid: python.eval
print(eval(text))
# ok: so far
END
    cat >a.js <<'END'
/* ok: secret.npm-token */
const token = process.env.NPM_TOKEN;
END
    expect 0 rules test team.yaml a.py a.js
    same "1 rule, 3 examples, 7 annotations: all hold" "$output"
    sed -i -e 's/eval(text)$/run(text)/' -e 's/^model.eval/eval/' a.py
    expect 1 rules test team.yaml a.py
    same "a.py:2: python.eval finds nothing here, which the comment in line 1 does not expect
a.py:4: python.eval finds something here, which the comment in line 3 does not expect
1 rule, 3 examples, 6 annotations: 2 failures" "$output"
    # Without the team's rules there is no such id.
    expect 2 rules test a.py
    same "sallyport: a.py:6: there is no rule 'team.no-print'" "$stderr"
}

@test "test: what is known to be wrong is no failure, and --strict sees what nobody speaks of" {
    printf '# todoruleid: python.eval\nx = run(text)\n# todook: python.eval\ny = eval(text)\n' >a.py
    expect 0 rules test a.py
    expect 0 rules test --strict a.py
    printf 'z = eval(text)\n' >>a.py
    expect 0 rules test a.py
    expect 1 rules test --strict a.py
    same "a.py:5: python.eval finds something that no comment expects: eval() runs whatever its text says
0 rules, 0 examples, 2 annotations: 1 failure" "$output"
    # What says nothing tests nothing, unless nothing is to be found.
    printf 'x = 1\n' >b.py
    expect 2 rules test b.py
    [[ $stderr == *"b.py: no comment in it says ruleid: or ok:"* ]]
    expect 0 rules test --strict b.py
}

@test "test: YAML with such comments is a source" {
    printf '# ok: secret.npm-token\ntoken: $NPM_TOKEN\n' >a.yaml
    expect 0 rules test a.yaml
    same "0 rules, 0 examples, 1 annotation: all hold" "$output"
    # And so is YAML that has no rules.
    printf 'token: $NPM_TOKEN\n' >b.yaml
    expect 0 rules test --strict b.yaml
    expect 2 rules test b.yaml
    [[ $stderr == *"b.yaml: no comment in it says ruleid: or ok:"* ]]
}

@test "test --json" {
    printf '# ruleid: python.eval\nx = eval(text)\n# ok: python.exec\ny = eval(text)\n' >a.py
    expect 1 rules test --strict --json a.py
    run -0 "$TOP/.venv/bin/python" -c '
import json, sys
top = json.loads(sys.argv[1])
(file,) = top["files"]
print(file["path"], file["language"], file["lines"], [(f["rule"], f["line"], f["severity"]) for f in file["findings"]])
print([(e["rule"], e["line"], e["finds"], e["todo"]) for e in file["expected"]])
print([(f["path"], f["line"]) for f in top["failures"]])
' "$output"
    same "a.py python 4 [('python.eval', 2, 'error'), ('python.eval', 4, 'error')]
[('python.eval', 2, True, False), ('python.exec', 4, False, False)]
[('a.py', 4)]" "$output"
}
