#!/usr/bin/env python3
"""Random files of nasty text: every line's fingerprint in the SARIF report is GitHub's.

    testdata/fingerprints.py [--seed N] [--files N] SALLYPORT

GitHub's is computed here after github/codeql-action, src/fingerprints.ts, apart from review/fingerprint.c. A tool of
the policy's own has a finding on each line.
"""

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

POLICY = """version: 1
rules: off
exclude: [.sallyport.yaml]
linters:
  lines: {files: ["*.x"], command: [awk, '{print FILENAME ":" FNR ": error: l [l]"}', "{files}"], output: gcc}
"""
BLOCK, FACTOR, MODULUS = 100, 37, 1 << 64
PARTS = [b"a", b"b", b" ", b"\t", b"\n", b"\r", b"\r\n", b"\r \n", b"\n\n", b"x" * 37, b"y" * 120, b"if x:\n", b"\x01"]
PARTS += ["\ufeff", "é", "\u2028", "\uffff", "😀"]
PARTS += [b"\xff", b"\xe2\x82", b"\xed\xa0\x80", b"\xf0\x9f", b"\xc0\x80", b"\xf4\x90\x80\x80"]  # no UTF-8
PARTS = [part.encode() if isinstance(part, str) else part for part in PARTS]


class Hasher:
    """The window of GitHub's algorithm, and the hash of each line that has left it."""

    def __init__(self):
        self.window, self.starts = [0] * BLOCK, [0] * BLOCK
        self.at = self.hash = self.line = 0
        self.counts, self.lines = {}, {}

    def output(self):
        name = f"{self.hash:x}"
        self.counts[name] = self.counts.get(name, 0) + 1
        self.lines[self.starts[self.at]] = f"{name}:{self.counts[name]}"
        self.starts[self.at] = 0

    def put(self, unit, starts_line=False):
        if self.starts[self.at]:
            self.output()
        if starts_line:
            self.line += 1
            self.starts[self.at] = self.line
        oldest, self.window[self.at] = self.window[self.at], unit
        self.hash = (FACTOR * self.hash + unit - pow(FACTOR, BLOCK, MODULUS) * oldest) % MODULUS
        self.at = (self.at + 1) % BLOCK


def github(data):
    """The fingerprints of a file by the number of the line."""
    utf16 = data.decode("utf-8", "replace").encode("utf-16-le", "surrogatepass")
    units = [utf16[i] | utf16[i + 1] << 8 for i in range(0, len(utf16), 2)]
    hasher, starts_line, after_return = Hasher(), True, False
    for unit in [*units, 0xFFFF]:
        skip = unit in (0x20, 0x09) or (after_return and unit == 0x0A)
        after_return = unit == 0x0D and not skip
        if skip:
            continue
        unit = 0x0A if unit == 0x0D else unit
        hasher.put(unit, starts_line)
        starts_line = unit == 0x0A
    for _ in range(BLOCK):
        hasher.put(0)
    return hasher.lines


def reported(sallyport, folder):
    """(path, line, fingerprint) of each result."""
    command = [sallyport, "check", "--no-cache", "-o", "sarif"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=False)
    if done.returncode != 1:
        raise SystemExit(f"exit status {done.returncode}: {done.stdout.decode()}")
    for run in json.loads(done.stdout)["runs"]:
        for result in run["results"]:
            place = result["locations"][0]["physicalLocation"]
            line = place.get("region", {}).get("startLine", 1)
            yield place["artifactLocation"]["uri"], line, result["partialFingerprints"]["primaryLocationLineHash"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("sallyport", type=pathlib.Path)
    options = parser.parse_args()
    generator, count, wrong = random.Random(options.seed), 0, 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run(["git", "init", "--quiet", "--template=", "."], cwd=folder, check=True)
        (folder / ".sallyport.yaml").write_text(POLICY)
        expected = {}
        for number in range(options.files):
            data = b"".join(generator.choices(PARTS, k=generator.choice([1, 3, 20, 200])))
            (folder / f"{number}.x").write_bytes(data)
            expected[f"{number}.x"] = github(data)
        for path, line, fingerprint in reported(options.sallyport.resolve(), folder):
            count += 1
            if expected[path][line] != fingerprint:
                wrong += 1
                print(f"{path}:{line}: {fingerprint}, GitHub has {expected[path][line]}")
    print(f"{count} lines, {wrong} wrong")
    return wrong > 0 or count < options.files


if __name__ == "__main__":
    sys.exit(main())
