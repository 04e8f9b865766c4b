#!/usr/bin/env python3
"""Reads a report the way its consumers do, and prints what it says: for tests.

read_reports.py sarif FILE   validates against the SARIF schema; a sorted line for each result:
                             TOOL LEVEL RULE URI[:LINE[:COLUMN]] MESSAGE
read_reports.py baseline FILE  the same of a baseline, which is SARIF without rules and verdict
read_reports.py junit FILE   reads with junitparser; a line for each suite and, below it, for each case:
                             suite NAME tests=N failures=N errors=N skipped=N
                             case CLASS NAME RESULT [MESSAGE]
read_reports.py result FILE  validates the result of a run against the schema that stands in sallyport(1): a line
                             STATUS PHASE EXIT_CODE SIGNAL DENIED

Exits with 1, and says why on stderr, where the file is not valid or contradicts itself.
"""

import json
import pathlib
import re
import sys

SCHEMA = pathlib.Path(__file__).parent / "schema" / "sarif-2.1.0.json"
PAGE = pathlib.Path(__file__).parent.parent / "cmd" / "sallyport.1"


class Invalid(Exception):
    pass


def check(condition, message):
    if not condition:
        raise Invalid(message)


def unique_members(pairs):
    members = dict(pairs)
    check(len(members) == len(pairs), f"a member stands twice in {[name for name, _ in pairs]}")
    return members


def place(result):
    location = result["locations"][0]["physicalLocation"]
    region = location.get("region", {})
    parts = [location["artifactLocation"]["uri"]]
    parts += [str(region[key]) for key in ("startLine", "startColumn") if key in region]
    return ":".join(parts)


def run_lines(run):
    driver = run["tool"]["driver"]
    ids = [rule["id"] for rule in driver.get("rules", [])]
    check(ids == sorted(set(ids)), f"the rules of {driver['name']} are not sorted: {ids}")
    for result in run["results"]:
        if ids:
            check(ids[result["ruleIndex"]] == result["ruleId"], f"ruleIndex of {result['ruleId']} is another rule")
        yield " ".join([driver["name"], result["level"], result["ruleId"], place(result), result["message"]["text"]])


def read_sarif(data, has_verdict=True):
    import jsonschema

    log = json.loads(data.decode("utf-8"), object_pairs_hook=unique_members)
    schema = json.loads(SCHEMA.read_text("utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    for error in validator.iter_errors(log):
        raise Invalid(f"{error.json_path}: {error.message}")
    verdicts = [run for run in log["runs"] if "verdict" in run.get("properties", {})]
    check(bool(verdicts) == has_verdict, f"there are {len(verdicts)} verdicts")
    return sorted(line for run in log["runs"] for line in run_lines(run))


def outcome(case):
    """ "passed", or "failure", "error", "skipped" with its message."""
    check(len(case.result) <= 1, f"more than one result: {case.classname} {case.name}")
    if not case.result:
        return ["passed"]
    result = case.result[0]
    return [type(result).__name__.lower()] + ([result.message] if result.message else [])


def suite_lines(suite):
    counts = {"failure": 0, "error": 0, "skipped": 0, "passed": 0}
    lines = []
    for case in suite:
        result = outcome(case)
        counts[result[0]] += 1
        lines.append(" ".join(["case", case.classname, case.name] + result))
    found = (sum(counts.values()), counts["failure"], counts["error"], counts["skipped"])
    told = (suite.tests, suite.failures, suite.errors, suite.skipped)
    check(found == told, f"suite {suite.name}: {found} were found, {told} are told")
    yield "suite {} tests={} failures={} errors={} skipped={}".format(suite.name, *found)
    yield from lines


def read_junit(path):
    import junitparser

    report = junitparser.JUnitXml.fromfile(path)
    suites = list(report)
    for key in ("tests", "failures", "errors", "skipped"):
        told, found = getattr(report, key), sum(getattr(suite, key) for suite in suites)
        check(told == found, f"{key}: the suites have {found}, {told} are told")
    return [line for suite in suites for line in suite_lines(suite)]


def read_result(data):
    import jsonschema

    result = json.loads(data.decode("utf-8"), object_pairs_hook=unique_members)
    schema = json.loads(re.search(r"^\.Bd -literal\n(\{.*?^\}\n)\.Ed$", PAGE.read_text("utf-8"), re.M | re.S)[1])
    jsonschema.Draft202012Validator.check_schema(schema)
    for error in jsonschema.Draft202012Validator(schema).iter_errors(result):
        raise Invalid(f"{error.json_path}: {error.message}")
    return [" ".join(str(result[key]) for key in ("status", "phase", "exit_code", "signal", "denied"))]


def main(argv):
    readers = {
        "sarif": lambda path: read_sarif(pathlib.Path(path).read_bytes()),
        "baseline": lambda path: read_sarif(pathlib.Path(path).read_bytes(), has_verdict=False),
        "junit": read_junit,
        "result": lambda path: read_result(pathlib.Path(path).read_bytes()),
    }
    if len(argv) != 3 or argv[1] not in readers:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        lines = readers[argv[1]](argv[2])
    except Exception as error:  # whatever a parser raises, the file is not what it should be
        print(f"{argv[2]}: {type(error).__name__}: {error}", file=sys.stderr)
        return 1
    for line in lines:
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
