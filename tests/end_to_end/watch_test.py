#!/usr/bin/env python3
"""Watches the real program over server-sent events, as a browser does, while events come in, a
customer is erased and the server is killed: the client goes on from its last id, and each `before`
is the last `after`."""
import http.client
import json
import random
import signal
import subprocess
import threading
import urllib.parse

import case
from case import Case
from history import shop_history
from program import die_with_parent, lines_of, poll, run_program

CUSTOMERS = 25
EVENTS = 1200
KILLS = 4
WATCH = "/v1/customers:watch"


class Watcher(threading.Thread):
    """One connection of an EventSource: what came on it, as (id, event, data)."""

    def __init__(self, address, query="", last_id=""):
        super().__init__(daemon=True)
        host, port = address.split(":")
        self.connection = http.client.HTTPConnection(host, int(port), timeout=60)
        headers = {"accept": "text/event-stream", **({"last-event-id": last_id} if last_id else {})}
        self.connection.request("GET", WATCH + query, headers=headers)
        self.answer = self.connection.getresponse()
        self.told = []
        self.start()

    def run(self):
        fields = {}
        try:
            while line := self.answer.readline():
                text = line.decode().rstrip("\n")
                if text:
                    name, _, value = text.partition(": ")
                    fields[name] = value
                    continue
                if "data" in fields:
                    self.told.append((fields.get("id", ""), fields["event"],
                                      json.loads(fields["data"])))
                fields = {}
        except (OSError, http.client.HTTPException, ValueError, AttributeError):
            pass  # The server is gone, or this end was closed.

    def names(self):
        return [event for _, event, _ in list(self.told)]

    def close(self):
        """Leaves, or notes that the server has: all that came is told."""
        sock = self.connection.sock or self.answer.fp
        sock.close()
        self.join(60)


class Chain:
    """What a client knows of each customer, over all its connections."""

    def __init__(self):
        self.known = {}
        self.told = []
        self.again = []
        self.position = ""

    @staticmethod
    def state(change, name):
        if name not in change:
            return None
        standing = {key: value for key, value in change[name]["standing"].items()
                    if key != "asOfUs"}
        return standing, change[name].get("known")

    def take(self, position, event, data):
        """True when the message fits to those before."""
        if event == "change":
            change = data["change"]
            name = change["customerId"]
            before, known = self.state(change, "before"), self.known.get(name)
            if before != known and change in self.again:
                return True
            if before != known:
                return False
            self.known[name] = self.state(change, "after")
        if position != self.position:
            self.told = []
        self.told.append(data.get("change"))
        self.position = position or self.position
        return True

    def cut(self):
        self.again = list(self.told)


class WatchTest(Case):
    def setUp(self):
        super().setUp()
        self.live = self.opened()

    def opened(self):
        """The server that is watched."""
        return self.server()

    def watcher(self, *words, **more):
        watcher = Watcher(self.live.http, *words, **more)
        self.addCleanup(watcher.connection.close)
        return watcher

    def get(self, path):
        host, port = self.live.http.split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def take_all(self, chain, watcher):
        for position, event, data in watcher.told:
            self.assertNotEqual(event, "resync", data)
            self.assertTrue(chain.take(position, event, data),
                            f"does not fit: {json.dumps(data)[:1500]}")
        chain.cut()

    def test_the_chain_is_whole_across_servers_that_are_killed(self):
        seed = case.options.seed
        print(f"seed {seed}", flush=True)
        dice = random.Random(seed)
        history = shop_history(seed=seed, customers=CUSTOMERS, events=EVENTS)
        chain = Chain()
        watcher = self.watcher()
        poll("the watch has begun", lambda: "caughtUp" in watcher.names())
        begin = watcher.told[0][0]
        for kill in range(KILLS):
            some = history[kill::KILLS]
            publishing = subprocess.Popen(
                [str(self.program), "events", "publish", "-", "--server", self.live.address,
                 "--format", "jsonl"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, text=True, preexec_fn=die_with_parent)
            publishing.stdin.write(lines_of(some))
            publishing.stdin.close()
            wanted = len(watcher.told) + dice.randrange(2, 60)
            poll("changes come", lambda count=wanted: len(watcher.told) >= count)
            self.live.stop(signal.SIGKILL)
            watcher.join(60)
            publishing.wait(60)
            self.take_all(chain, watcher)
            self.live.start()
            watcher = self.watcher(last_id=chain.position or begin)
        # What the killed ones did not acknowledge is sent again, as a real publisher does.
        self.live.publish(history)
        self.live.await_folded()
        wanted = {name["customerId"] for name in history}
        marker = self.await_all_told(watcher, chain)
        self.take_all(chain, watcher)
        self.assertEqual(set(chain.known), wanted | {marker})
        self.expect_latest(chain)

    def erasures(self, watcher, name):
        return [change for change in (data.get("change", {}) for _, _, data in list(watcher.told))
                if change.get("customerId") == name
                and change.get("cause") == "RELATIONSHIP_CAUSE_ERASURE"]

    def test_an_erasure_is_told_as_one_and_told_again_to_who_was_cut_before_it(self):
        history = shop_history(seed=31, customers=6, events=120)
        self.live.publish(history)
        self.live.await_folded()
        chain = Chain()
        watcher = self.watcher("?includeSnapshot=true")
        poll("the snapshot is told", lambda: "caughtUp" in watcher.names())
        # Somebody of whom nothing but time would change, and somebody who is told of first now.
        self.live.publish([{"customerId": "zoe", "eventId": "name:1", "source": "crm",
                            "occurredAt": "2024-03-01T10:00:00Z",
                            "profileRecorded": {"name": "Zoe"}}])
        poll("zoe is told of", lambda: watcher.told[-1][1] == "change")
        self.take_all(chain, watcher)
        before = chain.position
        for name in ("cust-0", "zoe"):
            self.live.run("customer", "erase", name, "--purpose", "asked by mail")
            told = poll("the erasure is told", lambda who=name: self.erasures(watcher, who))
            self.assertTrue(told[0]["eventIds"])
            self.assertEqual(chain.state(told[0], "before"), chain.known[name])
        self.live.stop(signal.SIGKILL)
        watcher.join(60)
        # Of what came after, the client took nothing.
        self.live.start()
        again = self.watcher(last_id=before)
        self.live.publish(self.of_others(seed=32))
        self.await_all_told(again, chain)
        self.take_all(chain, again)
        for name in ("cust-0", "zoe"):
            self.assertEqual([told["eventIds"] for told in self.erasures(again, name)][0],
                             self.erasures(watcher, name)[0]["eventIds"])
        self.expect_latest(chain)

    @staticmethod
    def of_others(seed):
        """Events of everybody but the one who is erased: of him nothing is taken any more."""
        return [event for event in shop_history(seed=seed, customers=6, events=40)
                if event["customerId"] != "cust-0"]

    def await_all_told(self, watcher, chain):
        """Waits until a customer of whom nothing was known is told of, and all that was before."""
        marker = f"marker-{len(chain.known)}"
        self.live.publish([{
            "eventId": f"{marker}:1", "customerId": marker, "occurredAt": "2024-06-01T00:00:00Z",
            "source": "shop", "thanksGiven": {}}])
        poll("the last change is told", lambda: any(
            data.get("change", {}).get("customerId") == marker
            for _, _, data in list(watcher.told)))
        # Partitions are told one after the other; the heartbeat comes when all are.
        poll("everything is told", lambda: watcher.told[-1][1] == "heartbeat", seconds=60)
        return marker

    def expect_latest(self, chain):
        """What was told last is what is read, asked as of the moment that it was told of."""
        watcher = self.watcher("?includeSnapshot=true")
        poll("the snapshot is told", lambda: "caughtUp" in watcher.names())
        for position, event, data in list(watcher.told):
            if event != "change":
                continue
            self.assertEqual(position, "", "a snapshot begins anew")
            change = data["change"]
            name = change["customerId"]
            self.assertEqual(chain.state(change, "after"), chain.known[name], name)
            standing = change["after"]["standing"]
            path = f"/v1/customers/{name}?viewpoint.asOfUs={standing['asOfUs']}"
            status, card = self.get(path)
            self.assertEqual(status, 200, card)
            read = card["standing"]
            for field in ("stage", "score", "scoreMilli", "nextChangeAtUs", "outlook"):
                self.assertEqual(read.get(field), standing.get(field), f"{name} {field}")
            self.assertEqual([owed["etag"] for owed in read.get("followUps", [])],
                             [owed["etag"] for owed in standing.get("followUps", [])], name)

    def test_events_have_the_form_that_browsers_read(self):
        watcher = self.watcher("?filter=" + urllib.parse.quote("stage=EXPLORATION"))
        self.assertEqual(watcher.answer.headers["content-type"], "text/event-stream")
        self.assertEqual(watcher.answer.headers["x-accel-buffering"], "no")
        poll("the watch has begun", lambda: watcher.names() == ["caughtUp"])
        self.live.publish([{
            "eventId": "a:1", "customerId": "ana", "occurredAt": "2024-06-01T00:00:00Z",
            "source": "shop", "purchaseMade": {"order": "1", "amount": {
                "micros": "5000000", "currency": "EUR"}}}])
        # Of so long ago that the stage is another one: nothing is told of who does not match.
        poll("nobody is told of, and the watch lives",
             lambda: watcher.names()[-1] == "heartbeat", seconds=40)
        self.assertEqual(watcher.names(), ["caughtUp", "heartbeat"])
        status, error = self.get(WATCH + "?filter=colour%3Dred")
        self.assertEqual((status, error["code"]), (400, 3))
        self.assertEqual(error["details"][0]["reason"], "FILTER_INVALID")

    def test_the_command_prints_a_line_for_each_change_and_ends_on_interrupt(self):
        self.live.publish(shop_history(seed=1, customers=3, events=30))
        self.live.await_folded()
        words = ("customers", "watch", "--server", self.live.address)
        table = run_program(self.program, *words, "--snapshot", "--once", "--format", "table")
        self.assertEqual(table.returncode, 0, table.stderr)
        self.assertEqual([line.split()[1] for line in table.stdout.splitlines()],
                         ["cust-0", "cust-1", "cust-2"])
        with subprocess.Popen([str(self.program), *words, "--format", "jsonl"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              preexec_fn=die_with_parent) as watching:
            first = json.loads(watching.stdout.readline())
            self.assertIn("caughtUp", first)
            self.live.publish(shop_history(seed=2, customers=1, events=1))
            change = json.loads(watching.stdout.readline())["change"]
            self.assertEqual(change["customerId"], "cust-0")
            self.assertEqual(change["cause"], "RELATIONSHIP_CAUSE_EVENTS")
            watching.send_signal(signal.SIGINT)
            watching.communicate(timeout=60)
        since = run_program(self.program, *words, "--from", first["position"], "--once",
                            "--format", "jsonl")
        told = [json.loads(line) for line in since.stdout.splitlines()]
        self.assertEqual(told[0]["change"], change)
        self.assertEqual(run_program(self.program, *words, "--filter", "colour=red").returncode, 2)


def add_seed(parser):
    parser.add_argument("--seed", type=int, default=1, help="of history and kills (1)")


if __name__ == "__main__":
    case.main(add_seed)
