#!/usr/bin/env python3
"""Working off what is owed with the real program: taken by one agent, done once, resting, given up;
and a claim that is not kept ends by itself."""
import datetime

import case
from case import Case

FAILED, USAGE, NOT_FOUND = 1, 2, 3


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class DeskTest(Case):
    def begin(self):
        server = self.server()
        server.publish([
            {"eventId": "crm:1", "customerId": "ana", "occurredAt": now(), "source": "crm",
             "complaintRaised": {"case": "c77"}},
            {"eventId": "shop:1", "customerId": "ana", "occurredAt": now(), "source": "shop",
             "purchaseMade": {"order": "o1"}}])
        server.await_folded()
        return server

    def statuses(self, server):
        answer = server.json("customer", "show", "ana")[0]
        return {one["policy"]: one for one in answer["standing"]["followUps"]}

    def test_one_agent_takes_it_does_it_and_it_is_done(self):
        server = self.begin()
        said = server.run("follow-ups", "claim", "ana/complaint_resolve", "--as", "ben",
                          "--format", "table")
        self.assertIn("ben has it until", said)
        self.not_done(server, FAILED, "claim", "ana/complaint_resolve", "--as", "eve",
                      says="FOLLOW_UP_CLAIMED")
        server.run("follow-ups", "done", "ana/complaint_resolve", "--note", "lamp replaced")
        resolved = self.statuses(server)["complaint_resolve"]
        self.assertEqual(resolved["status"], "FOLLOW_UP_STATUS_DONE")
        entry = server.json("customer", "timeline", "ana")[0]
        self.assertEqual(entry["touchpoint"]["complaintResolved"]["case"], "c77")
        self.assertEqual(entry["maskedFields"], ["note"])
        self.not_done(server, FAILED, "done", "ana/complaint_resolve", says="FOLLOW_UP_OVER")

    def test_one_rests_and_one_is_given_up(self):
        server = self.begin()
        server.run("follow-ups", "snooze", "ana/thank_you", "--until", "3d")
        server.run("follow-ups", "dismiss", "ana/feedback_ask", "--reason", "asked-at-the-till")
        found = self.statuses(server)
        self.assertEqual(found["thank_you"]["suppressedBy"], "SUPPRESSION_SNOOZED")
        self.assertEqual(found["feedback_ask"]["suppressedBy"], "SUPPRESSION_DISMISSED")

    def test_names_what_there_is_when_something_else_is_meant(self):
        server = self.begin()
        self.not_done(server, NOT_FOUND, "done", "ana/thank_me", says="thank_you (")
        self.not_done(server, USAGE, "done", "ana/thank_you", says="--by")
        self.not_done(server, USAGE, "done", "ana", says="CUSTOMER/POLICY")

    def not_done(self, server, code, *words, says):
        self.refused(code, "follow-ups", *words, "--server", server.address, says=[says])


if __name__ == "__main__":
    case.main()
