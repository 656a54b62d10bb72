#!/usr/bin/env python3
"""Rebuilds the state of the real program beside the one that serves, while events come in."""
import shutil
import threading

import case
from case import Case
from history import shop_history
from program import lines_of, run_program

CUSTOMERS = 200
WHOLE = 12_000
LATER = 6_000


class Feed(threading.Thread):
    """Publishes history in small requests until all of it is there."""

    def __init__(self, program, address, history):
        super().__init__()
        self.program, self.address, self.history = program, address, history
        self.ended_with = None

    def run(self):
        for at in range(0, len(self.history), 500):
            done = run_program(self.program, "events", "publish", "-", "--server", self.address,
                               "--format", "jsonl", stdin=lines_of(self.history[at:at + 500]))
            self.ended_with = done.returncode
            if done.returncode != 0:
                return


class RebuildTest(Case):
    def phases(self, server):
        return server.status().get("rebuild", {}).get("phase")

    def state_folders(self):
        return sorted(entry.name for entry in (self.folder / "data" / "state").iterdir()
                      if entry.is_dir())

    def test_state_is_rebuilt_under_load_with_equal_digests(self):
        server = self.server()
        server.publish(shop_history(seed=1, customers=CUSTOMERS, events=WHOLE))
        self.assertIsNone(self.phases(server))
        feed = Feed(self.program, server.address,
                    shop_history(seed=2, customers=CUSTOMERS, events=LATER))
        feed.start()
        rebuilt = 0
        while feed.is_alive() or rebuilt < 2:
            ended = server.json("rebuild")[0]
            self.assertEqual(ended["phase"], "REBUILD_PHASE_DONE", ended)
            self.assertGreaterEqual(int(ended["done"]), WHOLE)
            rebuilt += 1
        feed.join()
        self.assertEqual(feed.ended_with, 0)
        server.await_folded()
        digests = server.digest()
        print(f"{rebuilt} rebuilds beside {LATER} events that came in", flush=True)
        self.assertEqual(server.json("rebuild")[0]["done"], str(WHOLE + LATER))
        self.assertEqual(server.digest(), digests, "what took over is another state")
        self.assertEqual(len(self.state_folders()), 1, "the old one is deleted")
        self.assertIn("rebuild done", server.run("status", "--format", "table"))
        # The next start opens what took over; and folded from nothing it is the same.
        name = self.state_folders()[0]
        self.assertEqual(server.stop(), 0)
        server.start()
        self.assertEqual(self.state_folders(), [name])
        self.assertEqual(server.digest(), digests)
        self.assertEqual(server.stop(), 0)
        shutil.rmtree(self.folder / "data" / "state")
        server.start()
        server.await_folded()
        self.assertEqual(server.digest(), digests)

    def test_a_rebuild_can_be_estimated_slowed_down_and_cancelled(self):
        server = self.server()
        server.publish(shop_history(seed=4, customers=20, events=1000))
        server.await_folded()
        # What is not durable yet is folded while all stand still, at any pace.
        server.digest()
        self.assertIn("none yet", server.run("operations", "list", "--format", "table"))
        self.assertIn("1,000 records to fold",
                      server.run("rebuild", "--dry-run", "--format", "table"))
        self.assertIn("op-1", server.run("rebuild", "--no-wait", "--max-rate", 1,
                                         "--format", "table"))
        self.refused(4, "rebuild", "--server", server.address, says=["REBUILD_RUNS"])
        shown = server.run("operations", "show", "op-1", "--format", "table")
        self.assertRegex(shown, r"^op-1 +rebuild by the same rules +\d+ %, ")
        self.assertIn("partition 0:", shown)
        cancelled = server.json("operations", "cancel", "op-1")[0]
        self.assertEqual(cancelled["state"], "OPERATION_STATE_CANCELLED")
        self.assertIn("rebuild cancelled", server.run("status", "--format", "table"))
        done = run_program(self.program, "operations", "cancel", "op-1", "--server",
                           server.address, "--format", "table")
        self.assertEqual(done.returncode, 0)
        self.assertIn("op-1 had ended already", done.stderr)
        self.assertRegex(done.stdout, r"^op-1 +rebuild by the same rules +cancelled at ")
        self.refused(1, "operations", "wait", "op-1", "--server", server.address,
                     says=["CANCELLED"])
        self.refused(3, "operations", "show", "op-9", "--server", server.address,
                     says=["OPERATION_UNKNOWN"])
        server.run("rebuild")
        self.assertGreater(int(server.json("rebuild", "--dry-run")[0]["freeBytes"]), 0)

    def test_stopped_store_is_rebuilt_by_the_command(self):
        server = self.server()
        server.publish(shop_history(seed=3, customers=20, events=1000))
        digests = server.digest()
        self.assertEqual(server.stop(), 0)
        data = self.folder / "data"
        said = self.run_rapport("rebuild", "--data", data, "--format", "table")
        self.assertIn("1,000 records", said)
        self.refused(2, "rebuild", "--data", data, "--no-wait", says=["--no-wait"])
        server.start()
        self.assertEqual(server.digest(), digests)


if __name__ == "__main__":
    case.main()
