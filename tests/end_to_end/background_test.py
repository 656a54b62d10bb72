#!/usr/bin/env python3
"""What the real program does in the background: it goes on behind a kill, and what comes of it is
what the command that asks for it says."""
import re
import signal

import case
from case import Case
from history import shop_history

EVENTS = 2000
AS_OF = "2026-06-30"


class BackgroundTest(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.server()
        self.shop.publish(shop_history(seed=5, customers=40, events=EVENTS))
        self.shop.await_folded()
        self.shop.digest()

    def ended(self, operation, *flags):
        """What came of the last operation, as its command prints it."""
        return self.shop.run("operations", "wait", operation, "--result", *flags)

    def test_a_verification_goes_on_behind_a_kill(self):
        self.assertIn("op-1", self.shop.run("verify", "--no-wait", "--max-rate", 200,
                                            "--format", "table"))
        self.assertIn("op-2", self.shop.run("report", "channels", "--background",
                                            "--format", "table"))
        shown = self.shop.run("operations", "show", "op-1", "--format", "table")
        self.assertIn("verify", shown)
        self.assertIn("partition 0:", shown)
        self.shop.stop(signal.SIGKILL)
        left = self.run_rapport("operations", "list", "--data", self.folder / "data",
                                "--format", "table")
        self.assertIn("goes on once this store is served", left)
        self.shop.start()
        listed = self.shop.json("operations", "list")
        self.assertEqual([one["id"] for one in listed], ["op-2", "op-1"])
        self.assertEqual(listed[1]["restarts"], 1)
        cancelled = self.shop.json("operations", "cancel", "op-1")[0]
        self.assertEqual(cancelled["state"], "OPERATION_STATE_CANCELLED")
        self.refused(1, "operations", "wait", "op-1", "--server", self.shop.address,
                     says=["CANCELLED"])
        self.assertEqual(self.shop.json("operations", "wait", "op-2", "--result")[0]["table"],
                         self.shop.json("report", "channels")[0]["table"])

    def test_files_of_the_server_are_those_of_the_command(self):
        position = self.shop.json("digest")[0]["info"]["position"]
        viewpoint = ("--as-of", AS_OF, "--known-at", position)
        tables = [("relationships", viewpoint), ("points", viewpoint), ("follow_ups", viewpoint),
                  ("events", ("--to-position", position, "--kinds", "PurchaseMade"))]
        for number, (table, flags) in enumerate(tables, 1):
            with self.subTest(table):
                self.shop.run("export", table, *flags, "-o", self.folder / "out")
                self.shop.run("export", table, *flags, "--on-server")
                self.assertIn(f"op-{number}/{table}/{table}.parquet",
                              self.ended(f"op-{number}", "--format", "table"))
                name = f"{table}/{table}.parquet"
                there = self.folder / "data" / "exports" / f"op-{number}" / name
                self.assertEqual(there.read_bytes(), (self.folder / "out" / name).read_bytes())
        self.refused(2, "export", "points", "--on-server", "-o", self.folder / "out",
                     "--server", self.shop.address, says=["--on-server"])

    def test_results_are_printed_as_by_their_commands(self):
        def without_time(text):
            return re.sub(r"in [\d,.]+ m?s", "", text)

        asked = [("diff", "--from", "2026-01-31", "--to", AS_OF),
                 ("what-if", "repair", "--as-of", AS_OF),
                 ("report", "channels", "--as-of", AS_OF)]
        for number, words in enumerate(asked, 1):
            with self.subTest(words[0]):
                self.shop.run(*words, "--background")
                self.assertEqual(
                    without_time(self.ended(f"op-{number}", "--format", "table")),
                    without_time(self.shop.run(*words, "--format", "table")))
        self.shop.run("verify", "--no-wait")
        self.assertIn("the state is what the archive says",
                      self.ended("op-4", "--format", "table"))
        self.assertEqual(self.shop.json("operations", "list")[0]["kind"],
                         "OPERATION_KIND_VERIFY")

    def test_a_stopped_store_does_its_work_itself(self):
        self.assertEqual(self.shop.stop(), 0)
        data = self.folder / "data"
        said = self.run_rapport("verify", "--data", data, "--format", "table")
        self.assertIn(f"{EVENTS:,} records", said)
        self.refused(2, "verify", "--data", data, "--no-wait", says=["--no-wait"])
        self.refused(2, "report", "channels", "--data", data, "--background",
                     says=["--background"])
        self.refused(2, "verify", "--data", data, "--max-rate", "0", says=["--max-rate"])

    def test_replay_gives_what_is_chosen_and_says_how_much_before(self):
        purchases = self.shop.json("replay", "--kinds", "PurchaseMade", "--max-rate", 100_000)
        self.assertGreater(len(purchases), 0)
        self.assertLess(len(purchases), EVENTS)
        counted = self.shop.run("replay", "--kinds", "PurchaseMade", "--dry-run",
                                "--format", "table")
        self.assertIn(f"{len(purchases):,} events", counted)
        parts = [self.shop.json("replay", "--partition", partition)
                 for partition in range(len(self.shop.status()["partitions"]))]
        self.assertEqual(sum(map(len, parts)), EVENTS)
        digests = self.shop.digest()
        self.shop.json("replay")
        self.assertEqual(self.shop.digest(), digests, "a replay has no effect")


if __name__ == "__main__":
    case.main()
