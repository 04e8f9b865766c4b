#!/usr/bin/env python3
"""Random edits, renames and moves of files with known findings: exactly the planted new findings are reported.

    testdata/moves.py [--seed N] [--cases N] SALLYPORT

Each case is a repository of its own: some files of functions with findings of Ruff's, a branch on which a few things
are done to them, and `sallyport check --base main`. What is done keeps an account of the findings that are new by it.
Where the review says otherwise the seed of the case is printed, with the difference: --seed N --cases 1 repeats it.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

POLICY = """version: 1
linters: {ruff: {args: ["--select", "F,E711,E722,E731"]}}
rules: off
"""

# What a function can have in it: lines, and the rules of the findings by the lines' numbers. {n} is a number of the
# function's own; a body without it is the same in many functions.
BODIES = [
    (["    kept_{n} = 1", "    return kept_{n}"], {}),
    (["    total = 0", "    for item in range({n}):", "        total += item", "    return total"], {}),
    (["    unused_{n} = 1", "    return {n}"], {0: "F841"}),
    (["    value = input()", "    return value == None"], {1: "E711"}),
    (["    try:", "        print({n})", "    except:", "        print('again')"], {2: "E722"}),
    (["    for item in range(3):", "        print(item)", "    return missing_{n}"], {2: "F821"}),
    (["    spare = 1", "    other = 2", "    return 3"], {0: "F841", 1: "F841"}),
    (["    print('the first line of {n}')", "    print(f'nothing here')"], {1: "F541"}),
    (["    twice = lambda x: x * {n}", "    return twice(2)"], {0: "E731"}),
    (["    spare = 1", "    print(spare, {n})", "    return 4"], {}),
]
# What is planted has findings in any case.
BAD_BODIES = [body for body in BODIES if body[1]]


class Line:
    """A line, the rule of its finding, and whether that is new."""

    def __init__(self, text, rule=None, new=False):
        self.text, self.rule, self.new = text, rule, new


class Function:
    def __init__(self, number, body, new=False, module=None):
        lines, rules = body
        self.number = number
        self.module = module
        self.lines = [Line(f"def function_{number}():")]
        for i, text in enumerate(lines):
            mark = f"  # {number}" if new else ""  # not to be mistaken for one that was dropped
            self.lines.append(Line(text.format(n=number) + mark, rules.get(i), new))
        if module:
            self.lines.insert(1, Line(f"    print({module})"))
        self.stays = bool(module)  # it uses an import of its file
        self.caused = False  # a line of it that is not changed has a new finding

    def copy(self, number):
        other = Function(number, ([], {}))
        other.lines += [Line(line.text, line.rule, True) for line in self.lines[1:]]
        return other


class File:
    def __init__(self, path):
        self.path = path
        self.imports = []  # Line; an import that is used has no rule
        self.functions = []

    def lines(self):
        lines = list(self.imports)
        for function in self.functions:
            if lines:
                lines += [Line(""), Line("")]
            lines += function.lines
        return lines

    def text(self):
        return "".join(line.text + "\n" for line in self.lines())


class Case:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.number = 0
        self.done = []
        self.files = [self.new_file(f"file_{i}.py") for i in range(self.random.randint(2, 4))]

    def next(self):
        self.number += 1
        return self.number

    def new_file(self, path):
        file = File(path)
        for _ in range(self.random.randint(1, 4)):
            file.imports.append(Line(f"import idle_{self.next()}", "F401"))
        for _ in range(self.random.randint(5, 10)):
            file.functions.append(Function(self.next(), self.random.choice(BODIES)))
        for _ in range(self.random.randint(0, 2)):
            module = f"used_{self.next()}"
            file.imports.append(Line(f"import {module}"))
            file.functions.append(Function(self.next(), self.random.choice(BODIES), module=module))
        self.random.shuffle(file.imports)
        self.random.shuffle(file.functions)
        return file

    def file(self):
        return self.random.choice(self.files)

    def put(self, file, function):
        file.functions.insert(self.random.randint(0, len(file.functions)), function)

    # What is done on the branch. Each returns whether it could be.

    def add_clean_function(self):
        self.put(self.file(), Function(self.next(), BODIES[self.random.randint(0, 1)]))
        return True

    def add_clean_line(self):
        function = self.random.choice(self.file().functions)
        function.lines.insert(1, Line(f"    print('clean {self.next()}')"))
        return True

    def drop_function(self):
        file = self.file()
        movable = [function for function in file.functions if not function.stays]
        if len(movable) < 3:
            return False
        file.functions.remove(self.random.choice(movable))
        return True

    def move_function(self):
        source = self.file()
        movable = [function for function in source.functions if not function.stays]
        if len(movable) < 3:
            return False
        function = self.random.choice(movable)
        source.functions.remove(function)
        self.put(self.file(), function)
        return True

    def merge_files(self):
        """The functions of one file go to another, and it is gone."""
        if len(self.files) < 3:
            return False
        source, target = self.random.sample(self.files, 2)
        if any(function.stays for function in source.functions) or any(line.new for line in source.imports):
            return False
        self.files.remove(source)
        target.functions += source.functions
        return True

    def indent_function(self):
        function = self.random.choice(self.file().functions)
        if function.lines[0].text.startswith("if ") or function.caused:
            return False
        for line in function.lines:
            line.text = "    " + line.text
        function.lines.insert(0, Line(f"if {self.next()}:"))
        return True

    def swap_imports(self):
        self.random.shuffle(self.file().imports)
        return True

    def rename_file(self):
        file = self.file()
        file.path = f"renamed_{self.next()}/{os.path.basename(file.path)}"
        return True

    def plant_function(self):
        self.put(self.file(), Function(self.next(), self.random.choice(BAD_BODIES), new=True))
        return True

    def plant_import(self):
        self.file().imports.insert(0, Line(f"import planted_{self.next()}", "F401", new=True))
        return True

    def plant_copy(self):
        """Of a function that itself stays where it is."""
        source = self.file()
        bad = [function for function in source.functions if any(line.rule for line in function.lines)]
        bad = [function for function in bad if not function.stays and not function.lines[0].text.startswith("if ")]
        if not bad:
            return False
        function = self.random.choice(bad)
        for other in (other for file in self.files for other in file.functions):
            if {line.text for line in other.lines[1:]} & {line.text for line in function.lines[1:]}:
                other.stays = True  # else one of them may as well be the one that was copied
        self.put(self.file(), function.copy(self.next()))
        return True

    def plant_edit(self):
        """A line with a finding becomes another one, with the same finding."""
        count = collections.Counter(line.text.strip() for file in self.files for line in file.lines())
        lines = [line for line in self.file().lines() if "unused_" in line.text and not line.new]
        lines = [line for line in lines if count[line.text.strip()] == 1]
        if not lines:
            return False
        line = self.random.choice(lines)
        line.text = f"{line.text} + {self.next()}"
        line.new = True
        return True

    def cause(self):
        """The last use of an import goes: the import is a finding, far from what was changed."""
        file = self.file()
        users = [function for function in file.functions if function.module]
        if not users:
            return False
        user = self.random.choice(users)
        user.lines = [line for line in user.lines if line.text.strip() != f"print({user.module})"]
        for line in file.imports:
            if line.text == f"import {user.module}":
                line.rule, line.new = "F401", True
        user.module = None
        return True

    def cause_elsewhere(self):
        """The last use of a variable goes, and elsewhere the like of it, which was never used."""
        file = self.file()
        users = [
            function for function in file.functions if f"print(spare, {function.number})" in function.lines[-2].text
        ]
        others = [function for function in file.functions if function.lines[1].text == "    spare = 1"]
        others = [function for function in others if function.lines[1].rule and not function.lines[1].new]
        if not users or not others:
            return False
        self.random.choice(others).lines.pop(1)
        user = self.random.choice(users)
        user.lines[-2].text = user.lines[-2].text.replace("spare, ", "")
        user.lines[-3].rule, user.lines[-3].new = "F841", True
        user.stays = user.caused = True
        return True

    def change(self):
        plain = [
            self.add_clean_function,
            self.add_clean_line,
            self.drop_function,
            self.move_function,
            self.merge_files,
            self.indent_function,
            self.swap_imports,
            self.rename_file,
        ]
        planting = [
            self.plant_function,
            self.plant_import,
            self.plant_copy,
            self.plant_edit,
            self.cause,
            self.cause_elsewhere,
        ]
        steps = [self.random.choice(plain) for _ in range(self.random.randint(1, 5))]
        steps += [self.random.choice(planting) for _ in range(self.random.randint(0, 3))]
        # What then stays first.
        for step in sorted(steps, key=lambda step: step.__name__ not in ("plant_copy", "cause_elsewhere")):
            if step():
                self.done.append(step.__name__)

    def write(self, folder):
        for file in self.files:
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text())

    def expected(self):
        return collections.Counter(
            (file.path, "ruff." + line.rule, line.text.strip())
            for file in self.files
            for line in file.lines()
            if line.rule and line.new
        )


def git(folder, *arguments):
    subprocess.run(["git", *arguments], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def commit(folder):
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "a commit")


def reported(sallyport, folder):
    done = subprocess.run(
        [sallyport, "check", "--base", "main", "-o", "sarif"], cwd=folder, stdout=subprocess.PIPE, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"exit status {done.returncode}: {done.stdout.decode()}")
    found = collections.Counter()
    for run in json.loads(done.stdout)["runs"]:
        for result in run["results"]:
            place = result["locations"][0]["physicalLocation"]
            path, line = place["artifactLocation"]["uri"], place["region"]["startLine"]
            text = (folder / path).read_text().splitlines()[line - 1]
            found[path, result["ruleId"], text.strip()] += 1
    return found


def is_as_expected(sallyport, seed, folder):
    case = Case(seed)
    git(folder, "init", "--quiet", "--template=", "--initial-branch=main", ".")
    (folder / ".sallyport.yaml").write_text(POLICY)
    case.write(folder)
    commit(folder)
    git(folder, "checkout", "--quiet", "-b", "feature")
    for path in folder.glob("*.py"):
        path.unlink()
    case.change()
    case.write(folder)
    commit(folder)
    expected, found = case.expected(), reported(sallyport, folder)
    if expected == found:
        return True
    print(f"seed {seed}: {', '.join(case.done)}")
    for place in sorted((expected - found).elements()):
        print("  missed:  ", *place)
    for place in sorted((found - expected).elements()):
        print("  too many:", *place)
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="of the first case")
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--keep", type=pathlib.Path, help="an empty folder, for the one case")
    parser.add_argument("sallyport", type=pathlib.Path)
    options = parser.parse_args()
    sallyport, wrong = options.sallyport.resolve(), 0
    for seed in range(options.seed, options.seed + options.cases):
        if options.keep:
            wrong += not is_as_expected(sallyport, seed, options.keep)
            continue
        with tempfile.TemporaryDirectory() as folder:
            wrong += not is_as_expected(sallyport, seed, pathlib.Path(folder))
    print(f"{options.cases} cases, {wrong} wrong")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
