#!/usr/bin/env python3
"""Kills the real program, again and again, while events come in and the state is rebuilt; counts.

Every acknowledged event must be there exactly once, both digests must equal those of a fresh
rebuild, and the facts digest that of a server which got the same events in another order.
"""
import random
import shutil
import signal
import threading
import time

import case
from case import Case
from history import shop_history, shuffled
from program import Failed, Server, lines_of, run_program

CUSTOMERS = 60
# A stopped server drains, commits and ends within this (reliability: SIGTERM drains in 10 s).
DRAIN_SECONDS = 10
UNAVAILABLE = 5
# Events of one command; it sends them 500 at once, several requests under way.
SENT_MAX = 2000


class Publisher(threading.Thread):
    """Publishes history in small requests until its server is gone; remembers what was answered.

    What was sent and not answered is sent again in the next cycle, as a real publisher does.
    """

    def __init__(self, program, address, history, seed):
        super().__init__()
        self.program, self.address = program, address
        self.history = history
        self.dice = random.Random(seed)
        self.acknowledged = []
        self.left = list(history)
        self.trouble = None

    def run(self):
        try:
            while self.left and self.publish():
                pass
        except Exception as error:  # Told by the test that owns the thread.
            self.trouble = error

    def publish(self):
        some = self.left[:self.dice.choice((1, 20, 200, SENT_MAX))]
        done = run_program(self.program, "events", "publish", "-", "--server", self.address,
                           "--format", "jsonl", stdin=lines_of(some))
        answered = {line.split('"eventId":"')[1].split('"')[0]
                    for line in done.stdout.splitlines()
                    if '"STATUS_ACCEPTED"' in line or '"STATUS_DUPLICATE"' in line}
        self.acknowledged.extend(answered)
        self.left = [event for event in self.left if event["eventId"] not in answered]
        if done.returncode == 0:
            return True
        if done.returncode != UNAVAILABLE:
            raise Failed(f"publish ended with {done.returncode}: {done.stderr}")
        return False


class KillTest(Case):
    def setUp(self):
        super().setUp()
        self.dice = random.Random(case.options.seed)
        print(f"seed {case.options.seed}", flush=True)
        self.sent = {}
        self.acknowledged = set()

    def cycle(self, server, number, how):
        """Publishes, ends the server in the midst of it, starts it again."""
        history = shop_history(seed=number, customers=CUSTOMERS, events=4000)
        publisher = Publisher(self.program, server.address, self.unanswered + history,
                              self.dice.random())
        publisher.start()
        time.sleep(self.dice.uniform(0.0, 0.3))
        # A rebuild is under way, or just over, when the server ends.
        run_program(self.program, "rebuild", "--no-wait", "--server", server.address)
        time.sleep(self.dice.uniform(0.0, 0.1))
        begun = time.monotonic()
        code = server.stop(how, seconds=DRAIN_SECONDS)
        publisher.join()
        if publisher.trouble is not None:
            raise publisher.trouble
        self.assertEqual(code, 0 if how == signal.SIGTERM else -how, server.said())
        # Of what is left, only the first may have been sent.
        sent = len(publisher.history) - len(publisher.left) + SENT_MAX
        self.sent.update((event["eventId"], event) for event in publisher.history[:sent])
        self.acknowledged.update(publisher.acknowledged)
        self.unanswered = publisher.left[:SENT_MAX]
        server.start()
        print(f"{how.name} {len(publisher.acknowledged)} acknowledged, "
              f"stopped and ready again after {time.monotonic() - begun:.2f} s", flush=True)

    def run_cycles(self, server, signals):
        self.unanswered = []
        for number, how in enumerate(signals):
            self.cycle(server, number, how)
        if self.unanswered:
            server.publish(self.unanswered)
        self.acknowledged.update(event["eventId"] for event in self.unanswered)
        self.assertGreater(len(self.acknowledged), 50 * len(signals),
                           "too little was published to prove anything")

    def check_all_there_once(self, server):
        status = server.await_folded()
        events = server.json("events", "tail", "--once")
        ids = {event["eventId"] for event in events}
        self.assertEqual(self.acknowledged - ids, set(), "acknowledged, but lost")
        self.assertEqual(ids - set(self.sent), set(), "never sent, but there")
        counts = {name: int(number) for name, number in status["events"].items()}
        self.assertEqual(counts["folded"], len(ids), f"each counts once: {counts}")
        self.assertEqual(counts["archived"], len(events), counts)
        self.assertEqual(counts.get("duplicates", 0), len(events) - len(ids), counts)
        for name in ("conflicts", "rejected", "notFolded"):
            self.assertEqual(counts.get(name, 0), 0, counts)
        self.check_timelines(server, events)
        print(f"{len(self.acknowledged)} acknowledged, {len(ids)} there, "
              f"{len(events) - len(ids)} of them twice in the log and folded once")
        return [event for event in self.sent.values() if event["eventId"] in ids]

    def check_timelines(self, server, events):
        for number in range(0, CUSTOMERS, 20):
            customer = f"cust-{number}"
            wanted = {e["eventId"] for e in events if e["customerId"] == customer}
            entries = server.json("customer", "timeline", customer, "--limit", "100000")
            ids = [entry["touchpoint"]["eventId"] for entry in entries]
            self.assertEqual(len(ids), len(set(ids)), f"{customer} has an event twice")
            self.assertEqual(set(ids), wanted, f"the timeline of {customer}")

    def check_digests(self, server, events):
        digests = server.digest()
        self.assertEqual(server.stop(), 0)
        shutil.rmtree(self.folder / "data" / "state")
        server.start()
        server.await_folded()
        self.assertEqual(server.digest(), digests, "a fresh rebuild differs")
        with Server(self.program, self.folder / "other") as other:
            other.publish(shuffled(events, self.dice.random()))
            other.await_folded()
            self.assertEqual(other.digest()[0], digests[0], "another order gives other facts")

    def opened(self):
        return self.server()

    def check_survives(self, signals):
        server = self.opened()
        self.run_cycles(server, signals)
        self.check_digests(server, self.check_all_there_once(server))

    def test_killed_server_loses_and_doubles_nothing(self):
        self.check_survives([signal.SIGKILL] * case.options.cycles)

    def test_terminated_server_drains_and_ends_with_0(self):
        self.check_survives([signal.SIGTERM] * max(1, case.options.cycles // 4))


def add_arguments(parser):
    parser.add_argument("--cycles", type=int, default=20, help="kills (20)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))


if __name__ == "__main__":
    case.main(add_arguments)
