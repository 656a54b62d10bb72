#!/usr/bin/env python3
"""The rules commands: what is right and wrong, what differs, and other rules while serving."""
import json
import random
import re
import shutil
import signal
import time
import urllib.request

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

    def test_every_read_is_answered_by_known_rules_that_it_names(self):
        server = self.shop()
        imagined = self.file("imagined.json", json.dumps({"thanksGiven": {}}))
        simulate = ("customer", "simulate", "cust-1", imagined, "--at", AS_OF)
        reads = [("as-of", AS_OF, "cust-1"),
                 ("customer", "show", "cust-1", "--as-of", AS_OF),
                 ("customer", "explain", "cust-1", "--as-of", AS_OF),
                 ("customer", "timeline", "cust-1", "--as-of", AS_OF),
                 ("customer", "history", "cust-1", "--as-of", AS_OF),
                 ("follow-ups", "list", "--as-of", AS_OF, "--limit", "200"),
                 ("summary", "--as-of", AS_OF)]

        def answer(read, *words):
            return [{key: value for key, value in one.items() if key != "info"}
                    for one in server.json(*read, *words)]
        before = [answer(read) for read in reads]
        position = server.json(*reads[0])[0]["info"]["position"]
        server.publish([{"eventId": "late:1", "customerId": "cust-1", "source": "shop",
                         "occurredAt": "2024-04-30T10:00:00Z",
                         "complaintRaised": {"case": "late", "severity": 4}}])
        server.await_folded()
        reads.append(simulate)
        after = [answer(read) for read in reads]
        # Under donors' rules each of these answers is another one.
        _, standard = self.activated(server, "donors")
        for read, was in zip(reads, after):
            self.assertNotEqual(answer(read), was, read)
            self.assertEqual(answer(read, "--rules-digest", standard), was, read)
            self.refused(NOT_FOUND, *read, "--rules-digest", "r-000000000000", "--server",
                         server.address, says=["RULES_UNKNOWN"])
        for read, was in zip(reads, before):
            known = (*read, "--known-at", position)
            self.assertNotEqual(answer(known), was, read)
            for digest in (standard, "AT_KNOWN"):
                self.assertEqual(answer(known, "--rules-digest", digest), was, read)
        # Which policies there are is of the rules that answer, too.
        only = ("follow-ups", "list", "--policy", "gift_receipt", "--server", server.address)
        self.run_rapport(*only)
        self.refused(WRONG_USAGE, *only, "--rules-digest", standard, says=["gift_receipt"])

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
        said = server.run("rules", "activate", "subscription", "--yes")
        self.assertIn(f"rules {now} were active already, nothing changed\n", said)
        listed = server.json("rules", "list")
        self.assertEqual([(one["name"], one["rulesDigest"]) for one in listed if one.get("active")],
                         [("subscription", now)])
        self.assertLessEqual(set(SETS), {one["name"] for one in listed})
        server.run("rules", "rollback")
        self.assertEqual(self.rules_of(server), (standard, before))

    def forgetful(self):
        """Rules under which what is spent counts half after twenty days: the facts are others."""
        return self.file("forgetful.textproto", 'parent: "standard" name: "forgetful"\n'
                         'fold { ring { name: "spend" half_life_days: 20 } }\n')

    def facts_of_a_store_with(self, server, rules):
        """The digest of facts that a copy gives which has been opened with those rules."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(server.folder, copy)
        shutil.rmtree(copy / "state")
        with Server(self.program, copy, "--rules", rules) as other:
            other.await_folded()
            return other.digest()[0]

    def test_rules_that_fold_otherwise_answer_once_all_is_folded_anew(self):
        server = self.shop()
        standard, before = self.rules_of(server)
        facts = server.digest()[0]
        now, previous = self.activated(server, self.forgetful())
        self.assertEqual(previous, standard)
        digest, after = self.rules_of(server)
        self.assertEqual(digest, now)
        self.assertNotEqual(after, before)
        others = server.digest()[0]
        self.assertNotEqual(others, facts)
        server.run("verify")
        # Who names the rules of before, or a position of before, is answered as then.
        with urllib.request.urlopen(f"http://{server.http}/v1/customers/cust-1?viewpoint.asOfUs="
                                    f"{AS_OF}&viewpoint.rules={standard}") as answer:
            asked = json.load(answer)
        self.assertEqual((asked["info"]["rulesDigest"], asked["standing"]), (standard, before))
        server.stop()
        self.assertEqual(self.facts_of_a_store_with(server, self.forgetful()), others)
        server.start()
        self.assertEqual(self.rules_of(server), (now, after))
        self.assertEqual(server.digest()[0], others)
        self.refused(WRONG_USAGE, "rules", "rollback", "--server", server.address, says=["--yes"])
        self.assertEqual(self.rules_of(server), (now, after))
        said = server.run("rules", "rollback", "--yes")
        self.assertIn(f"rules {standard} answer now, {now} did before", said)
        self.assertEqual(self.rules_of(server), (standard, before))
        self.assertEqual(server.digest()[0], facts)

    def check_facts(self, server, known):
        """Facts are always the same under the same rules."""
        answer = server.json("digest")[0]
        rules, facts = answer["info"]["rulesDigest"], answer["factsDigest"]
        self.assertEqual(known.setdefault(rules, facts), facts, rules)

    def test_a_kill_while_facts_are_folded_anew_leaves_the_rules_before_or_those_after(self):
        server = self.shop()
        known = {}
        self.check_facts(server, known)
        dice = random.Random(7)
        for _ in range(6):
            file = "standard" if server.json("rules", "list")[0]["name"] != "standard" else (
                self.forgetful())
            said = server.run("rules", "activate", file, "--yes", "--no-wait")
            self.assertIn("once the facts are folded anew", said)
            time.sleep(dice.random() * 0.3)  # allow: sleep, because a kill comes at any time
            server.stop(signal.SIGKILL)
            server.start()
            server.await_folded()
            # Of those before, or of those after: it has begun the refold again.
            self.check_facts(server, known)
            server.run("operations", "wait", server.json("operations", "list")[0]["id"])
            self.check_facts(server, known)
            server.run("verify")

    def test_a_refold_that_the_end_of_the_server_interrupts_goes_on_at_the_next_start(self):
        server = self.shop()
        standard = self.rules_of(server)[0]
        said = server.run("rules", "activate", self.forgetful(), "--yes", "--no-wait",
                          "--max-rate", 1)
        self.assertIn("op-1", said)
        server.stop(signal.SIGKILL)
        told = self.run_rapport("status", "--data", self.folder / "data", "--format", "table")
        self.assertIn("op-1 was interrupted, and goes on once this store is served", told)
        server.start()
        one = server.json("operations", "show", "op-1")[0]
        self.assertEqual((one["state"], one["restarts"]), ("OPERATION_STATE_RUNNING", 1))
        self.assertEqual(self.rules_of(server)[0], standard)
        server.run("operations", "cancel", "op-1")
        one = server.json("operations", "list")[0]
        self.assertEqual(one["state"], "OPERATION_STATE_CANCELLED")
        # Without a limit it comes to its end.
        server.run("rules", "activate", self.forgetful(), "--yes", "--no-wait")
        server.run("operations", "wait", "op-2")
        self.assertNotEqual(self.rules_of(server)[0], standard)
        server.stop()
        server.start()
        self.assertEqual(server.json("operations", "show", "op-2")[0]["state"],
                         "OPERATION_STATE_DONE")

    def test_what_cannot_answer_is_refused_and_changes_nothing(self):
        server = self.shop()
        before = self.rules_of(server)
        at = ["--server", server.address]
        wrong = self.file("wrong.textproto", 'parent: "standard"\nevaluate { horizon_days: 0 }\n')
        said = self.run_rapport("rules", "activate", wrong, "--yes", *at, code=FOUND_WRONG)
        self.assertTrue(said.startswith(f"{wrong}:2:"), said)
        for code, words, says in [
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
