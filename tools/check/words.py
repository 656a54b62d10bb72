#!/usr/bin/env python3
"""Words: spelling, and what may not stand in the repository: one machine's paths, registry hosts.

Words that the spell checker takes for mistakes are listed in tools/check/words.txt, one a line.
"""
import re
import shutil
import subprocess
import sys

import common
from common import Finding

TOOL, OWN_WORDS = "codespell", "tools/check/words.txt"
LICENSE = "LICENSE"

# Written in pieces, so that this file does not hold what it forbids.
_HOSTS = ["deb.debian" + ".org", "security.debian" + ".org", "repo.maven" + ".apache.org",
          "repo1" + ".maven", "pypi" + ".org", "pythonhosted" + ".org", "registry.npmjs" + ".org",
          "crates" + ".io", "proxy.golang" + ".org"]
FORBIDDEN = [
    (re.compile(r"(?<![\w.:/$}-])/(" + "work" + "|" + "root" + r")/"),
     "is a path of one machine: make it relative to the repository, or an option"),
    (re.compile(r"(?<![\w.:/$}-])/" + "home" + r"/\w"),
     "is a path of one machine: make it relative to the repository, or an option"),
    (re.compile("|".join(map(re.escape, _HOSTS)), re.IGNORECASE),
     "names a package registry: let the package manager's own settings choose it"),
]


def check_forbidden(tree, path):
    findings, text = [], tree.text(path)
    for pattern, cure in FORBIDDEN:
        for match in pattern.finditer(text):
            findings.append(Finding(path, common.line_of(text, match.start()),
                                    f"{match[0]} {cure}"))
    return findings


def check_spelling(tree, files):
    if not shutil.which(TOOL):
        return [Finding(TOOL, 0, "is not installed: run tools/dev setup")]
    # PositionOf, PlanText and the like are names, however much they look like slips.
    command = [TOOL, "--quiet-level=35", "--ignore-regex", r"\b[A-Z][a-z]+[A-Z]\w*\b"]
    if OWN_WORDS in tree.files:
        command += ["--ignore-words", OWN_WORDS]
    findings = []
    for start in range(0, len(files), 500):
        run = subprocess.run(command + files[start:start + 500], cwd=tree.root,
                             capture_output=True, text=True, check=False)
        for match in re.finditer(r"^(?:\./)?(.+?):(\d+): (.*)$", run.stdout, re.MULTILINE):
            findings.append(Finding(match[1], int(match[2]), f"spelling: {match[3]}, or add the "
                                                             f"word to {OWN_WORDS}"))
    return findings


def check(tree):
    files = [f for f in tree.files if tree.is_text(f)]
    findings = []
    for path in files:
        findings += check_forbidden(tree, path)
    spelled = [f for f in files if f not in (LICENSE, OWN_WORDS)
               and not f.startswith(("tests/golden/", "tests/fossils/"))
               and not f.endswith((".csv", ".tsv", "package-lock.json"))]
    if spelled:
        findings += check_spelling(tree, spelled)
    return findings, f"{len(files)} files"


if __name__ == "__main__":
    sys.exit(common.main("words", check))
