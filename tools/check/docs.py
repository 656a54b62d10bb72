#!/usr/bin/env python3
"""Documents: links lead somewhere, printed commands exist, module READMEs stay short."""
import re
import sys

import common
from common import Finding

DEV = "tools/dev"
MODULE_README_LINES = 40
DECISION_PARTS = ("## Context", "## Decision", "## Consequences", "## Rejected")
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)
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


def check_links(tree, path, known):
    findings, text = [], tree.text(path)
    for match in LINK.finditer(FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)):
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
        findings += check_shape(tree, path)
    for path in tree.named(".h", ".cc", ".proto", ".cmake", "CMakeLists.txt", ".textproto"):
        findings += check_mentions(tree, path)
    return findings, f"{len(documents)} documents"


if __name__ == "__main__":
    sys.exit(common.main("docs", check))
