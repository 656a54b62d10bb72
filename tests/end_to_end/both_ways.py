"""BothWays: asks a server and its store, stopped, the same; both must answer the same.

    class MyTest(BothWays):
        def test_it(self):
            answers = self.ask_both("customer", "show", "cust-1", "--as-of", AS_OF)

One made-up history for all tests of a class, in two stores of its own.
"""
import json
import tempfile

import case
from case import Case
from history import shop_history
from program import Server

# What differs between two logs of the same events, or from one moment to the next.
VARIES = ("info", "logId", "appendedAtUs", "diskUsedBytes", "diskFreeBytes", "stateDigest")
AS_OF = "2024-05-01T00:00:00Z"
CUSTOMERS = 8
HISTORY = shop_history(41, CUSTOMERS, 400)
# One that is due for certain, the day after it happened.
HISTORY.append({"eventId": "shop:last", "customerId": "cust-1", "source": "shop",
                "occurredAt": "2024-04-30T10:00:00Z",
                "complaintRaised": {"case": "lamp", "severity": 2}})


def bare(thing):
    """An answer without what varies."""
    if isinstance(thing, list):
        return [bare(one) for one in thing]
    if isinstance(thing, dict):
        return {name: bare(value) for name, value in thing.items() if name not in VARIES}
    return thing


class BothWays(Case):
    """Asks a server and its store, stopped, the same; both must answer the same."""

    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory(prefix="rapport_e2e_")
        cls.addClassCleanup(cls.home.cleanup)
        program = case.options.program
        cls.store, live = f"{cls.home.name}/stopped", f"{cls.home.name}/live"
        for folder in (cls.store, live):
            with Server(program, folder) as server:
                server.publish(HISTORY)
        cls.live = cls.enterClassContext(Server(program, live))
        cls.live.await_folded()

    def targets(self):
        return (["--server", self.live.address], ["--data", self.store])

    def ask(self, target, *words):
        """The answer's objects, which are the same in JSON and in JSON lines."""
        array = bare(json.loads(self.run_rapport(*words, *target, "--format", "json")))
        lines = self.run_rapport(*words, *target, "--format", "jsonl").splitlines()
        self.assertEqual(array, [bare(json.loads(line)) for line in lines], f"{words}")
        return array

    def ask_both(self, *words):
        """Asks server and store, which answer the same."""
        live, stopped = (self.ask(target, *words) for target in self.targets())
        self.assertEqual(live, stopped, f"{words}: server and stopped store differ")
        return live

    def table(self, *words):
        """The answer for people, without the line that names the log's position."""
        live, stopped = ([line for line in self.run_rapport(*words, *target, "--format",
                                                            "table").splitlines()
                          if not line.startswith("applied ")] for target in self.targets())
        self.assertEqual(live, stopped)
        self.assertTrue(live)
        return live

    def milli(self, points):
        return int(points.replace(".", ""))
