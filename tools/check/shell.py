#!/usr/bin/env python3
"""Shell: every script passes shellcheck."""
import re
import shutil
import subprocess
import sys

import common
from common import Finding

TOOL = "shellcheck"


def check(tree):
    scripts = [f for f in tree.files
               if f.endswith(".sh") or re.match(r"#!.*\b(ba|da)?sh\b", tree.text(f)[:80])]
    if not scripts:
        return [], "0 scripts"
    if not shutil.which(TOOL):
        return [Finding(TOOL, 0, "is not installed: run tools/dev setup")], "no scripts"
    run = subprocess.run([TOOL, "--format=gcc", "--external-sources", *scripts], cwd=tree.root,
                         capture_output=True, text=True, check=False)
    findings = [Finding(m[1], int(m[2]), m[3]) for m in
                re.finditer(r"^(\S+?):(\d+):\d+: \w+: (.*)$", run.stdout, re.MULTILINE)]
    if run.returncode != 0 and not findings:
        findings.append(Finding(TOOL, 0, (run.stderr or run.stdout).strip().split("\n")[0]))
    return findings, f"{len(scripts)} scripts"


if __name__ == "__main__":
    sys.exit(common.main("shell", check))
