#!/usr/bin/env python3
"""tools/dev prove: runs the suites of tools/prove_suites.py, one line each.

    tools/dev prove --ci             the bounds of CI, minutes
    tools/dev prove --hours 4        the long bounds, shared out over so many hours
    tools/dev prove --ci --only fuzz,tsan
    tools/dev prove --ci --beyond-tests   leaves out what is part of the tests anyway
    tools/dev prove --tags [--write docs/tags.md]   only whether tags are honest, with the table
    tools/dev prove --list

The exit code is 1 after any failure. build/prove.json holds the same in full. What only a long run
finds is also written into docs/track-record.md, to be finished by whoever mends it.
"""
import argparse
import datetime
import json
import random
import subprocess
import sys
import time

import prove_suites
from prove_suites import ROOT, SUITES, Result, Run

RECORD = ROOT / "docs" / "track-record.md"
CI_SEED = 1


def options():
    parser = argparse.ArgumentParser(prog="tools/dev prove", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ci", action="store_true", help="the bounds of CI")
    parser.add_argument("--hours", type=float, help="a long run of about so many hours")
    parser.add_argument("--only", help="names of suites, with commas")
    parser.add_argument("--beyond-tests", action="store_true",
                        help="without the suites that tools/dev test has run")
    parser.add_argument("--counts", help="a file for `passed failed skipped` of the suites, then "
                        "the failed names")
    parser.add_argument("--seed", type=int, help=f"{CI_SEED} in CI, else any")
    parser.add_argument("--tags", action="store_true", help="each change that takes a covered row "
                        "away, and the test that turns red")
    parser.add_argument("--write", default="", help="with --tags: the page for the table")
    parser.add_argument("--list", action="store_true", help="the suites and their bounds")
    chosen = parser.parse_args()
    if not (chosen.list or chosen.tags) and chosen.ci == (chosen.hours is not None):
        parser.error("say --ci, --hours N or --tags")
    return chosen


def suites_of(names, beyond_tests):
    if not names:
        return [suite for suite in SUITES if not (beyond_tests and suite.tested)]
    known = {suite.name: suite for suite in SUITES}
    wanted = names.split(",")
    for name in wanted:
        if name not in known:
            sys.exit(f"tools/dev prove: no suite {name}: there are {', '.join(known)}")
    return [known[name] for name in wanted]


def print_list():
    print(f"{'suite':<14}{'preset':<10}{'CI':>8}{'4 hours':>10}")
    for suite in SUITES:
        bounds = ["-" if n is None else f"{n:,}" for n in (suite.ci, suite.long)]
        print(f"{suite.name:<14}{suite.preset:<10}{bounds[0]:>8}{bounds[1]:>10}  {suite.unit}")


def run_suite(suite, how):
    """-> (result, seconds of running, seconds of building)"""
    begun = time.monotonic()
    log = suite.build()
    built = time.monotonic()
    if log:
        result = Result(0, suite.unit, "does not build", [f"see build/log/{log}.log"])
    else:
        result = suite.run(how)
    return result, time.monotonic() - built, built - begun


def prove_tags(page):
    log = prove_suites.Tags().build()
    if log:
        sys.exit(f"tools/dev prove: does not build, see build/log/{log}.log")
    command = ["python3", "-B", "tests/tags/tag_bank.py", "prove", "--jobs",
               str(prove_suites.JOBS), "--write", page]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def commit():
    done = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, check=False,
                          capture_output=True, text=True)
    return done.stdout.strip()


def record(suite, failure, seed):
    """A row of the track record: bug, found by, seed or input, fixed in."""
    words = failure.replace("|", "/").strip()[:160]
    with open(RECORD, "a", encoding="utf-8") as out:
        out.write(f"| {words} | {suite.name}, long run of "
                  f"{datetime.date.today().isoformat()} | seed {seed} | open |\n")


def main():
    chosen = options()
    if chosen.list:
        print_list()
        return 0
    if chosen.tags:
        return prove_tags(chosen.write)
    seed = chosen.seed
    if seed is None:
        seed = CI_SEED if chosen.ci else random.SystemRandom().randrange(1, 2**31)
    how = Run(long=not chosen.ci, hours=chosen.hours or 0, seed=seed)
    report, failed = [], 0
    for suite in suites_of(chosen.only, chosen.beyond_tests):
        if how.amount(suite) is None:
            continue
        result, seconds, building = run_suite(suite, how)
        failed += len(result.failures)
        print(f"{suite.name:<13} {result.what:<28.28} {result.count:>13,} {result.unit:<8}"
              f"{len(result.failures):>3} failed {seconds:>6.0f} s  (build {building:.0f} s)",
              flush=True)
        for failure in result.failures:
            print(f"  FAILED  {failure}", flush=True)
            if how.long:
                record(suite, failure, seed)
        report.append({"name": suite.name, "what": result.what, "count": result.count,
                       "unit": result.unit, "failures": result.failures,
                       "seconds": round(seconds, 1), "build_seconds": round(building, 1)})
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "prove.json").write_text(json.dumps({
        "commit": commit(), "bounds": "ci" if chosen.ci else f"{chosen.hours} h", "seed": seed,
        "jobs": prove_suites.JOBS, "suites": report}, indent=2) + "\n")
    total = sum(entry["seconds"] + entry["build_seconds"] for entry in report)
    print(f"{len(report)} suites, {failed} failures, seed {seed}, {total:.0f} s")
    if chosen.counts:
        bad = [entry["name"] for entry in report if entry["failures"]]
        with open(chosen.counts, "w", encoding="utf-8") as out:
            out.write(f"{len(report) - len(bad)} {len(bad)} 0\n")
            out.writelines(f"prove {name}\n" for name in bad)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
