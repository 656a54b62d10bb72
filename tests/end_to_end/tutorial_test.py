#!/usr/bin/env python3
"""docs/tutorial-analyst.md as it is printed: over the Online Retail log each line of each answer,
over the history of the demo that each command answers in its form."""
import os
import pathlib
import re
import shlex
import subprocess
import unittest

import case
from broker import VENV
from case import Case
from program import ROOT, data_folder, expect, run_program

TEXT = (ROOT / "docs/tutorial-analyst.md").read_text(encoding="utf-8")
ONLINE_RETAIL = data_folder() / "uci_online_retail/online_retail.csv.gz"
# What the demo has instead of what is printed: who, when, and where the complaint stands.
OF_THE_DEMO = {"14911": "cust-0417", "2011-01-01": "400d", "2011-06-01": "180d",
               "2011-06-30": "150d", "2011-09-01": "90d"}


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def commands():
    """Each command with the lines that it prints."""
    for block in blocks("console"):
        first, *lines = block.splitlines()
        assert first.startswith("$ rapport "), first
        yield shlex.split(first[2:])[1:], lines


def pattern_of(lines):
    """What printed lines match: `...` is anything, alone in a line any lines."""
    parts = []
    for line in lines:
        if line == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(".*?".join(map(re.escape, line.split("..."))) + r"\n")
    return re.compile("".join(parts))


class Tutorial(Case):
    def setUp(self):
        super().setUp()
        (self.folder / "deploy").symlink_to(ROOT / "deploy")
        (self.folder / "late.json").write_text(blocks("json")[0], encoding="utf-8")
        rules = (ROOT / "projections/rules/standard.textproto").read_text(encoding="utf-8")
        patient = rules.replace("cadences: 4 silence_days: 60", "cadences: 6 silence_days: 120")
        self.assertEqual(rules.count("cadences: 4 silence_days: 60"), 1)
        (self.folder / "patient.textproto").write_text(patient, encoding="utf-8")
        before = pathlib.Path.cwd()
        os.chdir(self.folder)
        self.addCleanup(os.chdir, before)

    def run_printed(self, words):
        done = run_program(self.program, *words, timeout=300)
        expect(done, 0)
        # The import tells on stderr what it has read.
        return done.stderr + done.stdout if words[:2] == ["events", "import"] else done.stdout

    def run_python(self):
        """What the printed program prints."""
        (program,) = blocks("python")
        return subprocess.run([VENV, "-B", "-c", program], cwd=self.folder, check=True,
                              capture_output=True, text=True, timeout=120).stdout

    @unittest.skipUnless(ONLINE_RETAIL.exists() or os.environ.get("CI"),
                         f"{ONLINE_RETAIL} is missing; set RAPPORT_DATA to where it is")
    def test_over_the_online_retail_log_as_printed(self):
        (self.folder / ONLINE_RETAIL.name).symlink_to(ONLINE_RETAIL)
        for words, lines in commands():
            with self.subTest(" ".join(words)):
                said = self.run_printed(words)
                self.assertTrue(pattern_of(lines).fullmatch(said),
                                f"printed\n{chr(10).join(lines)}\nsaid\n{said[:4000]}")
        said = self.run_python()
        self.assertTrue(said.startswith("True\n"), said)
        self.assertIn("COMMITMENT", said)

    def test_over_the_history_of_the_demo(self):
        expect(run_program(self.program, "demo", "--keep", "shop", "--no-serve", timeout=120), 0)
        late = (self.folder / "late.json").read_text(encoding="utf-8")
        (self.folder / "late.json").write_text(late.replace("14911", "cust-0417"),
                                               encoding="utf-8")
        told_at = None
        for words, lines in commands():
            if words[:2] == ["events", "import"]:
                continue
            words = [OF_THE_DEMO.get(word, word) for word in words]
            if "p:3@3102" in words:
                words[words.index("p:3@3102")] = told_at
            with self.subTest(" ".join(words)):
                said = self.run_printed(words)
                if words[0] == "events":
                    told_at = "p:{}@{}".format(
                        *re.search(r"partition (\d+) offset (\d+)", said).groups())
                if words[0] in ("diff", "what-if"):
                    self.assertIn(" change stage, ", said)
                if words[0] == "verify":
                    self.assertIn("the state is what the archive says", said)
                self.assertGreaterEqual(len(said.splitlines()), sum(x != "..." for x in lines),
                                        said)
        self.assertTrue(self.run_python().startswith("True\n"))


if __name__ == "__main__":
    case.main()
