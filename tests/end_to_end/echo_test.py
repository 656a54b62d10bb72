#!/usr/bin/env python3
"""The echo of the real program on its own log: a referral, the first purchase and an answer reach
the second customer once, whatever kills the server; with the echo off nothing does."""
import signal

import case
from case import Case
from program import poll

REFERRAL = {"eventId": "crm:1", "customerId": "ana", "occurredAt": "2026-01-05T10:00:00Z",
            "source": "crm", "referralMade": {"referral": "R1", "referred": "ben",
                                              "form": "REFERRAL_FORM_RECOMMENDATION"}}
PURCHASE = {"eventId": "shop:1", "customerId": "ben", "occurredAt": "2026-01-09T10:00:00Z",
            "source": "shop", "purchaseMade": {"order": "B1", "amount": {
                "micros": "50000000", "currency": "EUR"}}}
ANSWER = {"eventId": "forum:1", "customerId": "ana", "occurredAt": "2026-01-10T10:00:00Z",
          "source": "forum", "communityActed": {"community": "forum", "request": "Q1",
                                                "form": "COMMUNITY_FORM_ANSWERED",
                                                "asker": "eve"}}


class EchoTest(Case):
    def kinds(self, server, customer):
        """Of all that is remembered of a customer, what an echo says: its kind and whose it is."""
        entries = server.json("customer", "timeline", customer)
        found = []
        for entry in entries:
            event = entry.get("touchpoint", entry)
            if event.get("source") == "rapport/echo":
                found.append((next(key for key in event if key in (
                    "referralReceived", "referralConverted", "questionAnswered")),
                              event["actor"]["id"]))
        return found

    def await_none_pending(self, server):
        def sent():
            status = server.status()
            return not any(int(p.get("echoPending", 0)) for p in status["partitions"])
        poll("no echo waits", sent)
        server.await_folded()

    def test_second_customers_hear_once_through_kills(self):
        server = self.server()
        for event in (REFERRAL, PURCHASE, ANSWER):
            server.publish([event])
            server.stop(signal.SIGKILL)
            server.start()
            self.await_none_pending(server)
        poll("ana hears of the purchase", lambda: self.kinds(server, "ana"))
        self.await_none_pending(server)
        self.assertEqual(self.kinds(server, "ben"), [("referralReceived", "ana")])
        self.assertEqual(self.kinds(server, "ana"), [("referralConverted", "ben")])
        self.assertEqual(self.kinds(server, "eve"), [("questionAnswered", "ana")])
        events = server.status()["events"]
        self.assertEqual(int(events["folded"]), 6)
        self.assertEqual(int(events.get("conflicts", 0)), 0)
        self.assertEqual(int(events.get("rejected", 0)), 0)
        self.assertEqual(server.json("rebuild")[0]["phase"], "REBUILD_PHASE_DONE")
        self.assertEqual(self.kinds(server, "ana"), [("referralConverted", "ben")])

    def test_with_the_echo_off_nobody_else_hears(self):
        server = self.server("--echo", "off")
        server.publish([REFERRAL, PURCHASE])
        server.await_folded()
        self.assertEqual(self.kinds(server, "ben"), [])
        self.assertEqual(int(server.status()["events"]["folded"]), 2)

    def test_what_was_told_with_the_echo_off_stays_untold(self):
        server = self.server("--echo", "off")
        server.publish([REFERRAL])
        server.await_folded()
        server.stop()
        server.flags = []
        server.start()
        self.await_none_pending(server)
        server.publish([ANSWER])
        poll("eve hears of the answer", lambda: server.status()["events"].get("folded") == "3")
        self.assertEqual(self.kinds(server, "eve"), [("questionAnswered", "ana")])

    def test_echo_is_on_or_off(self):
        self.refused(2, "serve", "--data", self.folder / "data", "--echo", "maybe",
                     says=["--echo maybe is not known"])


if __name__ == "__main__":
    case.main()
