#!/usr/bin/env python3
"""tools/dev coverage: which lines and branches of engine/ and projections/ the unit tests run.

Builds preset `coverage`, runs its unit tests and stories, and prints a line for each room:

    room                    lines   run    branches   run
    engine/base             1,024  97.1%        310  88.4%

With --check the exit code is 1 below the pass lines. A branch is one outcome of one condition.
"""
import argparse
import concurrent.futures
import json
import shutil
import subprocess
import sys

from prove_suites import JOBS, ROOT, Suite, call

BUILD = ROOT / "build" / "coverage"
MEASURED = ("engine/", "projections/")
LINES_MIN, BRANCHES_MIN = 90.0, 80.0


def run_program(program):
    code = call([BUILD / program, "--gtest_brief=1"], f"coverage-{program}", timeout=1800,
                env={"LLVM_PROFILE_FILE": str(BUILD / "raw" / f"{program}-%p.profraw")})
    return program, code


def run_tests(programs):
    shutil.rmtree(BUILD / "raw", ignore_errors=True)
    (BUILD / "raw").mkdir(parents=True)
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        bad = [program for program, code in pool.map(run_program, programs) if code != 0]
    for program in bad:
        print(f"{program} failed, see build/log/coverage-{program}.log")
    return not bad


def summaries(programs):
    """-> [(path, summary of llvm-cov)] of the measured files"""
    profile = BUILD / "all.profdata"
    subprocess.run(["llvm-profdata-14", "merge", "-sparse", "-o", profile,
                    *sorted((BUILD / "raw").glob("*.profraw"))], check=True, cwd=ROOT)
    objects = [word for program in programs for word in ("-object", BUILD / program)][1:]
    done = subprocess.run(["llvm-cov-14", "export", "-summary-only", f"-instr-profile={profile}",
                           *objects], check=True, cwd=ROOT, capture_output=True, text=True)
    found = []
    for entry in json.loads(done.stdout)["data"][0]["files"]:
        path = entry["filename"]
        if path.startswith(str(ROOT) + "/"):
            path = path[len(str(ROOT)) + 1:]
        # As compiled from the build folder.
        path = path.replace("build/coverage/../../", "")
        if path.startswith(MEASURED):
            found.append((path, entry["summary"]))
    return found


def add_up(files):
    """-> {room: [lines, lines run, branches, branches run]}"""
    rooms = {}
    for path, summary in files:
        for room in (path.rsplit("/", 1)[0], "all"):
            sums = rooms.setdefault(room, [0, 0, 0, 0])
            for at, part in ((0, "lines"), (2, "branches")):
                sums[at] += summary[part]["count"]
                sums[at + 1] += summary[part]["covered"]
    return rooms


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def print_table(rooms):
    print(f"{'room':<24}{'lines':>8}{'run':>7}{'branches':>11}{'run':>7}")
    for room in sorted(rooms, key=lambda name: (name == "all", name)):
        lines, lines_run, branches, branches_run = rooms[room]
        print(f"{room:<24}{lines:>8,}{percent(lines_run, lines):>6.1f}%"
              f"{branches:>11,}{percent(branches_run, branches):>6.1f}%")


def main():
    parser = argparse.ArgumentParser(prog="tools/dev coverage", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-build", action="store_true", help="take the programs as they are")
    parser.add_argument("--check", action="store_true",
                        help=f"fail below {LINES_MIN:.0f} %% of lines, {BRANCHES_MIN:.0f} %% of "
                             f"branches")
    chosen = parser.parse_args()
    if not chosen.no_build:
        log = Suite("coverage", "coverage", ["unit_tests"]).build()
        if log:
            sys.exit(f"tools/dev coverage: does not build, see build/log/{log}.log")
    programs = (BUILD / "unit_tests.txt").read_text().split()
    all_passed = run_tests(programs)
    rooms = add_up(summaries(programs))
    print_table(rooms)
    lines, lines_run, branches, branches_run = rooms["all"]
    low = percent(lines_run, lines) < LINES_MIN or percent(branches_run, branches) < BRANCHES_MIN
    return 1 if not all_passed or (chosen.check and low) else 0


if __name__ == "__main__":
    sys.exit(main())
