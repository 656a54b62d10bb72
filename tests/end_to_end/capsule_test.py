#!/usr/bin/env python3
"""Capsules of the real program: exported of a server and of a stopped store, replayed without
either, and what is said of files that are none."""
import json
import re
import shutil

import case
from case import Case
from history import shop_history
from program import ROOT

CUSTOMERS = 6
HISTORY = shop_history(11, CUSTOMERS, 300)
NOTED = {"eventId": "n:1", "customerId": "cust-1", "occurredAt": "2024-03-02T10:00:00Z",
         "source": "shop", "thanksGiven": {}, "note": "a canary sings"}
AS_OF = "2024-05-01"
FAILED, WRONG_USAGE, NOT_FOUND, CONFLICT, FOUND_WRONG = 1, 2, 3, 4, 6


class Capsule(Case):
    def setUp(self):
        super().setUp()
        self.path = self.folder / "cust-1.capsule"

    def served(self):
        server = self.server()
        server.publish(HISTORY + [NOTED])
        server.await_folded()
        return server

    def exported(self):
        """A capsule, of a server that is gone by then; its text."""
        server = self.served()
        server.run("capsule", "export", "cust-1", "-o", self.path, "--as-of", AS_OF)
        server.stop()
        return self.path.read_text()

    def replay(self, *words, code=0):
        """What a replay says in JSON."""
        return json.loads(self.run_rapport("capsule", "replay", *words, "--format", "json",
                                           code=code))

    def written(self, text, name="changed.capsule"):
        return self.file(name, text)

    def test_a_capsule_replays_without_server_and_store(self):
        server = self.served()
        said = server.run("capsule", "export", "cust-1", "-o", self.path, "--as-of", AS_OF,
                          "--format", "table")
        self.assertRegex(said, r"^same  .*cust-1\.capsule  cust-1: \d+ records, \w+")
        card = server.json("customer", "show", "cust-1", "--as-of", AS_OF)[0]
        server.stop()
        shutil.rmtree(self.folder / "data")
        # Into a pipe, too, one line: all of it is for who asks for JSON.
        again = self.run_rapport("capsule", "replay", self.path)
        self.assertEqual(again, said)
        answer, = self.replay(self.path)
        self.assertTrue(answer["same"])
        self.assertEqual(answer["customerId"], "cust-1")
        wanted = sum(event["customerId"] == "cust-1" for event in HISTORY + [NOTED])
        self.assertEqual(int(answer["records"]), wanted)
        self.assertEqual(answer["rulesDigest"], card["info"]["rulesDigest"])
        for name in ("stage", "scoreMilli", "lines", "flags", "followUps"):
            self.assertEqual(answer["standing"].get(name), card["standing"].get(name), name)

    def test_server_and_stopped_store_give_the_same_file(self):
        server = self.served()
        position = server.json("customer", "show", "cust-1")[0]["info"]["position"]
        words = ("capsule", "export", "cust-1", "--as-of", AS_OF, "--known-at", position)
        live = server.run(*words)
        self.assertEqual(live, server.run(*words))
        server.run(*words, "-o", self.path)
        self.assertEqual(self.path.read_text(), live)
        server.publish(shop_history(12, CUSTOMERS, 50))
        server.await_folded()
        self.assertEqual(server.run(*words), live)
        server.stop()
        self.assertEqual(self.run_rapport(*words, "--data", self.folder / "data"), live)

    def test_no_text_is_in_clear_and_a_person_can_read_the_rest(self):
        text = self.exported()
        self.assertNotIn("canary", text)
        self.assertIn("ThanksGiven", text)
        self.assertRegex(text, r"(?m)^  # \d+@\d+ 2024-\S+ PurchaseMade \{ order: ")
        self.assertRegex(text, r'(?m)^  "evaluate \{\\n"$')
        audit = [json.loads(line) for line in
                 (self.folder / "data/audit.jsonl").read_text().splitlines()]
        self.assertIn(("capsule", "cust-1"), [(e["action"], e["customer"]) for e in audit])

    def test_what_comes_out_otherwise_is_told_by_its_first_field(self):
        text = re.sub(r"(?m)^digest: .*\n", "", self.exported())
        score = re.search(r"(?m)^  score_milli: (\d+)$", text)[1]
        path = self.written(text.replace(f"  score_milli: {score}\n", "  score_milli: 77\n"))
        self.run_rapport("capsule", "replay", self.path)
        said = self.run_rapport("capsule", "replay", path, self.path, "--format", "table",
                                code=FOUND_WRONG)
        self.assertIn(f"cust-1: ", said)
        self.assertIn(f"standing.score_milli: 77 -> {score}\n", said)
        wrong, right = self.replay(path, self.path, code=FOUND_WRONG)
        self.assertEqual(wrong["differences"],
                         [{"field": "standing.score_milli", "expected": "77", "got": score}])
        self.assertTrue(right["same"])
        # An event that is not there any more: the facts are told first.
        first = text.index("  # ", text.index("members {"))
        less = text[:first] + text[text.index("  # ", first + 1):]
        wrong, = self.replay(self.written(less), code=FOUND_WRONG)
        self.assertEqual(wrong["differences"][0]["field"], "members[0].facts_digest")

    def test_other_rules_show_what_would_be(self):
        text = self.exported()
        rules = self.file("quick.textproto", 'parent: "standard" name: "quick"\n'
                          "evaluate { stages { first_purchase_silence_days: 20 } }")
        own, = self.replay(self.path, "--rules", "standard")
        self.assertTrue(own["same"], "they were exported under them")
        other, = self.replay(self.path, "--rules", "donors")
        self.assertNotIn("same", other, "what is false is left out")
        self.assertNotEqual(other["rulesDigest"], own["rulesDigest"])
        said = self.run_rapport("capsule", "replay", self.path, "--rules", "donors", "--format",
                                "table")
        self.assertIn(f"under {other['rulesDigest']}: ", said)
        self.assertEqual(said.count("\n"), 1 + len(other["differences"]))
        self.replay(self.path, "--rules", rules)
        broken = self.file("broken.textproto", "evaluate { nothing: 1 }")
        self.refused(FOUND_WRONG, "capsule", "replay", self.path, "--rules", broken,
                     says=("RULES_INVALID", "broken.textproto:1:"))
        # Its own rules, changed by hand.
        path = self.written(re.sub(r"(?m)^digest: .*\n", "", text).replace(
            '  "evaluate {\\n"\n', '  "evaluate {\\n"\n  "nothing: 1\\n"\n'))
        self.refused(FOUND_WRONG, "capsule", "replay", path, says=("RULES_INVALID", "rules_text:"))

    def test_files_that_are_none_are_told_with_their_place(self):
        text = self.exported()
        replay = ("capsule", "replay")
        cut = self.written(text[:len(text) // 2])
        self.refused(WRONG_USAGE, *replay, cut, says=("CAPSULE_", str(cut)))
        line = text.splitlines().index("members {") + 1
        broken = self.written(text.replace("members {", "membres {", 1))
        self.refused(WRONG_USAGE, *replay, broken,
                     says=(f"CAPSULE_MALFORMED: {broken}:{line}:", "membres"))
        at = text.index("\n", text.index("value: \"")) - 3
        changed = self.written(text[:at] + chr(ord(text[at]) ^ 1) + text[at + 1:])
        self.refused(WRONG_USAGE, *replay, changed, says=("CAPSULE_",))
        later = self.written(text.replace("format: 1\n", "format: 9\n", 1))
        self.refused(WRONG_USAGE, *replay, later, says=("CAPSULE_VERSION", "is 9"))
        self.refused(NOT_FOUND, *replay, self.folder / "nothing.capsule", says=("FILE_UNKNOWN",))
        empty = self.folder / "empty"
        empty.mkdir()
        self.refused(NOT_FOUND, *replay, empty, says=("FILE_UNKNOWN", ".capsule"))
        self.refused(WRONG_USAGE, *replay, self.path, "--format", "csv", says=("--format",))
        # A bad one keeps nobody from seeing what became of the good ones.
        said = self.run_rapport(*replay, cut, self.path, "--format", "table", code=WRONG_USAGE)
        self.assertIn("same ", said)

    def test_who_has_no_capsule_leaves_no_file(self):
        server = self.served()
        ask = ("capsule", "export", "-o", self.path, "--server", server.address)
        self.refused(NOT_FOUND, *ask, "nobody", says=("CUSTOMER_UNKNOWN",))
        server.run("customer", "erase", "cust-2", "--purpose", "asked for it")
        server.await_folded()
        self.refused(FAILED, *ask, "cust-2", says=("CUSTOMER_ERASED",))
        self.assertEqual(list(self.folder.glob("*.capsule")), [])
        server.run("capsule", "export", "cust-1", "-o", self.path)
        self.refused(CONFLICT, *ask, "cust-1", says=("FILE_EXISTS",))
        server.run("capsule", "export", "cust-1", "-o", self.path, "--force")

    def test_a_folder_is_replayed_whole(self):
        folder = ROOT / "tests/capsules"
        files = sorted(folder.glob("*.capsule"))
        self.assertGreaterEqual(len(files), 3)
        answers = self.replay(folder)
        self.assertEqual([answer["file"] for answer in answers], [str(file) for file in files])
        self.assertEqual({answer["same"] for answer in answers}, {True})


if __name__ == "__main__":
    case.main()
