#!/usr/bin/env python3
"""Format: all C++ is as clang-format 14 writes it. The cure is always `tools/dev format`."""
import re
import shutil
import subprocess
import sys

import common
from common import Finding

TOOL, CURE = "clang-format-14", "run tools/dev format"


def check(tree):
    files = tree.named(*common.CODE)
    if not files:
        return [], "0 files"
    if not shutil.which(TOOL):
        return [Finding(TOOL, 0, "is not installed: run tools/dev setup")], "no files"
    run = subprocess.run([TOOL, "--dry-run", "--style=file", *files], cwd=tree.root,
                         capture_output=True, text=True, check=False)
    first, count = {}, {}
    for match in re.finditer(r"^(\S+?):(\d+):\d+: (?:warning|error)", run.stderr, re.MULTILINE):
        first.setdefault(match[1], int(match[2]))
        count[match[1]] = count.get(match[1], 0) + 1
    findings = [Finding(path, line, f"{count[path]} places not formatted: {CURE}")
                for path, line in sorted(first.items())]
    if run.returncode != 0 and not findings:
        findings.append(Finding(TOOL, 0, (run.stderr.strip().split("\n") or [""])[0]))
    return findings, f"{len(files)} files"


if __name__ == "__main__":
    sys.exit(common.main("format", check))
