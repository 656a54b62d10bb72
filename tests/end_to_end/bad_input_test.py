#!/usr/bin/env python3
"""Bad input and bad surroundings: one sentence that says what to do, the documented exit code, and
nothing changed by it."""
import datetime
import json
import os
import signal
import socket
import subprocess

import case
from case import Case
from history import shop_history
from program import ROOT, die_with_parent, lines_of, run_program

FAILED, WRONG_USAGE, NOT_FOUND, UNAVAILABLE, FOUND_WRONG = 1, 2, 3, 5, 6
NOBODY = "127.0.0.1:1"
GOOD = {"eventId": "shop:1", "customerId": "cust-1", "occurredAt": "2024-01-05T10:00:00Z",
        "source": "shop",
        "purchaseMade": {"order": "o1", "amount": {"micros": "64200000", "currency": "GBP"}}}
MAPPING = """[file]
format = "csv"
source = "shop"
[ids]
event_id = "order:{No}"
customer_id = "{Who}"
[[event]]
kind = "PurchaseMade"
occurred_at = { column = "Day", format = "%Y-%m-%d" }
amount = { sum = "Price", currency = "EUR" }
"""
ROWS = "No,Who,Day,Price\n1,cust-1,2024-01-05,12.50\n2,cust-2,2024-01-06,3.10\n"


class BadInputTest(Case):
    """All against one server; the digests are the same before and after each test."""

    def setUp(self):
        super().setUp()
        self.live = self.server()
        self.live.publish([GOOD])
        self.live.await_folded()
        before = self.live.digest()
        # Runs before the server is stopped: last in, first out.
        self.addCleanup(lambda: self.assertEqual(self.live.digest(), before, "something changed"))

    def rejects(self, code, *words, says, stdin=None):
        return self.refused(code, *words, "--server", self.live.address, stdin=stdin, says=says)

    def rejects_event(self, says, without=(), **changes):
        event = {k: v for k, v in {**GOOD, "eventId": "bad:1", **changes}.items()
                 if k not in without}
        self.rejects(WRONG_USAGE, "events", "publish", "-", stdin=json.dumps(event), says=says)

    def test_unknown_customer_is_not_found(self):
        for verb in (["show"], ["timeline"]):
            self.rejects(NOT_FOUND, "customer", *verb, "nobody",
                         says=["CUSTOMER_UNKNOWN", "nobody"])
        self.rejects(NOT_FOUND, "customer", "show", "nobody", "--as-of", "2020-01-01",
                     says=["CUSTOMER_UNKNOWN"])

    def test_malformed_events_name_the_path(self):
        money = {"micros": "1", "currency": "GBP"}
        self.rejects_event(["FIELD_UNKNOWN", "occuredAt", "occurredAt"], occuredAt="x")
        self.rejects_event(["FIELD_INVALID", "purchaseMade.amount.micros"],
                           purchaseMade={"amount": {"micros": "many", "currency": "GBP"}})
        self.rejects_event(["FIELD_INVALID", "currency"],
                           purchaseMade={"order": "o", "amount": {"micros": "1"}})
        self.rejects_event(["purchaseMade.amountt"], purchaseMade={"order": "o", "amountt": money})
        self.rejects_event(["occurredAt"], without=["occurredAt"])
        self.rejects_event(["source"], source="Shop Nr. 1")
        self.rejects_event(["CUSTOMER_ID_LOOKS_PERSONAL", "customerId"], customerId="a@b.example")
        self.rejects_event(["channel", "CHANNEL_SMOKE"], channel="CHANNEL_SMOKE")

    def test_text_that_is_no_json_is_refused(self):
        malformed = ["standard input:1: PAYLOAD_MALFORMED"]
        for text, says in [('{"eventId": "x', malformed), ('{"eventId": }', malformed),
                           ("hello", malformed), ("", ["standard input holds no JSON object"])]:
            self.rejects(WRONG_USAGE, "events", "publish", "-", stdin=text, says=says)
        self.rejects(NOT_FOUND, "events", "publish", "nowhere.json", says=["nowhere.json"])

    def test_neighbours_of_a_bad_event_are_taken(self):
        bad = [dict(GOOD, eventId="bad:2", customerId="a@b.example"),
               dict(GOOD, eventId="bad:3", occurredAt="once")]
        # GOOD is there already, so the digest stays.
        text = lines_of([bad[1], GOOD, bad[0]])
        done = run_program(self.program, "events", "publish", "-", "--server", self.live.address,
                           stdin=text)
        self.assertEqual(done.returncode, WRONG_USAGE, done.stderr)
        self.assertIn("2 of 3 events were rejected, the first: standard input:1: FIELD_INVALID",
                      done.stderr)
        statuses = [json.loads(line)["status"] for line in done.stdout.splitlines()]
        self.assertEqual(statuses, ["STATUS_DUPLICATE", "STATUS_REJECTED"])

    def test_no_line_is_left_out_and_none_takes_its_neighbour(self):
        good = [dict(GOOD, eventId=f"shop:{n}", customerId=f"cut-{n}") for n in range(4)]
        lines = [json.dumps(event) for event in good]
        cut = lines[2][:len(lines[2]) // 2]
        text = "\n".join([lines[0], "hello", cut, lines[1], "", lines[2] + "}", lines[3]]) + "\n"
        new = self.folder / "new"
        done = run_program(self.program, "events", "publish", self.file("mixed.jsonl", text),
                           "--data", new)
        self.assertEqual(done.returncode, WRONG_USAGE, done.stderr)
        self.assertEqual([json.loads(line)["eventId"] for line in done.stdout.splitlines()],
                         [event["eventId"] for event in good])
        self.assertIn("mixed.jsonl:3: PAYLOAD_MALFORMED", done.stderr)
        self.assertIn("mixed.jsonl:6:", done.stderr)
        self.assertIn("3 of 7 events were rejected, the first: ", done.stderr)
        self.assertIn("mixed.jsonl:2:", done.stderr.splitlines()[-1])
        tail = self.run_rapport("events", "tail", "--once", "--data", new)
        self.assertEqual(len(tail.splitlines()), 4)

    def test_list_that_is_cut_off_is_told(self):
        text = json.dumps([dict(GOOD, eventId="cut:1")], indent=1).rstrip("]\n ")
        self.refused(WRONG_USAGE, "events", "publish", "-", "--data", self.folder / "new",
                     stdin=text, says=["standard input:1:", "not closed"])

    def test_event_from_next_year_is_out_of_range(self):
        later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=366)
        self.rejects_event(["TIME_OUT_OF_RANGE", "occurredAt"],
                           occurredAt=later.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def test_texts_that_cannot_be_sealed_are_refused(self):
        self.rejects_event(["TOO_LARGE", "note", "8 KiB"], note="x" * 8193)
        self.rejects_event(["note", "belongs to nobody"], without=["customerId"],
                           note="likes tulips")
        self.rejects_event(["name", "belongs to nobody"], without=["purchaseMade", "customerId"],
                           profileRecorded={"name": "Mira Sand"})

    def imports(self, mapping, rows, says, code=WRONG_USAGE):
        self.file("shop.toml", mapping)
        self.file("shop.csv", rows)
        self.rejects(code, "events", "import", "--map", self.folder / "shop.toml",
                     self.folder / "shop.csv", "--dry-run", says=says)

    def test_broken_import_lines_are_named(self):
        self.imports(MAPPING, ROWS.replace("cust-2", '"cust-2'), ["shop.csv:3:3"])
        self.imports(MAPPING, ROWS.replace("Who", "Whom"), ["Who", "shop"])
        self.rejects(NOT_FOUND, "events", "import", "--map", self.folder / "shop.toml",
                     self.folder / "nowhere.csv", says=["nowhere.csv"])

    def test_broken_import_values_are_named_and_the_others_counted(self):
        self.file("shop.toml", MAPPING)
        self.file("shop.csv", ROWS.replace("3.10", "three"))
        done = run_program(self.program, "events", "import", "--map",
                                self.folder / "shop.toml", self.folder / "shop.csv", "--dry-run")
        self.assertEqual(done.returncode, WRONG_USAGE, done.stderr)
        self.assertIn("shop.csv:3:", done.stderr)
        self.assertIn("Price", done.stderr)
        self.assertIn("1 event", done.stdout)

    def test_row_with_a_field_too_many_costs_its_event_alone(self):
        self.file("shop.toml", MAPPING)
        self.file("shop.csv", ROWS + "3,cust-3,2024-01-07,1,50\n4,cust-4,2024-01-08,2.00\n")
        done = run_program(self.program, "events", "import", "--map", self.folder / "shop.toml",
                           self.folder / "shop.csv", "--data", self.folder / "new")
        self.assertEqual(done.returncode, WRONG_USAGE, done.stderr)
        self.assertIn("shop.csv:4:23: the row has 5 fields", done.stderr)
        self.assertIn("1 event was rejected", done.stderr.splitlines()[-1])
        self.assertIn("read 4 rows  100 %", done.stdout)
        self.assertIn("accepted 3, already there 0   position", done.stdout)

    def test_import_that_stops_says_how_far_it_came(self):
        self.file("shop.toml", MAPPING)
        self.file("shop.csv", ROWS + '"' + "3,cust-3,2024-01-07,1.50\n" * 50)
        done = run_program(self.program, "events", "import", "--map", self.folder / "shop.toml",
                           self.folder / "shop.csv", "--data", self.folder / "new")
        self.assertEqual(done.returncode, WRONG_USAGE, done.stderr)
        self.assertIn("shop.csv:4:", done.stderr)
        self.assertRegex(done.stdout, r"^stopped behind row 2 \(\d %")
        for words in ("the rest of the file was not read", "accepted 2, already there 0",
                      "run it again: the same ids count once"):
            self.assertIn(words, done.stdout)
        self.assertNotIn("100 %", done.stdout)
        self.file("none.csv", ROWS.splitlines()[0] + '\n"1,cust-1\n')
        done = run_program(self.program, "events", "import", "--map", self.folder / "shop.toml",
                           self.folder / "none.csv", "--data", self.folder / "new")
        self.assertNotIn("position", done.stdout)

    def test_import_that_is_interrupted_says_what_is_in(self):
        self.file("shop.toml", MAPPING)
        rows = self.folder / "rows"
        os.mkfifo(rows)
        with subprocess.Popen([self.program, "events", "import", "--map", self.folder / "shop.toml",
                               rows, "--data", self.folder / "new"], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True,
                              preexec_fn=die_with_parent) as importing:
            with open(rows, "w", encoding="utf-8") as pipe:
                pipe.write(ROWS)
                # More than it reads ahead, so that it is at work when the signal comes.
                for number in range(3, 60_000):
                    pipe.write(f"{number},cust-{number},2024-01-07,1.50\n")
                importing.send_signal(signal.SIGINT)
                pipe.write("60000,cust-1,2024-01-07,1.50\n")
            said, told = importing.communicate(timeout=60)
        self.assertEqual(importing.returncode, 130, told)
        self.assertIn("stopped behind row ", said)
        self.assertRegex(told, r"rapport: interrupted; [\d,]+ events are in so far\. "
                               r"Run it again: the same ids count once")

    def test_mapping_with_an_unknown_field_names_its_place(self):
        self.imports(MAPPING.replace("format = \"csv\"", "formt = \"csv\""), ROWS,
                     ["shop.toml:2:1", "formt", "format"])
        self.imports(MAPPING.replace('kind = "PurchaseMade"', 'kind = "PurchaseMad"'), ROWS,
                     ["shop.toml:8:", "PurchaseMad"])
        self.imports(MAPPING + "[", ROWS, ["shop.toml:11:"])
        self.rejects(NOT_FOUND, "events", "import", "--map", self.folder / "nowhere.toml",
                     self.folder / "shop.csv", says=["nowhere.toml"])

    def test_words_that_are_not_understood_are_wrong_usage(self):
        show = ("customer", "show", "cust-1")
        self.rejects(WRONG_USAGE, *show, "--as-of", "yesterday",
                     says=["--as-of", "yesterday", "2026-01-31", "90d"])
        self.rejects(WRONG_USAGE, *show, "--as-of", "2026-02-30", says=["2026-02-30"])
        for wrong, other in (("--from", "--to"), ("--to", "--from")):
            self.rejects(WRONG_USAGE, "diff", wrong, "1900-01-01", other, "2024-01-01",
                         says=[f"{wrong}: must be after 1970", "1900-01-01"])
        self.rejects(WRONG_USAGE, "customer", "history", "cust-1", "--step", "2026-01-31",
                     says=["--step", "is no span"])
        # Of a store that is not there nothing is said: flags are read first.
        for flag, text in (("--cut", "soon"), ("--horizon", "long")):
            self.refused(WRONG_USAGE, "backtest", "--cut", "2024-01-01", flag, text, "--data",
                         self.folder / "nowhere", says=["wrong usage: " + flag, text])
        for words in (("rebuild",), ("rules", "activate", "office")):
            self.refused(WRONG_USAGE, *words, "--max-rate", "0", says=["in range 1 to 1000000000"])
        self.refused(WRONG_USAGE, "quarantine", "retry", "--partition", "-1",
                     says=["in range 0 to 1023"])
        self.rejects(WRONG_USAGE, *show, "--known-at", "x", says=["POSITION_MALFORMED"])
        self.rejects(WRONG_USAGE, *show, "--min-position", "0@", says=["POSITION_MALFORMED"])
        self.rejects(FAILED, *show, "--known-at", "00000001.1:0@1", says=["POSITION_LOST"])
        for flag in ("--known-at", "--min-position"):
            self.rejects(WRONG_USAGE, *show, flag, "p:0@1000000",
                         says=["POSITION_MALFORMED", "behind the end of the log"])
        self.rejects(WRONG_USAGE, *show, "--format", "xml", says=["xml", "jsonl", "csv"])
        self.rejects(WRONG_USAGE, "follow-ups", "list", "--due", "soon", says=["soon"])
        self.rejects(WRONG_USAGE, "events", "tail", "--once", "--kinds", "Purchase",
                     says=["KIND_UNKNOWN", "Purchase"])
        self.rejects(WRONG_USAGE, "events", "tail", "--once", "--from", "x",
                     says=["POSITION_MALFORMED"])

    def test_decisions_about_records_that_are_not_there_are_refused(self):
        retry, accept = ("quarantine", "retry"), ("accept-loss", "--partition")
        self.rejects(WRONG_USAGE, *retry, "--reason", "BORED", says=["quarantine list"])
        self.rejects(WRONG_USAGE, *retry, "--offset", "7", says=["--partition"])
        self.rejects(WRONG_USAGE, *retry, "--partition", "99", says=["no 99"])
        self.rejects(NOT_FOUND, *retry, "--partition", "0", "--offset", "700", says=["0@700"])
        self.rejects(WRONG_USAGE, *accept, "0", says=["--reason"])
        self.rejects(WRONG_USAGE, *accept, "0", "--reason", "", says=["reason", "for ever"])
        self.rejects(WRONG_USAGE, *accept, "99", "--reason", "x", says=["no 99"])
        self.rejects(FAILED, *accept, "0", "--reason", "x", says=["NOTHING_LOST", "not stopped"])

    def test_wrong_usage_names_the_word_and_what_was_meant(self):
        for words, says in [
                (["stauts"], ["stauts", "did you mean status?"]),
                (["customer", "shw", "c"], ["shw", "did you mean show?"]),
                (["digest", "--custmers"], ["--custmers", "did you mean --customers?"]),
                (["follow-ups", "list", "--limit", "0"], ["--limit", "1 to 200"]),
                (["customer"], ["rapport customer --help"]), ([], ["rapport --help"]),
                (["digest", "--log", "redis"], ["redis", "kafka"]),
                (["digest", "--log", "kafka"], ["--brokers"])]:
            self.refused(WRONG_USAGE, *words, says=says)

    def test_names_that_do_not_exist_are_refused(self):
        for words, says in [
                (["follow-ups", "list", "--policy", "thankyou"], ["thankyou", "mean thank_you?"]),
                (["follow-ups", "list", "--department", "services"], ["services", "mean service?"]),
                (["quarantine", "list", "--reason", "KIND_UNKNOW"], ["mean KIND_UNKNOWN?"])]:
            self.rejects(WRONG_USAGE, *words, says=says)

    def test_addresses_that_are_none_are_wrong_usage(self):
        for address in ("127.0.0.1:abc", "nonsense", "127.0.0.1:99999", "http://127.0.0.1:1"):
            self.refused(WRONG_USAGE, "status", "--server", address, says=[address, "HOST:PORT"])
            self.refused(WRONG_USAGE, "serve", "--data", self.folder / "new", "--grpc", address,
                         says=[address, "HOST:PORT"])
        self.refused(WRONG_USAGE, "status", "--server", NOBODY, "--data", self.live.folder,
                     says=["--server", "--data"])
        self.assertFalse((self.folder / "new").exists())

    def test_partitions_of_a_store_that_is_there_stay(self):
        stored = self.folder / "stored"
        self.run_rapport("events", "publish", "-", "--data", stored, stdin=json.dumps(GOOD))
        words = (self.program, "status", "--data", stored, "--partitions", "3")
        done = run_program(*words)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"^rapport: --partitions 3 is not heeded: .* has 8 part")
        self.assertEqual(len(json.loads(done.stdout)["partitions"]), 8)
        self.assertEqual(run_program(*words, "--quiet").stderr, "")

    def test_server_that_is_not_there_is_unavailable(self):
        for words in (["status"], ["customer", "show", "c"], ["events", "tail", "--once"],
                      ["events", "publish", "-"]):
            self.refused(UNAVAILABLE, *words, "--server", NOBODY, stdin=json.dumps(GOOD),
                         says=["SERVER_UNAVAILABLE", NOBODY, "rapport serve"], within=15)

    def test_broker_that_is_not_there_is_unavailable(self):
        self.refused(UNAVAILABLE, "serve", "--data", self.folder / "new", "--grpc", "127.0.0.1:0",
                     "--http", "off", "--log", "kafka", "--brokers", NOBODY, says=["LOG_UNAVAILABLE", NOBODY],
                     within=15)

    def test_directory_in_use_names_the_process(self):
        holder = str(self.live.process.pid)
        for words in (["serve", "--grpc", "127.0.0.1:0", "--http", "off"], ["status"]):
            self.refused(UNAVAILABLE, *words, "--data", self.live.folder,
                         says=["DIRECTORY_IN_USE", self.live.folder, holder])

    def test_port_in_use_is_unavailable(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            self.refused(UNAVAILABLE, "serve", "--data", self.folder / "new", "--grpc", address,
                         says=["PORT_IN_USE", address, "--grpc"])
        self.refused(UNAVAILABLE, "serve", "--data", self.folder / "new", "--grpc",
                     self.live.address, says=["PORT_IN_USE", self.live.address])
        self.assertFalse((self.folder / "new").exists(), "no directory is left behind")

    def test_only_this_machine_may_connect(self):
        self.refused(WRONG_USAGE, "serve", "--data", self.folder / "new", "--grpc", "0.0.0.0:0",
                     says=["0.0.0.0:0", "127.0.0.1"])

    def test_missing_store_is_not_made_by_reading_it(self):
        self.refused(NOT_FOUND, "status", "--data", self.folder / "typo",
                     says=["STORE_MISSING", "typo", "--data"])
        self.assertFalse((self.folder / "typo").exists())

    def test_rules_that_cannot_be_used_are_named(self):
        def serve(rules):
            return ("serve", "--data", self.folder / "new", "--grpc", "127.0.0.1:0",
                    "--http", "off", "--rules", rules)
        self.refused(NOT_FOUND, *serve("nowhere.textproto"), says=["nowhere.textproto", "--rules"])
        text = (ROOT / "projections/rules/standard.textproto").read_text()
        unknown = self.file("unknown.textproto", text + "\nstage_dancing: 3\n")
        line = text.count("\n") + 2
        self.refused(FOUND_WRONG, *serve(unknown),
                     says=["RULES_INVALID", f"unknown.textproto:{line}:", "stage_dancing"])
        broken = self.file("broken.textproto", 'name: "x"\nfold { }}\n')
        self.refused(FOUND_WRONG, *serve(broken), says=["RULES_INVALID", "broken.textproto:2:"])


class DiskNearlyFullTest(Case):
    """--disk-reserve 1000 asks for the whole disk to be free, so that any disk counts as full."""

    def test_publish_is_refused_and_reads_go_on(self):
        history = shop_history(31, customers=5, events=50)
        server = self.server()
        server.publish(history)
        server.await_folded()
        digest = server.digest()
        server.stop()
        server = self.server("--disk-reserve", "1000")
        self.refused(UNAVAILABLE, "events", "publish", "-", "--server", server.address,
                     stdin=json.dumps(GOOD), says=["DISK_LOW", "--disk-reserve"])
        self.assertEqual(server.status()["pausedCause"], "DISK_LOW")
        self.assertIn("DISK_LOW", server.run("status", "--format", "table"))
        self.assertEqual(len(server.json("customer", "show", "cust-1", "--as-of", "2023-09-01")), 1)
        self.assertEqual(server.digest(), digest)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(self.server().publish([GOOD])[0]["status"], "STATUS_ACCEPTED")


if __name__ == "__main__":
    case.main()
