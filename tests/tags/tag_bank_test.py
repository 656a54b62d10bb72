#!/usr/bin/env python3
"""That the bank of tags notices what it must: lines that are gone, tags without a change."""
import pathlib
import tempfile
import unittest
from unittest import mock

import tag_bank
from tag_bank import Change


def a_change(line, replacement, number=1, row="001-13"):
    return Change(number, row, "a.cc", line, replacement, "a_story", "what")


class PlaceTest(unittest.TestCase):
    lines = ['policy { id: "a"', "  by: 1d", '} policy { id: "b"', "  by: 1d", "}"]

    def test_a_line_stands_once(self):
        self.assertEqual(tag_bank.place_of(a_change("}", ""), self.lines), 4)

    def test_a_line_that_is_gone_or_stands_twice_ends_it(self):
        for line in ("by: 2d", "by: 1d"):
            with self.assertRaises(SystemExit):
                tag_bank.place_of(a_change(line, ""), self.lines)

    def test_the_first_one_behind_another_line_is_found(self):
        self.assertEqual(tag_bank.place_of(a_change('id: "b" >> by: 1d', ""), self.lines), 3)
        with self.assertRaises(SystemExit):
            tag_bank.place_of(a_change('id: "c" >> by: 1d', ""), self.lines)


class ChangedLineTest(unittest.TestCase):
    def test_statements_wait_one_behind_the_other(self):
        line = tag_bank.changed_line([a_change("f();", "g();", 3), a_change("f();", "", 4)], "f();")
        self.assertEqual(line, "if (::rapport::tags::IsChanged(3)) { g(); } else "
                               "if (::rapport::tags::IsChanged(4)) {  } else { f(); }")

    def test_one_that_asks_is_the_whole_line(self):
        line = tag_bank.changed_line([a_change("if (a) {", "if (a || ON) {", 7)], "if (a) {")
        self.assertEqual(line, "if (a || ::rapport::tags::IsChanged(7)) {")

    def test_what_is_no_statement_must_ask(self):
        with self.assertRaises(SystemExit):
            tag_bank.changed_line([a_change("if (a) {", "if (b) {")], "if (a) {")


class JudgeTest(unittest.TestCase):
    def reason(self, output):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "tests/stories").mkdir(parents=True)
            (root / "tests/stories/a_story.story").write_text("2024-01-01 ana X\n  => stage S\n")
            with mock.patch.object(tag_bank, "ROOT", root):
                return tag_bank.reason_in(a_change("a", "b"), output)

    def test_an_answer_that_differs_is_red(self):
        said = "tests/stories/a_story.story:2: stage S: stage is T"
        self.assertEqual(self.reason(f"Failed\n{said}\n"), "line 2: stage S: stage is T")

    def test_rules_that_do_not_load_and_lines_without_a_question_are_not(self):
        self.assertIsNone(self.reason("tests/stories/a_story.story:0: RULES_INVALID"))
        self.assertIsNone(self.reason("tests/stories/a_story.story:1: other facts"))

    def test_a_covered_row_without_a_change_is_told(self):
        change = a_change("a", "b", row="999-99")
        told = tag_bank.uncovered([change])
        self.assertTrue(any(text.startswith("row 000-01 is covered by") for text in told))
        self.assertTrue(any("row 999-99" in text and "does not cover it" in text for text in told))


if __name__ == "__main__":
    unittest.main()
