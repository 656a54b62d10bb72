#!/usr/bin/env python3
"""Why a relationship is what it is, and what it was: customer explain and customer history."""
import csv
import datetime

import case
from both_ways import AS_OF, CUSTOMERS, HISTORY, BothWays


class ReasonsTest(BothWays):
    """Reasons and the past, of a server and of a stopped store."""

    def test_explain_splits_every_line_over_its_events(self):
        changes = []
        for number in range(CUSTOMERS):
            answer = self.ask_both("customer", "explain", f"cust-{number}", "--as-of", AS_OF)[0]
            explanation = answer["explanation"]
            shown = self.ask_both("customer", "show", f"cust-{number}", "--as-of", AS_OF)[0]
            # Metrics are no reasons; an explanation may leave them out.
            for standing in (explanation["standing"], shown["standing"]):
                standing.pop("metrics", None)
            self.assertEqual(explanation["standing"], shown["standing"])
            split = {}
            shares = [share for event in explanation["events"] for share in event.get("shares", [])]
            for part in shares + explanation.get("unshared", []):
                split[part["line"]] = (split.get(part["line"], 0) +
                                       int(part.get("milliPoints", 0)))
            for line in shown["standing"]["lines"]:
                self.assertEqual(split.get(line["line"], 0), int(line.get("milliPoints", 0)), line)
            known = {event["eventId"] for event in HISTORY
                     if event["customerId"] == f"cust-{number}"}
            self.assertLessEqual({event["eventId"] for event in explanation["events"]}, known)
            changes += explanation.get("changes", [])
        self.assertTrue([one for one in changes if "day" in one], "what time brings")
        self.assertTrue([one for one in changes if one.get("kinds")], "what events would bring")
        self.assertTrue(all(one["text"] for one in changes))

    def test_explanation_for_people_adds_up_and_tells_what_time_brings(self):
        lines = self.table("customer", "explain", "cust-1", "--as-of", AS_OF, "--events", "100000")
        begin = next(i for i, line in enumerate(lines) if line.endswith(", the sum of"))
        end = next(i for i, line in enumerate(lines) if line.startswith("stage "))
        score = [line for line in lines[begin + 1:end] if not line.startswith("    ")]
        shares = [line for line in lines[begin + 1:end] if line.startswith("    ")]
        total = self.milli(lines[begin].split()[1].rstrip(","))
        self.assertEqual(total, sum(self.milli(line.split()[1]) for line in score), lines)
        limit = sum(self.milli(line.split()[1]) for line in score if line.split()[0] == "LIMIT")
        self.assertEqual(total - limit, sum(self.milli(line.split()[0]) for line in shares), lines)
        for beginning in ("stage ", "type ", "mode ", "follow-up complaint_resolve",
                          "if nothing happens"):
            self.assertTrue(any(line.startswith(beginning) for line in lines), beginning)
        self.assertIn("    with ComplaintRaised lamp of 2024-04-30", lines, "what it carries")
        few = self.table("customer", "explain", "cust-1", "--as-of", AS_OF, "--subject", "score",
                         "--events", "1")
        self.assertFalse([line for line in few if line.startswith(("stage ", "type "))])

    def test_explanation_names_what_goes_before_a_follow_up_that_rests(self):
        details = [("purchaseMade", {"order": "o1"}), ("purchaseMade", {"order": "o2"}),
                   ("outreachMade", {"purpose": "OUTREACH_PURPOSE_THANKS", "personal": True})]
        events = [{"eventId": f"b:{n}", "customerId": "ana", "source": "shop", name: value,
                   "occurredAt": f"2024-04-{27 + n}T10:00:00Z"}
                  for n, (name, value) in enumerate(details)]
        server = self.server()
        server.publish(events)
        server.await_folded()
        said = server.run("customer", "explain", "ana", "--as-of", AS_OF, "--format", "table")
        self.assertIn("    outranked by reinforce, priority 0, by 2024-04-30T00:00:00Z",
                      said.splitlines())

    def test_explain_refuses_what_it_cannot_answer(self):
        for target in self.targets():
            self.refused(3, "customer", "explain", "nobody", *target, says=["CUSTOMER_UNKNOWN"])
            self.refused(2, "customer", "explain", "cust-1", "--subject", "weather", *target,
                         says=["--subject", "weather"])
            self.refused(2, "customer", "explain", "cust-1", "--format", "csv", *target,
                         says=["--format csv"])

    def test_history_ends_where_the_card_is_and_steps_are_the_past(self):
        by_time = 0
        for number in range(CUSTOMERS):
            whose = f"cust-{number}"
            rows = self.ask_both("customer", "history", whose, "--as-of", AS_OF)
            standing = self.ask_both("customer", "show", whose, "--as-of", AS_OF)[0]["standing"]
            flags = [flag["flag"] for flag in standing.get("flags", [])]
            self.assertEqual((rows[-1]["stage"], rows[-1].get("flags", [])),
                             (standing["stage"], flags))
            known = {event["eventId"] for event in HISTORY if event["customerId"] == whose}
            for row in rows:
                causes = {cause["eventId"] for cause in row.get("causes", [])}
                self.assertLessEqual(causes, known)
                self.assertNotEqual(bool(causes), bool(row.get("byTime")), row)
                by_time += bool(row.get("byTime"))
            for before, row in zip(rows, rows[1:]):
                self.assertEqual(row["stageBefore"], before["stage"])
        self.assertGreater(by_time, 0, "silence alone changes something, too")
        steps = self.ask_both("customer", "history", "cust-1", "--as-of", AS_OF, "--step", "30d",
                              "--from", "2024-01-01")
        moments = [datetime.datetime.fromtimestamp(int(row["atUs"]) // 1_000_000, datetime.UTC)
                   .strftime("%Y-%m-%dT%H:%M:%SZ") for row in steps]
        for row, moment in zip(steps, moments):
            then = self.ask_both("customer", "show", "cust-1", "--as-of", moment)[0]["standing"]
            self.assertEqual(row["scoreMilli"], then["scoreMilli"])
            self.assertEqual(row["stage"], then["stage"])
        self.assertEqual(moments[:2], ["2024-01-01T00:00:00Z", "2024-01-31T00:00:00Z"])

    def test_history_for_people_and_as_rows(self):
        rows = self.ask_both("customer", "history", "cust-1", "--changes", "--as-of", AS_OF)
        lines = self.table("customer", "history", "cust-1", "--as-of", AS_OF)
        self.assertEqual(len(lines), len(rows))
        for line, row in zip(lines, rows):
            self.assertIn("  by time" if row.get("byTime") else row["causes"][0]["eventId"], line)
        for target in self.targets():
            said = self.run_rapport("customer", "history", "cust-1", "--as-of", AS_OF, *target,
                                    "--format", "csv")
            cells = list(csv.DictReader(said.splitlines()))
            self.assertEqual([cell["stage"] for cell in cells],
                             [row["stage"].removeprefix("STAGE_") for row in rows])
            for cell in cells:
                parts = ("rhythm", "outlook", "value", "sentiment_plus", "sentiment_minus",
                         "advocacy", "dialogue", "friction", "limit")
                self.assertEqual(int(cell["score_milli"]), sum(int(cell[part]) for part in parts))

    def test_history_of_before_the_first_event_says_that_there_is_none(self):
        self.assertEqual(self.table("customer", "history", "cust-1", "--as-of", "1990-01-01"),
                         ["nothing had happened or changed in that time"])

    def test_history_refuses_what_it_cannot_answer(self):
        for target in self.targets():
            self.refused(3, "customer", "history", "nobody", *target, says=["CUSTOMER_UNKNOWN"])
            for words, says in ((("--step", "5m"), "--step"), (("--step", "0d"), "an hour"),
                                (("--step", "1d", "--changes"), "--step"),
                                (("--step", "1h", "--from", "2023-01-01"), "more than 2000 rows"),
                                (("--from", "2024-06-01"), "from"), (("--to", "soon"), "--to")):
                self.refused(2, "customer", "history", "cust-1", "--as-of", AS_OF, *words, *target,
                             says=[says])


if __name__ == "__main__":
    case.main()
