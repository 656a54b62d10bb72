#!/usr/bin/env python3
"""Reads the JUnit report of CTest: prints failures with their output, skipped names, slowest tests.

With --counts FILE it also writes `passed failed skipped`, then the failed names, a line each.
"""
import argparse
import sys
import xml.etree.ElementTree as ET

SLOWEST, OUTPUT_LINES = 5, 60


def read(path):
    """-> [(name, verdict, seconds, output)], verdict being passed, failed or skipped"""
    tests = []
    for case in ET.parse(path).getroot().iter("testcase"):
        status = case.get("status", "")
        verdict = "failed"
        if case.find("skipped") is not None or status in ("disabled", "notrun"):
            verdict = "skipped"
        elif case.find("failure") is None and case.find("error") is None and status == "run":
            verdict = "passed"
        # A program that was not built runs nothing; that is a failure and no skipping.
        if case.get("name", "").endswith("_NOT_BUILT"):
            verdict = "failed"
        tests.append((case.get("name", ""), verdict, float(case.get("time") or 0),
                      case.findtext("system-out") or ""))
    return tests


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report")
    parser.add_argument("--counts")
    args = parser.parse_args()
    tests = read(args.report)
    by = {word: [t for t in tests if t[1] == word] for word in ("passed", "failed", "skipped")}
    for name, _, seconds, output in by["failed"]:
        print(f"--- {name} failed after {seconds:.1f} s")
        print("\n".join(line[:300] for line in output.strip().split("\n")[-OUTPUT_LINES:]))
    for name, _, _, output in by["skipped"]:
        reason = next((line.strip() for line in output.split("\n") if "kipped" in line), "")
        print(f"skipped   {name} {reason}"[:200])
    for name, _, seconds, _ in sorted(tests, key=lambda t: -t[2])[:SLOWEST]:
        print(f"slowest   {name:<60} {seconds:6.1f} s")
    print(f"tests     {len(by['passed'])} of {len(tests)} passed")
    if args.counts:
        with open(args.counts, "w", encoding="utf-8") as file:
            file.write(" ".join(str(len(by[w])) for w in ("passed", "failed", "skipped")) + "\n")
            file.writelines(test[0] + "\n" for test in by["failed"])
    return 1 if by["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
