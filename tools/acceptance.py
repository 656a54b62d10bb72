#!/usr/bin/env python3
"""Which rows of tests/acceptance.tsv do the tests claim to prove?

A row is one thing the product must do. A test that would fail if it did not says so in a comment
above it, a story in its head:

    // covers: 001-13, 004-39
    TEST(FollowUpTest, ComplaintOpensTwoFollowUps) {

    covers: 001-13                       (a .story)

A list that ends with a comma goes on in the next line. Prints each row with its tests; fails on an
id that is in no row, on a row that only disabled tests hold, and when fewer rows are covered than
tests/acceptance_min.txt says, a number that only grows (--raise writes the present one).

usage: tools/dev acceptance [--summary] [--raise] [ID ...]
"""
import argparse
import csv
import os
import re
import sys
from collections import namedtuple

TABLE, LEAST, TESTS = "tests/acceptance.tsv", "tests/acceptance_min.txt", "tests"
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

# Where a tag stands, which test or file it speaks for, and whether that never runs.
Cover = namedtuple("Cover", "path line test disabled")

# A tag begins a comment, or stands alone at the start of a line as in a story.
TAG_START = re.compile(r"^\s*(?://|#|\*|--|/\*|<!--)*\s*covers:\s*(.*)$", re.IGNORECASE)
COMMENT_MARKS = re.compile(r"^\s*(?://|#|\*|--|/\*|<!--)?\s*|\s*(?:\*/|-->)\s*$")
ROW_ID = re.compile(r"(\d{3})-(\d{1,3})")
GOOGLE_TEST = re.compile(r"(?:TYPED_)?TEST(?:_F|_P)?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)")
SKIPPED_AT_ONCE = re.compile(r"\A\s*\{\s*GTEST_SKIP\(\)")
FOLDERS_LEFT_OUT = {"build", "node_modules", "__pycache__"}


def canonical(word):
    """`000-3` and `000-03` are one row; None for what is no id."""
    match = ROW_ID.fullmatch(word)
    return f"{match[1]}-{match[2].zfill(2)}" if match else None


def read_rows(root):
    with open(os.path.join(root, TABLE), encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {canonical(row["id"]): row for row in reader}


def test_files(root):
    for folder, folders, names in os.walk(os.path.join(root, TESTS)):
        folders[:] = sorted(f for f in folders if f not in FOLDERS_LEFT_OUT and f[0] != ".")
        for name in sorted(names):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                data = file.read()
            if b"\0" not in data and os.path.relpath(path, root) not in (TABLE, LEAST):
                yield os.path.relpath(path, root), data.decode("utf-8", "replace")


def subject_of(path, lines, after):
    """The GoogleTest right below a tag, and whether it runs; else the file itself."""
    at = after
    while at < len(lines) and (not lines[at].strip() or lines[at].lstrip().startswith("//")):
        at += 1
    rest = "\n".join(lines[at:at + 6])
    match = GOOGLE_TEST.match(rest.lstrip())
    if not match or not path.endswith((".cc", ".h")):
        return path, False
    body = rest.lstrip()[match.end():]
    off = "DISABLED_" in match[1] or match[2].startswith("DISABLED_")
    return f"{match[1]}.{match[2]}", off or SKIPPED_AT_ONCE.match(body) is not None


def read_tags(path, text):
    """-> ([(id, Cover)], [complaint])"""
    covers, complaints, lines, number = [], [], text.split("\n"), 0
    while number < len(lines):
        match = TAG_START.match(lines[number])
        number += 1
        if not match:
            continue
        ids = [(number, COMMENT_MARKS.sub("", match[1]))]
        while ids[-1][1].rstrip().endswith(",") and number < len(lines):
            number += 1
            ids.append((number, COMMENT_MARKS.sub("", lines[number - 1])))
        test, disabled = subject_of(path, lines, number)
        for line, words in ids:
            for word in filter(None, (w.strip().rstrip(".") for w in words.split(","))):
                if canonical(word):
                    covers.append((canonical(word), Cover(path, line, test, disabled)))
                else:
                    complaints.append(f"{path}:{line}: {word!r} is no row id: write one as 001-13")
    return covers, complaints


def collect(root):
    covered, complaints = {}, []
    for path, text in test_files(root):
        found, bad = read_tags(path, text)
        complaints += bad
        for row, cover in found:
            covered.setdefault(row, []).append(cover)
    return covered, complaints


def read_least(root):
    with open(os.path.join(root, LEAST), encoding="utf-8") as file:
        return int(file.read().split()[0])


def judge(rows, covered, complaints, least):
    """-> (number of rows covered, everything that is wrong)"""
    wrong, count = list(complaints), 0
    for row in sorted(covered):
        running = [c for c in covered[row] if not c.disabled]
        first = covered[row][0]
        if row not in rows:
            wrong.append(f"{first.path}:{first.line}: no row {row} in {TABLE}: correct the id")
        elif not running:
            wrong.append(f"{first.path}:{first.line}: row {row} is held only by {first.test}, "
                         f"which never runs: enable it, or take the tag away")
        else:
            count += 1
    if count < least:
        wrong.append(f"{LEAST}:1: {count} rows are covered, {least} were: a test that proved a row "
                     f"is gone, bring it back")
    return count, wrong


def print_rows(rows, covered, only):
    for key, row in rows.items():
        if only and key not in only:
            continue
        tests = sorted({c.test + " (disabled)" * c.disabled for c in covered.get(key, [])})
        print(f"{key}  {row['proof']:<6}  {row['concept']}")
        for test in tests:
            print(f"                  {test}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--summary", action="store_true", help="only what is wrong, and the count")
    parser.add_argument("--raise", dest="raise_", action="store_true",
                        help=f"write the present count to {LEAST}")
    parser.add_argument("ids", nargs="*", metavar="ID", help="only these rows")
    args = parser.parse_args()
    rows, least = read_rows(args.root), read_least(args.root)
    only = {canonical(word) or word for word in args.ids}
    for word in sorted(only - set(rows)):
        print(f"tools/dev acceptance: no row {word} in {TABLE}", file=sys.stderr)
        return 2
    covered, complaints = collect(args.root)
    count, wrong = judge(rows, covered, complaints, least)
    if not args.summary:
        print_rows(rows, covered, only)
    for complaint in wrong:
        print(complaint)
    if args.raise_ and not wrong and count > least:
        with open(os.path.join(args.root, LEAST), "w", encoding="utf-8") as file:
            file.write(f"{count}\n")
    verdict = "failed" if wrong else "ok"
    hint = "; raise it: tools/dev acceptance --raise" if count > least and not args.raise_ else ""
    print(f"{verdict:<9} acceptance {count} of {len(rows)} rows covered, at least {least}{hint}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
