#!/usr/bin/env python3
"""The bank of deliberate faults: does the simulation see what it is there to see?

    fault_bank.py files                     the sources that faults.tsv concerns, a line each
    fault_bank.py copy --out FOLDER         copies of them with all faults, each behind its number
    fault_bank.py hunt [--program P]        lets seeds run on each fault until one fails
        [--seeds 300] [--only 7,12] [--jobs N] [--write docs/fault-bank.md]

A copy asks `FaultIs(N)` where line N was; the sources hold no hooks. A line of faults.tsv that does
not stand exactly once in its file ends `copy`, and so the build. `hunt` ends with 1 when fewer than
90 % are caught (from 2,000 seeds on: when one is not), or when a seed fails without any fault.
"""
import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TABLE = pathlib.Path(__file__).resolve().parent / "faults.tsv"
IS = "::rapport::simulation::FaultIs({})"
# In a replacement of form `line`: whether a fault is on.
MARK = re.compile(r"FAULT\((\d+)\)")
CAUGHT_PERCENT_MIN = 90
# So many seeds must catch all.
SEEDS_FOR_ALL = 2_000
SECONDS_MAX = 600


@dataclasses.dataclass
class Fault:
    number: int
    file: str
    form: str
    line: str
    replacement: str
    sentence: str

    @property
    def is_here(self):
        return self.form != "with"


def read_table():
    faults = []
    for at, text in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if not text or text.startswith("#"):
            continue
        cells = text.split("\t")
        if len(cells) != 6 or cells[2] not in ("statement", "line", "with"):
            sys.exit(f"{TABLE}:{at}: not number, file, form, line, replacement, sentence")
        faults.append(Fault(int(cells[0]), *cells[1:]))
    numbers = [fault.number for fault in faults]
    if len(set(numbers)) != len(numbers):
        sys.exit(f"{TABLE}: a number stands twice")
    return faults


def changed_line(faults, original):
    """The line with all its faults: the statements one after the other, or the line that asks."""
    if faults[0].form == "line":
        asked = {int(number) for number in MARK.findall(faults[0].replacement)}
        if len({fault.replacement for fault in faults}) > 1 or asked != {f.number for f in faults}:
            sys.exit(f"{TABLE}: fault {faults[0].number}: the faults of one line share one "
                     "replacement, which asks each of them")
        return MARK.sub(lambda mark: IS.format(mark[1]), faults[0].replacement)
    if not original.endswith(";") or any(fault.form != "statement" for fault in faults):
        sys.exit(f"{TABLE}: fault {faults[0].number}: `{original}` is no statement")
    branches = [f"if ({IS.format(fault.number)}) {{ {fault.replacement} }} else "
                for fault in faults]
    return "".join(branches) + f"{{ {original} }}"


def faulty_copy(file, faults):
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    stripped = [line.strip() for line in lines]
    for text in dict.fromkeys(fault.line for fault in faults):
        there = [i for i, line in enumerate(stripped) if line == text]
        mine = [fault for fault in faults if fault.line == text]
        if len(there) != 1:
            sys.exit(f"{TABLE}: fault {mine[0].number}: `{text}` stands {len(there)} times in "
                     f"{file}, and must stand there once")
        lines[there[0]] = changed_line(mine, text)
    head = ['#include "tests/simulation/fault.h"', f'#line 1 "{ROOT / file}"']
    return "\n".join(head + lines) + "\n"


def concerned(faults):
    """File -> its faults."""
    files = {}
    for fault in faults:
        if fault.is_here:
            files.setdefault(fault.file, []).append(fault)
    return files


def copy(out):
    for file, faults in concerned(read_table()).items():
        target = out / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(faulty_copy(file, faults), encoding="utf-8")


def hunt_one(program, number, seeds):
    """(the seed that failed or None, what it said)."""
    command = [program, f"--fault={number}", "--seeds", str(seeds)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              errors="replace", check=False, timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        return None, "no end in sight"
    found = re.search(r"^caught by seed (\d+): (.*)$", done.stdout, re.M)
    if not found:
        if done.returncode != 0 or "not caught" not in done.stdout:
            sys.exit(f"`{' '.join(command)}` ended with {done.returncode}: {done.stderr[-500:]}")
        return None, ""
    broken = re.search(r"[\w/]+\.(?:cc|h):\d+: (broken invariant: .*)", done.stderr)
    return int(found[1]), broken[1].strip() if broken else found[2]


def row(fault, seed, seeds, why):
    result = f"seed {seed} of {seeds}" if seed else f"**not caught** in {seeds}"
    why = re.sub(r"^step \d+: ", "", why).replace("|", "/")
    why = textwrap.shorten(why, 90, placeholder=" ...")
    return f"| {fault.number} | {fault.sentence} | `{fault.file}` | {result} | {why} |"


def write_page(path, faults, found, seeds):
    rows = [row(fault, found[fault.number][0], seeds, found[fault.number][1])
            for fault in faults if fault.is_here]
    caught = sum(1 for seed, _ in found.values() if seed)
    page = ["# The bank of deliberate faults", "",
            "What a test suite is worth shows when something is wrong. The bank "
            "(`tests/simulation/faults.tsv`) holds faults",
            "that are easily made: one line of the product each, and what stands there instead. "
            "`rapport_sim_faults` is the",
            "simulation with all of them in, each asleep until `--fault=N` wakes it; the product's "
            "own sources hold no hooks.", "",
            f"Measured: **{caught} of {len(found)} are caught within {seeds} seeds** "
            "(`python3 tests/simulation/fault_bank.py hunt",
            "--program build/release/rapport_sim_faults --write docs/fault-bank.md` writes this "
            "page). The same program without",
            "a fault lives through the same seeds without a failure.", "",
            "| fault | what is wrong | where | caught by | how it shows |", "|---|---|---|---|---|",
            *rows, "", "Faults that need what is not there yet:", ""]
    page += [f"- {fault.number}: {fault.sentence} ({fault.line})"
             for fault in faults if not fault.is_here]
    path.write_text("\n".join(page) + "\n", encoding="utf-8")


def hunt(arguments):
    faults = read_table()
    here = [fault for fault in faults if fault.is_here]
    if arguments.only:
        wanted = {int(number) for number in arguments.only.split(",")}
        here = [fault for fault in here if fault.number in wanted]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        def run(number):
            return hunt_one(arguments.program, number, arguments.seeds)
        clean = pool.submit(run, 0)
        runs = {fault.number: pool.submit(run, fault.number) for fault in here}
        found = {}
        for fault in here:
            seed, why = found[fault.number] = runs[fault.number].result()
            print(row(fault, seed, arguments.seeds, why), flush=True)
        failed_seed, failure = clean.result()
    caught = sum(1 for seed, _ in found.values() if seed)
    print(f"{len(here)} faults, {caught} caught within {arguments.seeds} seeds")
    if failed_seed:
        print(f"without a fault, seed {failed_seed} fails: {failure}")
        return 1
    if arguments.write and not arguments.only:
        write_page(ROOT / arguments.write, faults, found, arguments.seeds)
    percent_min = 100 if arguments.seeds >= SEEDS_FOR_ALL else CAUGHT_PERCENT_MIN
    return 0 if caught * 100 >= percent_min * len(here) else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words = parser.add_subparsers(dest="word", required=True)
    words.add_parser("files")
    words.add_parser("copy").add_argument("--out", type=pathlib.Path, required=True)
    hunting = words.add_parser("hunt")
    hunting.add_argument("--program", default=str(ROOT / "build/release/rapport_sim_faults"))
    hunting.add_argument("--seeds", type=int, default=300)
    hunting.add_argument("--only", default="")
    hunting.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    hunting.add_argument("--write", default="")
    arguments = parser.parse_args()
    if arguments.word == "files":
        print("\n".join(concerned(read_table())))
        return 0
    if arguments.word == "copy":
        copy(arguments.out)
        return 0
    return hunt(arguments)


if __name__ == "__main__":
    sys.exit(main())
