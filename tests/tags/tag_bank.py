#!/usr/bin/env python3
"""The bank of tags: would the test turn red if the row it covers were not met?

    tag_bank.py programs            the programs that tests of the table stand in
    tag_bank.py files PROGRAM       the sources that its changes concern, a line each
    tag_bank.py copy PROGRAM --out FOLDER   copies of them with all changes in, each asleep
    tag_bank.py prove --build FOLDER [--only 001-13,...] [--write docs/tags.md]
        makes each change and runs the test it is about; a table, and 1 when one stays green

`tests/stories/tag_changes.tsv` says for each covered row what small change of a rule or fold takes
it away, and which test sees it. Changes of C++ are compiled into copies and wait for their number
in RAPPORT_CHANGE; for one of rules RAPPORT_RULES names a folder with a changed copy. The sources
hold no hooks. A line that does not stand exactly once in its file ends everything.
"""
import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TABLE = ROOT / "tests/stories/tag_changes.tsv"
RULES = ("projections/rules", "tests/stories/rules")
STORIES = "stories_test"
IS = "::rapport::tags::IsChanged({})"
# Begins each copy: which change is awake.
HEAD = """#ifndef RAPPORT_TAGS
#define RAPPORT_TAGS
#include <cstdlib>
namespace rapport::tags {
inline bool IsChanged(int number) {
  static const char* const given = std::getenv("RAPPORT_CHANGE");
  static const int awake = given == nullptr ? 0 : std::atoi(given);
  return awake == number;
}
}  // namespace rapport::tags
#endif
"""
# In a replacement: whether the change is made. Without it the line is a statement.
ON = re.compile(r"\bON\b")
# `A >> B` is the first line B behind the line that has A in it.
BEHIND = " >> "
BY_HAND = "by hand"
SECONDS_MAX = 120
REASON_MAX = 130

sys.path.insert(0, str(ROOT / "tools"))
import acceptance  # noqa: E402  pylint: disable=wrong-import-position


@dataclasses.dataclass
class Change:
    number: int
    row: str
    file: str
    line: str
    replacement: str
    test: str
    what: str

    @property
    def by_hand(self):
        return self.file == BY_HAND

    @property
    def of_rules(self):
        return self.file.startswith(RULES)

    @property
    def program(self):
        return self.test.split(":")[0] if ":" in self.test else STORIES

    @property
    def subject(self):
        """As tools/acceptance.py names what a tag speaks for."""
        return self.test.split(":")[1] if ":" in self.test else f"tests/stories/{self.test}.story"

    @property
    def gtest_filter(self):
        if ":" not in self.test:
            return f"All/StoryTest.ComesOutAsTold/{self.test}"
        return f"{self.subject}:*/{self.subject}/*"


def read_table():
    changes, numbers = [], {}
    for at, text in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        if not text or text.startswith("#"):
            continue
        cells = text.split("\t")
        if len(cells) != 6:
            sys.exit(f"{TABLE}:{at}: not row, file, line, replacement, test, sentence")
        number = numbers.setdefault(tuple(cells[1:4]), len(numbers) + 1)
        changes.append(Change(number, *cells))
    return changes


def place_of(change, lines):
    """Index of the line that is changed."""
    before, _, wanted = change.line.rpartition(BEHIND)
    anchors = [i for i, line in enumerate(lines) if before and before in line]
    begin = anchors[0] if before and len(anchors) == 1 else 0
    there = [i for i, line in enumerate(lines) if line.strip() == wanted and i >= begin]
    if (before and len(anchors) != 1) or not there or (len(there) > 1 and not before):
        times = len(anchors) if before and len(anchors) != 1 else len(there)
        sys.exit(f"{TABLE}: row {change.row}: `{change.line}` stands {times} times in "
                 f"{change.file}, and must stand there once")
    return there[0]


def changed_line(changes, original):
    """The line with all its changes: the one that asks, or the statements one after the other."""
    first = changes[0]
    if ON.search(first.replacement):
        if len({change.replacement for change in changes}) > 1:
            sys.exit(f"{TABLE}: row {first.row}: `{first.line}` has two replacements, and one of "
                     "them asks ON")
        return ON.sub(IS.format(first.number), first.replacement)
    if not original.endswith(";"):
        sys.exit(f"{TABLE}: row {first.row}: `{original}` is no statement; ask ON")
    made = {change.number: change.replacement for change in changes}
    branches = [f"if ({IS.format(number)}) {{ {text} }} else " for number, text in made.items()]
    return "".join(branches) + f"{{ {original} }}"


def copy_of(file, changes):
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    places = {}
    for change in changes:
        places.setdefault(place_of(change, lines), []).append(change)
    for at, mine in places.items():
        lines[at] = changed_line(mine, lines[at].strip())
    return HEAD + "\n".join([f'#line 1 "{file}"', *lines]) + "\n"


def sources_of(program):
    """File -> its changes, for the changes that a test of `program` sees."""
    files = {}
    for change in read_table():
        if not change.by_hand and not change.of_rules and change.program == program:
            files.setdefault(change.file, []).append(change)
    return files


def copy(program, out):
    for file, changes in sources_of(program).items():
        target = out / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(copy_of(file, changes), encoding="utf-8")


def changed_rules(change, root):
    """Copies of all rules below `root`, in which one line is another."""
    for folder in RULES:
        shutil.copytree(ROOT / folder, root / folder)
    path = root / change.file
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[place_of(change, lines)] = change.replacement
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(build, program, gtest_filter, env):
    command = [str(build / f"changed_{program}"), f"--gtest_filter={gtest_filter}",
               "--gtest_brief=1"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", check=False, timeout=SECONDS_MAX, cwd=ROOT,
                              env={**os.environ, **env})
    except subprocess.TimeoutExpired:
        return -1, "no end in sight"
    return done.returncode, done.stdout


def reason_in(change, output):
    """What the test says, or None when no answer of it differs."""
    if ":" in change.test:
        found = re.search(r": Failure\n(.*(?:\n.*)?)", output)
        return " ".join(found[1].split()) if found else None
    lines = (ROOT / change.subject).read_text(encoding="utf-8").splitlines()
    for number, words in re.findall(re.escape(change.subject) + r":(\d+): (.*)", output):
        # Line 0 is no line of the story: its rules do not load.
        asks = lines[int(number) - 1].strip() if number != "0" else ""
        if asks.startswith("=>"):
            return f"line {number}: {words}"
    return None


def judge(build, change):
    """(is it red, what shows it)"""
    with tempfile.TemporaryDirectory() as folder:
        env = {"RAPPORT_CHANGE": str(change.number)}
        if change.of_rules:
            changed_rules(change, pathlib.Path(folder))
            env = {"RAPPORT_RULES": folder}
        code, output = run(build, change.program, change.gtest_filter, env)
    if code == 0:
        ran = re.search(r"\[  PASSED  \] (\d+)", output)
        return False, "stays green" if ran and ran[1] != "0" else "there is no such test"
    reason = reason_in(change, output)
    return reason is not None, reason or f"breaks without an answer: {output.strip()[-200:]}"


def unchanged(build, changes):
    """Complaints about tests that fail without any change."""
    complaints = []
    for program in sorted({change.program for change in changes}):
        mine = {change.gtest_filter for change in changes if change.program == program}
        code, output = run(build, program, ":".join(sorted(mine)), {})
        if code != 0:
            complaints.append(f"without a change {program} fails: {output.strip()[-500:]}")
    return complaints


def uncovered(changes):
    """Complaints about tags that no change of the table is about, and the other way round."""
    covered, complaints = acceptance.collect(str(ROOT))
    told = {(change.row, change.subject) for change in changes}
    for row, covers in sorted(covered.items()):
        subjects = {cover.test for cover in covers}
        if not any(change.row == row for change in changes):
            complaints.append(f"row {row} is covered by {', '.join(sorted(subjects))}, and no line "
                              f"of {TABLE.name} takes it away")
            continue
        # A test that drives the whole program needs no change of its own beside another's.
        complaints += [f"row {row}: no line of {TABLE.name} is about {subject}"
                       for subject in sorted(subjects)
                       if not subject.endswith(".py") and (row, subject) not in told]
    complaints += [f"row {row}: {subject} does not cover it"
                   for row, subject in sorted(told)
                   if subject not in {cover.test for cover in covered.get(row, [])}]
    return complaints


def cell(text):
    return text.replace("|", "/")


def line_of(change, is_red, reason):
    short = textwrap.shorten(cell(reason), REASON_MAX, placeholder=" ...")
    verdict = short if is_red else f"**{short}**"
    subject = change.subject.replace("tests/stories/", "")
    return f"| {change.row} | {cell(change.what)} | `{change.file}` | {subject} | {verdict} |"


def write_page(path, lines, rows):
    page = ["# Tags are honest", "",
            "A test that carries `covers: 001-13` claims that it would fail were row 001-13 of "
            "`tests/acceptance.tsv`",
            "not met. `tools/dev prove --tags` checks the claim: for each covered row it makes a "
            "small change of a rule or",
            "of a fold (`tests/stories/tag_changes.tsv`) and runs the test, which must turn red. "
            "It fails when a covered",
            "row has no change, and when a test stays green. The product's own sources hold no "
            "hooks: the tests are",
            "linked with copies that have all changes in them, each asleep until its number is "
            "named.", "",
            f"{len(rows)} rows, {len(lines)} changes, each seen red "
            "(`tools/dev prove --tags --write docs/tags.md` writes this page):", "",
            "| row | what is changed | where | test | how it shows |", "|---|---|---|---|---|",
            *lines]
    path.write_text("\n".join(page) + "\n", encoding="utf-8")


def prove(arguments):
    changes = read_table()
    complaints = uncovered(changes)
    if arguments.only:
        changes = [change for change in changes if change.row in arguments.only.split(",")]
        complaints = []
    tried = [change for change in changes if not change.by_hand]
    complaints += unchanged(arguments.build, tried)
    lines = []
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = pool.map(lambda change: judge(arguments.build, change), tried)
        for change, (is_red, reason) in zip(tried, results):
            lines.append(line_of(change, is_red, reason))
            print(lines[-1], flush=True)
            if not is_red:
                complaints.append(f"row {change.row}: {change.test}: {reason} ({change.what})")
    lines += [line_of(change, True, "by hand") for change in changes if change.by_hand]
    rows = {change.row for change in changes}
    for complaint in complaints:
        print(f"FAILED  {complaint}")
    print(f"{len(rows)} rows, {len(tried)} changes, {len(complaints)} failures")
    if arguments.write and not complaints and not arguments.only:
        write_page(ROOT / arguments.write, lines, rows)
    return 1 if complaints else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words = parser.add_subparsers(dest="word", required=True)
    words.add_parser("programs")
    words.add_parser("files").add_argument("program")
    copying = words.add_parser("copy")
    copying.add_argument("program")
    copying.add_argument("--out", type=pathlib.Path, required=True)
    proving = words.add_parser("prove")
    proving.add_argument("--build", type=lambda path: ROOT / path, default=ROOT / "build/dev")
    proving.add_argument("--only", default="", help="rows, with commas")
    proving.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    proving.add_argument("--write", default="", help="the page that the table is written to")
    arguments = parser.parse_args()
    if arguments.word == "programs":
        print("\n".join(sorted({c.program for c in read_table() if not c.by_hand} | {STORIES})))
    elif arguments.word == "files":
        print("\n".join(sources_of(arguments.program)))
    elif arguments.word == "copy":
        copy(arguments.program, arguments.out)
    else:
        return prove(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())
