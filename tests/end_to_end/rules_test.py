#!/usr/bin/env python3
"""The rules commands: what is right and wrong, what differs, and other rules while serving."""
import re

import case
from case import Case
from history import shop_history
from program import Server, run_program

AS_OF = "2024-05-01T00:00:00Z"
HISTORY = shop_history(43, 6, 300)
DIGEST = re.compile(r"r-[0-9a-f]{12}")
WRONG_USAGE, NOT_FOUND, CONFLICT, FOUND_WRONG = 2, 3, 4, 6
SETS = ["standard", "repair", "office", "subscription", "accounts", "donors"]


class RulesTest(Case):
    """Reads rules, and lets others answer on a server of its own."""

    def shop(self):
        """A server that has folded the history."""
        server = self.server()
        server.publish(HISTORY)
        server.await_folded()
        return server

    def rules_of(self, server):
        """(digest of those that answer, everything else they answer) of one moment."""
        answer = server.json("customer", "show", "cust-1", "--as-of", AS_OF)[0]
        return answer["info"]["rulesDigest"], answer["standing"]

    def activated(self, server, *words):
        """Lets rules answer; the digests it names, those that answer now first."""
        last = server.run("rules", "activate", *words, "--yes").splitlines()[-1]
        self.assertIn(" answer now, ", last)
        return DIGEST.findall(last)

    def test_check_finds_every_set_of_the_program_right(self):
        for name in SETS:
            said = self.run_rapport("rules", "check", name)
            self.assertIn(" is right: rules r-", said)
            self.assertEqual(name in ("accounts", "donors"), "needs refold" in said, said)

    def test_check_names_line_and_column_of_what_is_wrong(self):
        for text, place, says in [
                ('parent: "standard"\nevaluate {\n  horizon: 3\n}\n', "3:10", "horizon"),
                ('parent: "standard"\nevaluate {\n  horizon_days: 0\n}\n', "3:3", "horizon_days")]:
            wrong = self.file("wrong.textproto", text)
            said = self.run_rapport("rules", "check", wrong, code=FOUND_WRONG).splitlines()
            self.assertTrue(said[0].startswith(f"{wrong}:{place} "), said)
            self.assertIn(says, said[0])
        self.refused(NOT_FOUND, "rules", "check", "nowhere", says=["nowhere", *SETS])

    def test_diff_names_each_value_with_before_and_after(self):
        own = self.file("own.textproto", 'parent: "standard"\nevaluate { horizon_days: 365 }\n')
        said = self.run_rapport("rules", "diff", "standard", own).splitlines()
        self.assertEqual(said[0], "  evaluate.horizon_days: 273 -> 365")
        self.assertEqual(len(said), 2)
        self.assertIn("1 value differs, evaluate part only: live", said[1])
        self.assertIn("nothing differs", self.run_rapport("rules", "diff", own, own))
        said = self.run_rapport("rules", "diff", "standard", "accounts").splitlines()[-1]
        self.assertIn("the fold part too: needs refold", said)

    def test_explain_reads_every_set_out(self):
        for name in SETS:
            said = self.run_rapport("rules", "explain", name)
            self.assertRegex(said.splitlines()[0], rf"^rules {name}, r-[0-9a-f]{{12}}$")
            for word in ("RHYTHM", "S1 ", "S10", "AT_RISK", "complaint_resolve"):
                self.assertIn(word, said, name)

    def test_time_zone_gives_text_that_rules_take(self):
        offsets = self.run_rapport("rules", "time-zone", "Europe/Madrid", "--years", "2024-2025")
        self.assertIn('offset { begins: "2024-03-31T01:00:00Z" minutes: 120 }', offsets)
        own = self.file("own.textproto", 'parent: "standard"\n' + offsets)
        self.assertIn(" is right", self.run_rapport("rules", "check", own))
        self.refused(WRONG_USAGE, "rules", "time-zone", "Mars/Phobos", says=["Mars/Phobos"])

    def test_other_rules_answer_at_once_and_after_a_restart(self):
        server = self.shop()
        standard, before = self.rules_of(server)
        facts = server.digest()[0]
        dry = server.run("rules", "activate", "subscription", "--dry-run")
        self.assertIn("evaluate.horizon_days: 273 -> 365", dry)
        self.assertEqual(self.rules_of(server), (standard, before))
        now, previous = self.activated(server, "subscription")
        self.assertEqual(previous, standard)
        digest, after = self.rules_of(server)
        self.assertEqual(digest, now)
        self.assertNotEqual(after, before)
        self.assertEqual(server.digest()[0], facts)
        server.stop()
        server.start()
        self.assertEqual(self.rules_of(server), (now, after))
        listed = server.json("rules", "list")
        self.assertEqual([(one["name"], one["rulesDigest"]) for one in listed if one.get("active")],
                         [("subscription", now)])
        self.assertLessEqual(set(SETS), {one["name"] for one in listed})
        server.run("rules", "rollback")
        self.assertEqual(self.rules_of(server), (standard, before))

    def test_what_cannot_answer_is_refused_and_changes_nothing(self):
        server = self.shop()
        before = self.rules_of(server)
        at = ["--server", server.address]
        wrong = self.file("wrong.textproto", 'parent: "standard"\nevaluate { horizon_days: 0 }\n')
        said = self.run_rapport("rules", "activate", wrong, "--yes", *at, code=FOUND_WRONG)
        self.assertTrue(said.startswith(f"{wrong}:2:"), said)
        for code, words, says in [
                (1, ["accounts", "--yes"], "RULES_NEED_REFOLD"),
                (CONFLICT, ["repair", "--yes", "--expected", "r-000000000000"], "ETAG_MISMATCH"),
                (WRONG_USAGE, ["repair"], "--yes")]:
            done = run_program(self.program, "rules", "activate", *words, *at, stdin="")
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(says, done.stderr)
        self.assertEqual(self.rules_of(server), before)

    def test_rules_of_the_command_line_come_before_those_activated(self):
        server = self.shop()
        repair = self.activated(server, "repair")[0]
        server.stop()
        with Server(self.program, self.folder / "data", "--rules", "office") as office:
            digest = self.rules_of(office)[0]
            self.assertIn(f"--rules office is what answers now, {digest}", office.said())
            self.assertNotEqual(digest, repair)
        server.start()
        self.assertEqual(self.rules_of(server)[0], repair)


if __name__ == "__main__":
    case.main()
