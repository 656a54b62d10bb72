#!/usr/bin/env python3
"""Documents: links lead somewhere, named commands and tests exist, module READMEs stay short.

A document names a test as `tests/a/b_test.cc Suite.Name Suite.Other`, a function of one as
`tests/a/life.cc Life::Check` or `tests/a/b_test.py test_it`.
"""
import re
import sys

import common
from common import Finding

DEV = "tools/dev"
MODULE_README_LINES = 40
DECISION_PARTS = ("## Context", "## Decision", "## Consequences", "## Rejected")
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
# A file or folder of tests, and what is named of it.
PROOF = re.compile(r"`(tests/[^`\s]+)([^`\n]*)`")
# The rows of a table of proofs end with these two cells.
PROOF_CELLS = ("proof", "missing")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def commands_of(text):
    """The words of tools/dev's `case` that are commands."""
    words = set()
    for match in re.finditer(r"^  ([a-z][a-z |_-]*)\)", text, re.MULTILINE):
        words.update(word.strip() for word in match[1].split("|"))
    return words


def anchors(text):
    found = set()
    for title in HEADING.findall(FENCE.sub("", text)):
        title = re.sub(r"[`*]", "", title.strip().lower())
        found.add(re.sub(r"[^\w\- ]", "", title).replace(" ", "-"))
    return found


def _resolve(path, target):
    """`docs/a.md` and `../b.md` -> `b.md`; None when it leaves the tree."""
    parts = [] if target.startswith("/") else path.split("/")[:-1]
    for part in target.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _without_fences(text):
    return FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def check_links(tree, path, known):
    findings, text = [], tree.text(path)
    for match in LINK.finditer(_without_fences(text)):
        link, line = match[1] or match[2], common.line_of(text, match.start())
        if re.match(r"[a-z]+:", link):
            continue
        target, _, anchor = link.partition("#")
        resolved = _resolve(path, target) if target else path
        if resolved is None or (resolved and resolved not in known):
            findings.append(Finding(path, line, f"{link} leads nowhere: correct the path"))
        elif anchor and resolved.endswith(".md") and anchor not in anchors(tree.text(resolved)):
            findings.append(Finding(path, line, f"{link}: no such heading in {resolved}"))
    return findings


def check_commands(tree, path, commands):
    findings = []
    for number, line in enumerate(tree.lines(path), 1):
        for word in re.findall(r"tools/dev ([a-z][a-z_-]*)", line):
            if word not in commands:
                findings.append(Finding(path, number, f"tools/dev has no command {word}: it has "
                                                      f"{', '.join(sorted(commands))}"))
        for named in re.findall(r"(?<![\w./-])((?:tools|deploy|docs|proto)/[\w./-]+\w)", line):
            if named not in tree.files and not any(f.startswith(named + "/") for f in tree.files):
                findings.append(Finding(path, number, f"{named} does not exist: correct the name"))
    return findings


def occurs(name, path, text):
    """Whether a test file holds the test or function that is called so."""
    suite, dot, test = (re.escape(part) for part in name.partition("."))
    if path.endswith(".py"):
        return re.search(rf"^ *def {suite}\(", text, re.MULTILINE) is not None
    if dot:
        macro = rf"^(?:TYPED_)?TEST(?:_[FP])?\(\s*{suite},\s*{test}\)"
        return re.search(macro, text, re.MULTILINE) is not None
    return re.search(rf"(?<![\w:]){suite}\(", text) is not None


def check_proofs(tree, path, known):
    """Tests that a document names are there."""
    findings, text = [], _without_fences(tree.text(path))
    for match in PROOF.finditer(text):
        file, line = match[1].rstrip("/"), common.line_of(text, match.start())
        if file not in known:
            findings.append(Finding(path, line, f"{file} does not exist: correct the name"))
            continue
        for name in match[2].split():
            if file not in tree.files or not occurs(name, file, tree.text(file)):
                findings.append(Finding(path, line, f"{file} has no test or function {name}: name "
                                                    f"the one that proves it, in full"))
    return findings


def check_proof_tables(tree, path):
    """Each row of a table of proofs names one, or what is missing."""
    findings, is_table = [], False
    for number, line in enumerate(_without_fences(tree.text(path)).split("\n"), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            is_table = False
        elif tuple(cells[-2:]) == PROOF_CELLS:
            is_table = True
        elif is_table and not PROOF.search(cells[-2]) and not cells[-1]:
            findings.append(Finding(path, number, "names no proof: name the test, or say what is "
                                                  "missing"))
    return findings


def check_mentions(tree, path):
    """Code that says "see docs/format.md" says so about a file that exists."""
    findings = []
    for number, line in enumerate(tree.lines(path), 1):
        for named in re.findall(r"(?<![\w./-])docs/[\w./-]+\.md\b", line):
            if named not in tree.files:
                findings.append(Finding(path, number, f"{named} does not exist: write it, or "
                                                      f"correct the name"))
    return findings


def check_shape(tree, path):
    lines = tree.text(path).rstrip("\n").split("\n")
    is_module = re.fullmatch(r"(engine|projections|consumers)/.*README\.md", path)
    if is_module and len(lines) > MODULE_README_LINES:
        return [Finding(path, 0, f"{len(lines)} lines, at most {MODULE_README_LINES}: say what, "
                                 f"files, rules; the rest belongs into headers")]
    if re.fullmatch(r"docs/decisions/\d{4}-.*\.md", path):
        return [Finding(path, 0, f"a decision needs the part `{part}`") for part in DECISION_PARTS
                if part not in tree.text(path)]
    return []


def check(tree):
    documents = tree.named(".md")
    known = set(tree.files)
    for path in tree.files:
        parts = path.split("/")
        known.update("/".join(parts[:n]) for n in range(1, len(parts)))
    commands = commands_of(tree.text(DEV)) if DEV in tree.files else set()
    findings = []
    for path in documents:
        findings += check_links(tree, path, known)
        findings += check_commands(tree, path, commands)
        findings += check_proofs(tree, path, known)
        findings += check_proof_tables(tree, path)
        findings += check_shape(tree, path)
    for path in tree.named(".h", ".cc", ".proto", ".cmake", "CMakeLists.txt", ".textproto"):
        findings += check_mentions(tree, path)
    return findings, f"{len(documents)} documents"


if __name__ == "__main__":
    sys.exit(common.main("docs", check))
