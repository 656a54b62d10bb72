#!/usr/bin/env python3
"""Every command in every format, of a server and of a stopped store, on one made-up history."""
import csv
import io
import json
import pathlib
import re
import signal
import socket
import subprocess

import case
from both_ways import AS_OF, CUSTOMERS, HISTORY, BothWays
from program import ROOT, Server, die_with_parent, lines_of, run_program


class CommandsTest(BothWays):
    """Every command that is not in a file of its own."""

    def test_show_adds_up(self):
        ids = [f"cust-{number}" for number in range(CUSTOMERS)]
        answers = self.ask_both("customer", "show", *ids, "--as-of", AS_OF, "--facts")
        self.assertEqual([answer["customerId"] for answer in answers], ids)
        for answer in answers:
            standing = answer["standing"]
            lines = sum(int(line.get("milliPoints", 0)) for line in standing["lines"])
            self.assertEqual(lines, int(standing.get("scoreMilli", 0)), answer["customerId"])
            self.assertIn("purchases", answer["facts"])
            for line in standing["lines"]:
                if line.get("milliPoints"):
                    self.assertTrue(line["receipt"]["text"], "every line says why")

    def test_card_adds_up_and_says_why(self):
        for number in range(CUSTOMERS):
            lines = self.table("customer", "show", f"cust-{number}", "--as-of", AS_OF)
            begin = next(i for i, line in enumerate(lines) if line.endswith(", the sum of"))
            total = self.milli(lines[begin].split()[1].rstrip(","))
            parts = [line.split() for line in lines[begin + 1:] if line.startswith("  ")]
            self.assertEqual(total, sum(self.milli(part[1]) for part in parts), lines)
            self.assertTrue(all(len(part) > 3 for part in parts), "every line says why")
            self.assertTrue(any(line.startswith("stage by S") for line in lines), lines)

    def test_as_of_is_customer_show_of_a_past_moment(self):
        ids = ("cust-1", "cust-3")
        self.assertEqual(self.ask_both("as-of", AS_OF, *ids, "--facts"),
                         self.ask_both("customer", "show", *ids, "--as-of", AS_OF, "--facts"))
        self.assertEqual(self.table("as-of", AS_OF, *ids),
                         self.table("customer", "show", *ids, "--as-of", AS_OF))
        self.assertTrue(self.run_rapport("as-of", "--help").startswith("Examples:\n"))
        self.refused(2, "as-of", "cust-1", "2024-05-01",
                     says=("MOMENT", "'cust-1' is not a moment"))

    def test_rules_of_a_file_are_for_a_stopped_store(self):
        for words in (("customer", "show", "cust-1"), ("export", "points"), ("status",)):
            self.refused(2, *words, "--rules", "office", *self.targets()[0],
                         says=("--rules-digest", "what-if FILE", "rules activate FILE"))
        office, = self.ask(self.targets()[1], "customer", "show", "cust-1", "--rules", "office",
                           "--as-of", AS_OF)
        self.assertNotEqual([office], self.ask_both("as-of", AS_OF, "cust-1"))

    def test_ids_come_from_stdin(self):
        target = self.targets()[0]
        said = self.run_rapport("customer", "show", "-", *target, "--format", "jsonl",
                                stdin="cust-2\n\ncust-0\n")
        ids = [json.loads(line)["customerId"] for line in said.splitlines()]
        self.assertEqual(ids, ["cust-2", "cust-0"])

    def test_timeline_is_newest_first_and_whole(self):
        wanted = [e for e in HISTORY if e["customerId"] == "cust-1"]
        entries = self.ask_both("customer", "timeline", "cust-1", "--limit", "1000")
        moments = [entry["touchpoint"]["occurredAt"] for entry in entries]
        self.assertEqual(moments, sorted(moments, reverse=True))
        self.assertEqual({entry["touchpoint"]["eventId"] for entry in entries},
                         {event["eventId"] for event in wanted})
        self.assertEqual(entries[:50], self.ask_both("customer", "timeline", "cust-1"))
        self.assertEqual(len(self.ask_both("customer", "timeline", "cust-1", "--limit", "3")), 3)
        table = self.table("customer", "timeline", "cust-1", "--as-of", AS_OF, "--limit", "1000")
        for word in ("2024-04-30T10:00:00Z", "ComplaintRaised", "shop:last",
                     "opens complaint_resolve, complaint_acknowledge"):
            self.assertIn(word, table[0])
        for effect in ("FRICTION -", "RHYTHM +"):
            self.assertTrue(any(effect in line for line in table), effect)
        past = self.ask_both("customer", "timeline", "cust-1", "--as-of", "2023-06-01")
        self.assertEqual(len(past), sum(e["occurredAt"] < "2023-06-01" for e in wanted))

    def test_follow_ups_are_listed_and_narrowed(self):
        everything = self.ask_both("follow-ups", "list", "--as-of", AS_OF, "--limit", "200")
        self.assertTrue(everything)
        for words, holds in [
                (["--customer", "cust-1"], lambda e: e["customerId"] == "cust-1"),
                (["--policy", "thank_you,complaint_resolve"],
                 lambda e: e["followUp"]["policy"] in ("thank_you", "complaint_resolve")),
                (["--department", "sales"], lambda e: e["followUp"]["department"] == "sales")]:
            some = self.ask_both("follow-ups", "list", "--as-of", AS_OF, "--limit", "200", *words)
            self.assertEqual(some, [entry for entry in everything if holds(entry)], words)
        rows = self.table("follow-ups", "list", "--as-of", AS_OF, "--customer", "cust-1")
        self.assertTrue(any("complaint_acknowledge" in row and "because of" in row
                            for row in rows), rows)
        self.assertIn(" of ", rows[-1])
        soon = self.ask_both("follow-ups", "list", "--as-of", AS_OF, "--due", "1d",
                             "--policy", "complaint_resolve", "--customer", "cust-1")
        self.assertNotIn("key\":\"lamp", json.dumps(soon), "it is due only in 14 days")

    def test_status_and_digest_agree_with_the_history(self):
        status = self.ask_both("status")[0]
        self.assertEqual(int(status["events"]["folded"]), len(HISTORY))
        self.assertEqual(int(status["customers"]), CUSTOMERS)
        self.assertEqual(status["log"], "embedded")
        digest = self.ask_both("digest", "--customers")[0]
        self.assertEqual({c["customerId"] for c in digest["customers"]},
                         {e["customerId"] for e in HISTORY})
        for target in self.targets():
            said = self.run_rapport("digest", *target, "--format", "table")
            self.assertIn(f"facts {digest['factsDigest']}", said.splitlines()[-1])
            said = self.run_rapport("status", *target, "--format", "table")
            self.assertIn(f"{len(HISTORY)} events folded, 0 behind", said)

    def test_quarantine_is_empty(self):
        self.assertEqual(self.ask_both("quarantine", "list"), [])
        self.assertEqual(self.table("quarantine", "list"), ["nothing is in quarantine"])
        self.assertEqual(self.ask_both("quarantine", "retry"), [{}])
        self.assertIn("0 judged again", self.table("quarantine", "retry")[0])

    def test_tail_gives_back_what_was_published(self):
        wanted = {event["eventId"]: event for event in HISTORY}
        for target in self.targets():
            said = self.run_rapport("events", "tail", "--once", *target)
            got = {event["eventId"]: event for event in map(json.loads, said.splitlines())}
            self.assertEqual(got, wanted)
        some = self.run_rapport("events", "tail", "--once", "--customer", "cust-3", "--kinds",
                                "PurchaseMade,ThanksGiven", *self.targets()[0])
        self.assertEqual({json.loads(line)["eventId"] for line in some.splitlines()},
                         {e["eventId"] for e in HISTORY if e["customerId"] == "cust-3"
                          and ("purchaseMade" in e or "thanksGiven" in e)})

    def test_tail_follows_what_is_published(self):
        with Server(self.program, self.folder / "data") as server:
            tail = subprocess.Popen([self.program, "events", "tail", "--server", server.address],
                                    stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent)
            try:
                for event in HISTORY[:3]:
                    server.publish([event])
                    self.assertEqual(json.loads(tail.stdout.readline()), event)
            finally:
                tail.send_signal(signal.SIGINT)
                tail.communicate(timeout=30)

    def test_known_at_answers_from_what_the_log_held(self):
        with Server(self.program, self.folder / "data") as server:
            show = ("customer", "show", "cust-1", "--as-of", AS_OF, "--facts")
            first = [e for e in HISTORY if e["customerId"] == "cust-1"][:10]
            position = server.publish(first)[-1]["position"]
            then = server.json(*show, "--min-position", position)[0]
            server.publish(HISTORY)
            server.await_folded()
            now = server.json(*show)[0]
            known = server.json(*show, "--known-at", position)[0]
            self.assertEqual((known["standing"], known["facts"]), (then["standing"], then["facts"]))
            self.assertNotEqual(now["facts"], then["facts"])
            entries = server.json("customer", "timeline", "cust-1", "--known-at", position)
            self.assertEqual(len(entries), 10)

    def test_merged_customers_are_one_until_they_are_split(self):
        def event(number, customer, day, **what):
            return {"eventId": f"shop:{number}", "customerId": customer, "source": "shop",
                    "occurredAt": f"2024-03-{day:02}T10:00:00Z", **what}

        def link(number, day, kind):
            names = {"survivor": "ben", "merged": "ana"}
            return [event(f"{number}-{customer}", customer, day, **{kind: names})
                    for customer in names.values()]
        with Server(self.program, self.folder / "data") as server:
            show = ("customer", "show", "ana", "ben", "--as-of", AS_OF)
            server.publish([event(1, "ana", 1, purchaseMade={"order": "o1"}),
                            event(2, "ben", 5, purchaseMade={"order": "o2"})])
            server.await_folded()
            alone = [card["standing"] for card in server.json(*show)]
            server.publish(link(3, 9, "customerMerged"))
            server.await_folded()
            ana, ben = server.json(*show)
            self.assertEqual(ana["standing"], ben["standing"])
            self.assertEqual(ana["standing"]["purchaseDays"], 2)
            self.assertEqual((ana["mergedInto"], ana["members"]), ("ben", ["ana", "ben"]))
            self.assertNotIn("mergedInto", ben)
            card = server.run(*show[:3], "--as-of", AS_OF, "--format", "table").splitlines()
            self.assertEqual(card[1:3],
                             ["merged into  ben", "together     ana, ben, as one customer"])
            table = server.run("customer", "timeline", "ana", "--format", "table").splitlines()
            self.assertEqual(sorted(line.split()[1] for line in table),
                             ["ana", "ana", "ben", "ben"])
            self.assertIn("CustomerMerged", table[0])
            self.assertIn("ana into ben", table[0])
            owed = server.json("follow-ups", "list", "--as-of", "2024-03-12")
            self.assertEqual({entry["customerId"] for entry in owed}, {"ben"})
            digest = server.digest()
            server.stop(signal.SIGKILL)
            server.start()
            server.await_folded()
            self.assertEqual(server.digest(), digest)
            server.publish(link(4, 10, "customerSplit"))
            server.await_folded()
            self.assertEqual([card["standing"] for card in server.json(*show)], alone)
            self.assertNotIn("members", server.json(*show)[0])

    def test_what_is_taken_back_counts_no_more_and_is_still_shown(self):
        def event(number, day, **what):
            return {"eventId": f"shop:{number}", "customerId": "cust-1", "source": "shop",
                    "occurredAt": f"2024-03-{day:02}T10:00:00Z", **what}
        with Server(self.program, self.folder / "data") as server:
            show = ("customer", "show", "cust-1", "--as-of", AS_OF, "--facts")
            server.publish([event(1, 1, purchaseMade={"order": "o1"}),
                            event(3, 5, eventRetracted={"targetEventId": "shop:2"})])
            server.await_folded()
            without = server.json(*show)[0]["standing"]
            position = server.publish([event(4, 6, complaintRaised={"case": "c", "severity": 4})]
                                      )[-1]["position"]
            server.await_folded()
            with_complaint = server.json(*show)[0]["standing"]
            self.assertNotEqual(with_complaint, without)
            server.publish([event(2, 2, complaintRaised={"case": "d", "severity": 4}),
                            event(5, 7, eventRetracted={"targetEventId": "shop:4"})])
            server.await_folded()
            self.assertEqual(server.json(*show)[0]["standing"], without)
            known = server.json(*show, "--known-at", position)[0]["standing"]
            self.assertEqual(known, with_complaint)
            entries = server.json("customer", "timeline", "cust-1")
            self.assertEqual({entry["touchpoint"]["eventId"]: entry.get("retractedBy")
                              for entry in entries},
                             {"shop:1": None, "shop:2": "shop:3", "shop:3": None,
                              "shop:4": "shop:5", "shop:5": None})
            table = server.run("customer", "timeline", "cust-1", "--format", "table").splitlines()
            self.assertIn("of shop:4", table[0])
            self.assertIn("retracted by shop:5", table[1])
            digest = server.digest()
            server.stop(signal.SIGKILL)
            server.start()
            server.await_folded()
            self.assertEqual(server.digest(), digest)

    def test_publish_tells_what_became_of_each(self):
        data = ["--data", str(self.folder / "new")]
        text = lines_of(HISTORY[:2])
        check = self.run_rapport("events", "publish", "-", *data, "--dry-run", stdin=text)
        self.assertEqual(check.count("STATUS_ACCEPTED"), 2)
        self.assertEqual(self.run_rapport("events", "tail", "--once", *data), "")
        said = self.run_rapport("events", "publish", self.file("two.json", text), *data,
                                "--format", "table").splitlines()
        self.assertEqual([line.split()[0] for line in said], ["accepted"] * 2)
        array = json.dumps(HISTORY[:2], indent=1)
        said = self.run_rapport("events", "publish", "-", *data, stdin=array)
        self.assertEqual(said.count("STATUS_DUPLICATE"), 2)

    def test_demo_shows_the_users_own_history(self):
        rows = "".join(f"{n % 7} 2024{n % 3 + 1:02}{n % 27 + 1:02} 1 {n}.50\n" for n in range(60))
        mapping = self.file("own.toml", """[file]
format = "blank-separated"
header = false
columns = ["id", "date", "units", "dollars"]
source = "own"
[ids]
event_id = "row:{line}"
customer_id = { column = "id" }
[[event]]
kind = "PurchaseMade"
occurred_at = { column = "date", format = "%Y%m%d" }
amount = { sum = "dollars", currency = "USD" }
""")
        said = self.run_rapport("demo", "--data", self.file("own.txt", rows), "--map", mapping,
                                "--no-serve")
        self.assertIn("7 customers", said)

    def test_lists_come_as_csv(self):
        def rows(*words):
            # As bytes: RFC 4180 ends a row with CR LF.
            answers = [subprocess.run([self.program, *words, *target, "--format", "csv"],
                                      stdout=subprocess.PIPE, timeout=60, check=True
                                      ).stdout.decode() for target in self.targets()]
            self.assertTrue(all(answer.endswith("\r\n") for answer in answers))
            read = [list(csv.DictReader(io.StringIO(answer, newline=""))) for answer in answers]
            self.assertTrue(all(None not in row and None not in row.values()
                                for table in read for row in table), words)
            return read[0]
        ids = ["cust-0", "cust-1"]
        cards = rows("customer", "show", *ids, "--as-of", AS_OF)
        self.assertEqual([card["customer_id"] for card in cards], ids)
        shown = self.ask(self.targets()[0], "customer", "show", *ids, "--as-of", AS_OF)
        self.assertEqual([int(card["score_milli"]) for card in cards],
                         [int(one["standing"].get("scoreMilli", 0)) for one in shown])
        entries = rows("customer", "timeline", "cust-1", "--limit", "1000")
        self.assertEqual({entry["event_id"] for entry in entries},
                         {e["eventId"] for e in HISTORY if e["customerId"] == "cust-1"})
        bought = [entry for entry in entries if entry["kind"] == "PurchaseMade"]
        self.assertTrue(bought and all(entry["amount"] and entry["currency"] for entry in bought))
        owed = rows("follow-ups", "list", "--as-of", AS_OF, "--limit", "200")
        self.assertEqual(len(owed), len(self.ask(self.targets()[0], "follow-ups", "list", "--as-of",
                                                 AS_OF, "--limit", "200")))
        self.assertEqual({row["event_id"] for row in rows("events", "tail", "--once")},
                         {event["eventId"] for event in HISTORY})
        self.assertEqual(len(rows("status")), 8)
        self.assertEqual(rows("summary")[0]["customers"], self.ask_both("summary")[0]["customers"])
        self.assertEqual(rows("quarantine", "list"), [])

    def test_two_views_of_the_base_are_compared_from_server_and_store(self):
        customers = {event["customerId"] for event in HISTORY}
        came = self.ask_both("diff", "--from", "2001-01-01", "--to", AS_OF, "--customers", "1000")
        moves = came[0]["difference"]["moves"]
        self.assertEqual({move.get("from") for move in moves}, {None}, "nobody was there before")
        self.assertEqual({one for move in moves for one in move["customerIds"]}, customers)
        same = self.ask_both("diff", "--from", AS_OF, "--to", AS_OF)[0]["difference"]
        self.assertTrue(all(move["from"] == move["to"] for move in same["moves"]))
        for words in (("diff", "--from", "2001-01-01", "--to", AS_OF),
                      ("what-if", "donors", "--as-of", AS_OF)):
            done = subprocess.run([self.program, *words, "--format", "table", *self.targets()[0]],
                                  capture_output=True, text=True, timeout=60, check=True)
            self.assertIn("change stage", done.stdout)
            self.assertIn("rows before, columns after", done.stdout)
        self.assertTrue(self.ask_both("what-if", "donors", "--as-of", AS_OF)[0]["refolded"])
        done = subprocess.run([self.program, "what-if", "nowhere.textproto", *self.targets()[0]],
                              capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("RULES_UNKNOWN", done.stderr)

    def test_customers_are_listed_by_filter_and_order_from_server_and_store(self):
        listed = self.ask_both("customers", "list", "--order", "score_milli desc")
        self.assertEqual({one["customerId"] for one in listed},
                         {event["customerId"] for event in HISTORY})
        scores = [one.get("scoreMilli", 0) for one in listed]
        self.assertEqual(scores, sorted(scores, reverse=True))
        stages = {one["stage"].removeprefix("STAGE_") for one in listed}
        for stage in stages:
            some = self.ask_both("customers", "list", "--filter", f"stage={stage} AND score>=1")
            self.assertEqual({one["customerId"] for one in some},
                             {one["customerId"] for one in listed
                              if one["stage"] == f"STAGE_{stage}" and one.get("score", 0) >= 1})
        done = subprocess.run([self.program, "customers", "list", "--filter", "stage=NOWHERE",
                               *self.targets()[0]], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("at byte 7 expects a stage such as EXPANSION", done.stderr)

    def test_a_simulation_tells_before_and_after_and_writes_nothing(self):
        imagined = self.file("imagined.json", json.dumps(
            {"purchaseMade": {"order": "I1", "amount": {"micros": 9000000, "currency": "EUR"}}}))
        shown = self.ask_both("customer", "simulate", "cust-1", imagined, "--at", AS_OF)[0]
        self.assertEqual(shown["after"]["purchaseDays"], shown["before"]["purchaseDays"] + 1)
        again = self.ask_both("customer", "simulate", "cust-1", imagined, "--at", AS_OF)[0]
        self.assertEqual(again["before"], shown["before"])
        said = self.table("customer", "simulate", "cust-1", imagined, "--at", AS_OF)
        self.assertIn("nothing was written", said[0])
        self.assertTrue(any(line.startswith("score") and " -> " in line for line in said))

    def test_past_before_the_first_event_says_so(self):
        said = self.table("customer", "show", "cust-1", "--as-of", "2000-01-01")
        first = min(e["occurredAt"] for e in HISTORY if e["customerId"] == "cust-1")[:10]
        self.assertEqual(said, ["nothing was known of cust-1 at that time; the first event is of "
                                + first])
        self.assertEqual(len(self.ask_both("customer", "show", "cust-1", "--as-of", "2000-01-01")),
                         1)

    def test_past_does_not_speak_of_today(self):
        for number in range(CUSTOMERS):
            card = self.table("customer", "show", f"cust-{number}", "--as-of", AS_OF)
            self.assertNotIn("today", "\n".join(card))
            self.assertNotIn("tomorrow", "\n".join(card))

    def test_commands_wait_for_a_server_that_is_coming_up(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        words = [self.program, "events", "publish", "-", "--server", address]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True,
                              preexec_fn=die_with_parent) as publishing:
            with subprocess.Popen([self.program, "serve", "--data", self.folder / "data", "--grpc",
                                   address, "--http", "off"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL,
                                  preexec_fn=die_with_parent) as serving:
                said, told = publishing.communicate(json.dumps(HISTORY[0]), timeout=60)
                serving.terminate()
        self.assertEqual((publishing.returncode, told), (0, ""))
        self.assertIn("STATUS_ACCEPTED", said)

    def test_readme_runs_as_it_is_pasted(self):
        blocks = re.findall(r"^```\n(.*?)^```$", (ROOT / "README.md").read_text(), re.M | re.S)
        text = "".join(block for block in blocks
                       if "build/release/rapport" in block and "--brokers" not in block)
        self.assertEqual(text.count("build/release/rapport"), 34, "all doors are walked through")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        # A port of its own; otherwise as it is written.
        text = text.replace("rapport serve", f"rapport serve --grpc {address} --http off")
        text = re.sub(r"rapport (events \w+|customers? \w+|follow-ups \w+|export \w+|digest|status|"
                      r"capsule export|replay(?= --kinds)|rebuild|operations \w+|verify|"
                      r"summary|rules activate|rules list|diff|what-if|as-of)",
                      rf"rapport \1 --server {address}", text)
        text = text.replace("build/release/rapport", str(pathlib.Path(self.program).resolve()))
        script = "set -e\ntrap 'kill %1' EXIT\n" + text
        done = subprocess.run(["bash", "-m", "-c", script], cwd=self.folder, text=True,
                              capture_output=True, timeout=120, preexec_fn=die_with_parent,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("STATUS_ACCEPTED", done.stdout)
        self.assertIn('"customerId":"cust-0311"', done.stdout)

    def test_a_kind_of_the_business_means_what_its_rules_say_also_in_the_past(self):
        server = self.server()
        server.publish([{"eventId": "v:1", "customerId": "ana", "source": "shop",
                         "occurredAt": "2024-03-01T10:00:00Z",
                         "customTouchpoint": {"customKind": "showroom.visit", "key": "V1"}}])
        server.await_folded()
        server.stop()
        text = (ROOT / "projections/rules/standard.textproto").read_text()
        rule = ('custom_kind { name: "showroom.visit" by: CUSTOM_KIND_BY_CUSTOMER '
                'weight { ring: "dialogue" add: 400 } }')
        own = self.file("own.textproto", text.replace("\nfold {", "\nfold { " + rule))

        def dialogue(*rules):
            shown = json.loads(self.run_rapport(
                "customer", "show", "ana", "--as-of", "2024-03-01T12:00:00Z", "--format", "jsonl",
                "--data", self.folder / "data", *rules))
            lines = {line["line"]: int(line.get("milliPoints", 0))
                     for line in shown["standing"]["lines"]}
            return lines["SCORE_LINE_DIALOGUE"]

        self.assertEqual(dialogue(), 0)
        # 100000 * 400 / (400 + 2000); the state of these rules is built beside the other.
        self.assertEqual(dialogue("--rules", own), 16_666)
        self.assertEqual(dialogue(), 0)

    def test_reports_tell_of_everybody_from_server_and_store(self):
        answer, = self.ask_both("report", "purchases", "--as-of", AS_OF)
        bought = {event["eventId"]: event["customerId"] for event in HISTORY
                  if "purchaseMade" in event and event["occurredAt"] <= AS_OF}
        total = answer["table"]["total"]
        self.assertEqual(set(total["customers"]), set(bought.values()))
        names = [column["name"] for column in answer["table"]["columns"]]
        self.assertEqual(int(total["cells"][names.index("purchases")]["number"]), len(bought))
        some, = self.ask_both("report", "purchases", "--as-of", AS_OF, "--from", "2024-02-01",
                              "--to", "2024-03-01")
        wanted = sum("2024-02-01" <= event["occurredAt"] < "2024-03-01" for event in HISTORY
                     if event["eventId"] in bought)
        self.assertEqual(int(some["table"]["total"]["cells"][names.index("purchases")]["number"]),
                         wanted)
        self.table("report", "purchases", "--as-of", AS_OF)
        for target in self.targets():
            rows = list(csv.reader(io.StringIO(self.run_rapport(
                "report", "purchases", "--as-of", AS_OF, *target, "--format", "csv"))))
            self.assertEqual(len(rows), 1 + len(answer["table"]["rows"]))
            few = run_program(self.program, "report", "purchases", "--as-of", AS_OF, *target,
                              "--limit", "2", "--format", "csv")
            self.assertEqual(list(csv.reader(io.StringIO(few.stdout))), rows[:3])
            self.assertIn(f"{len(rows) - 3} of {len(rows) - 1} rows are left out", few.stderr)
            self.refused(2, "report", "nonsense", *target,
                         says=("FIELD_INVALID: name: there is no report `nonsense`", "purchases"))
            self.refused(2, "report", "proof", *target, "--from", "2024-03-01", "--to",
                         "2024-02-01", says=("TIME_OUT_OF_RANGE",))

    def test_help_begins_with_examples_and_names_every_command(self):
        said = self.run_rapport("--help")
        for word in ("Examples:", "serve", "events", "customer", "follow-ups", "status", "digest",
                     "quarantine", "accept-loss", "kafka", "demo", "rules"):
            self.assertIn(word, said)
        for code in ("0 done", "2 wrong usage", "130 interrupted"):
            self.assertIn(code, said)
        self.assertNotIn("INT in [", self.run_rapport("serve", "--help"))
        version = self.run_rapport("--version").strip()
        self.assertIn(f"project(rapport VERSION {version}", (ROOT / "CMakeLists.txt").read_text())


if __name__ == "__main__":
    case.main()
