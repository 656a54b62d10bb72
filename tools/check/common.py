"""What every check shares: the files of the tree, findings, and how both are printed.

A check is a function that takes a Tree and returns its findings; `main` turns it into a
command that prints `file:line: message` for each, then one line, and exits 1 if there were any:

    tools/check/style.py                 the whole repository
    tools/check/style.py --root DIR      another tree (the self-test does this)

Standard library only: the checks run on a bare machine.
"""
import argparse
import fnmatch
import os
import re
import subprocess
import sys
import time
from collections import namedtuple

# path is relative to the root; line 0 means the whole file. The message ends with the cure.
Finding = namedtuple("Finding", "path line message")

CODE = (".h", ".cc")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__"}


class Tree:
    """The files that are in the repository, or would be after the next commit."""

    def __init__(self, root):
        self.root = os.path.abspath(root)
        self._text = {}
        self.files = sorted(self._from_git() or self._from_disk())

    def _from_git(self):
        if not os.path.exists(os.path.join(self.root, ".git")):
            return None
        listing = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"],
            cwd=self.root, capture_output=True, check=False)
        if listing.returncode != 0:
            return None
        names = listing.stdout.decode("utf-8").split("\0")
        return [n for n in set(names) if n and os.path.isfile(os.path.join(self.root, n))]

    def _from_disk(self):
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = [f for f in folders if f not in SKIPPED_FOLDERS]
            for name in names:
                found.append(os.path.relpath(os.path.join(folder, name), self.root))
        return found

    def named(self, *endings):
        return [f for f in self.files if f.endswith(endings)]

    def text(self, path):
        if path not in self._text:
            with open(os.path.join(self.root, path), "rb") as file:
                self._text[path] = file.read().decode("utf-8", "replace")
        return self._text[path]

    def lines(self, path):
        return self.text(path).split("\n")

    def is_text(self, path):
        return "\0" not in self.text(path)[:8000]

    def path(self, relative):
        return os.path.join(self.root, relative)


def matches(path, pattern):
    """fnmatch, with `*` not crossing a slash."""
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted))


def expand_braces(text):
    """`a/{b,c}.h` -> [`a/b.h`, `a/c.h`]"""
    match = re.search(r"\{([^{}]*)\}", text)
    if not match:
        return [text]
    rest = [text[:match.start()] + word + text[match.end():] for word in match[1].split(",")]
    return [done for one in rest for done in expand_braces(one)]


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def report(name, findings, what, started):
    """Prints the findings and the one line; returns the exit code."""
    for finding in findings:
        place = f"{finding.path}:{finding.line}" if finding.line else finding.path
        print(f"{place}: {finding.message}")
    verdict = "failed" if findings else "ok"
    seconds = time.monotonic() - started
    print(f"{verdict:<9} {name:<10} {what}, {len(findings)} findings  {seconds:.1f} s")
    return 1 if findings else 0


def main(name, check):
    """Runs `check`, a function of a Tree that returns (findings, what was looked at)."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=ROOT)
    args = parser.parse_args()
    started = time.monotonic()
    findings, what = check(Tree(args.root))
    return report(name, findings, what, started)
