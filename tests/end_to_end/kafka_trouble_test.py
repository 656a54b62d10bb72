#!/usr/bin/env python3
"""What goes wrong with a topic: each trouble has its name and stops no more than it must."""
import json
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor

import case
from history import shop_history
from kafka_case import KafkaCase
from program import lag, poll, run_program
from wire import record_of, text_field

FAILED, NOT_FOUND, UNAVAILABLE, FOUND_WRONG = 1, 3, 5, 6
# Nobody listens there: the port is below those that are handed out, and reserved (tcpmux).
NOBODY = "127.0.0.1:1"


class KafkaTroubleTest(KafkaCase):
    def test_no_broker_is_told_in_bounded_time(self):
        serve = ("serve", "--data", self.folder / "data", "--grpc", "127.0.0.1:0", "--http",
                 "off", "--log", "kafka", "--brokers", NOBODY)
        topics = ("kafka", "topics", "--brokers", NOBODY)
        # Side by side: each of them waits for its whole patience.
        with ThreadPoolExecutor() as pool:
            for done in [pool.submit(self.refused, UNAVAILABLE, *words,
                                     says=["LOG_UNAVAILABLE", NOBODY], within=15)
                         for words in (serve, (*topics, "--create"), (*topics, "--check"))]:
                done.result()

    def test_missing_topic_is_named_with_its_cure(self):
        self.refused_start(NOT_FOUND, "nowhere", ["TOPIC_MISSING", "nowhere"])
        self.refused(NOT_FOUND, "kafka", "topics", "--brokers", self.broker.address, "--topic",
                     "nowhere", "--check", says=["TOPIC_MISSING", "nowhere"])

    def test_compacted_topic_is_refused(self):
        topic = f"compacted-{uuid.uuid4().hex[:8]}"
        self.broker.foreign("create", topic, "4", "cleanup.policy=compact")
        self.refused_start(FAILED, topic, ["TOPIC_UNFIT", topic, "cleanup.policy is compact"])
        said = self.run_rapport("kafka", "topics", "--brokers", self.broker.address, "--topic",
                                topic, "--check", code=FOUND_WRONG)
        self.assertIn("cleanup.policy is compact, must be delete", said)

    def test_check_finds_what_would_lose_history(self):
        topic = self.topic()
        check = ("kafka", "topics", "--brokers", self.broker.address, "--topic", topic, "--check")
        self.assertIn("is set up as it must be", self.run_rapport(*check))
        self.broker.foreign("set", topic, "retention.ms=604800000")
        # A broker under load answers for a moment with what it knew before.
        poll("the check finds it",
             lambda: run_program(self.program, *check).returncode == FOUND_WRONG)
        said = self.run_rapport(*check, code=FOUND_WRONG)
        self.assertIn("retention.ms is 604800000, must be -1", said)

    def test_topic_with_another_partition_count_than_the_archive_is_refused(self):
        topic = self.topic(partitions=4)
        self.filled(topic).stop()
        self.broker.foreign("grow", topic, "6")
        self.refused_start(FAILED, topic, ["4", "6", "partitions"])

    def test_partitions_added_while_it_runs_stop_folding_and_no_reads(self):
        topic = self.topic(partitions=4)
        server = self.filled(topic)
        facts = server.digest()[0]
        self.broker.foreign("grow", topic, "5")
        for partition in self.stopped(server, "LOG_CHANGED"):
            self.assertIn("partitions", partition["stoppedMessage"])
        self.assertEqual(server.digest()[0], facts)
        self.assertEqual(len(server.json("customer", "show", "cust-1", "cust-2")), 2)

    def recreate(self, topic, server, records):
        """Deletes the topic while the engine runs and makes it anew with other records, some on
        each of its four partitions: all of them stop."""
        facts = server.digest()[0]
        self.broker.foreign("delete", topic)
        self.create(topic)
        self.broker.python(topic, records)
        partitions = self.stopped(server, "LOG_CHANGED", count=4)
        for partition in partitions:
            self.assertIn(topic, partition["stoppedMessage"])
        self.assertEqual(server.digest()[0], facts, "facts stay")
        self.assertEqual(len(server.json("customer", "show", "cust-1", "cust-2")), 2, "reads go on")

    def test_topic_created_anew_with_other_records_is_log_changed(self):
        topic = self.topic()
        server = self.filled(topic)
        others = [record_of(e) for e in shop_history(22, 20, 600)]
        self.recreate(topic, server, others)
        server.stop(seconds=30)
        server.start()
        self.stopped(server, "LOG_CHANGED", count=4)
        self.assertEqual(len(server.json("customer", "show", "cust-1", "cust-2")), 2)

    def test_topic_created_anew_and_shorter_is_log_changed(self):
        topic = self.topic()
        server = self.filled(topic)
        others = [record_of(e) for e in shop_history(23, 20, 40)]
        self.recreate(topic, server, others)

    def test_record_in_the_wrong_partition_is_quarantined(self):
        topic = self.topic()
        server = self.filled(topic)
        facts = server.digest()[0]
        strays = [dict(record_of(event), partition=partition)
                  for event, partition in zip(shop_history(24, 20, 8), [0, 1, 2, 3] * 2)]
        self.broker.python(topic, strays)
        status = self.await_status(
            server, lambda s: int(s["events"].get("archived", 0)) == 308 and lag(s) == 0)
        rejected = int(status["events"].get("rejected", 0))
        entries = server.json("quarantine", "list", "--reason", "PARTITION_WRONG")
        self.assertEqual(len(entries), rejected)
        self.assertGreater(rejected, 2, "3 of 4 lie where they do not belong, on average")
        self.assertIn("partition", entries[0]["message"])
        if rejected == len(strays):
            self.assertEqual(server.digest()[0], facts)
        own = [stray for stray in strays if self.right(server, stray)]
        self.assertEqual(len(strays) - rejected, len(own))

    def right(self, server, stray):
        """Whether a record lies where the program itself would put its key."""
        event = {"eventId": f"probe:{uuid.uuid4()}", "customerId": stray["key"], "source": "probe",
                 "occurredAt": "2024-01-01T00:00:00Z", "thanksGiven": {}}
        return server.publish([event])[0].get("partition", 0) == stray["partition"]

    def test_unreadable_records_are_quarantined_and_hold_nobody_up(self):
        topic = self.topic()
        server = self.filled(topic)
        good = record_of(shop_history(25, 1, 1)[0])
        bad = [dict(good, value="ff00ff"), dict(good, value=""), dict(good, key="cust-somebody"),
               dict(good, value="7b7d")]
        self.broker.python(topic, [*bad, good])
        status = self.await_status(
            server, lambda s: int(s["events"].get("archived", 0)) == 305 and lag(s) == 0)
        self.assertEqual(int(status["events"]["rejected"]), 4)
        self.assertEqual(int(status["events"]["folded"]), 301)
        reasons = {entry["reason"] for entry in server.json("quarantine", "list")}
        self.assertEqual(reasons, {"PAYLOAD_MALFORMED", "FRAME_UNKNOWN", "KEY_MISMATCH",
                                   "FIELD_INVALID"})
        shown = server.json("customer", "show", good["key"])[0]
        self.assertGreater(int(shown["quarantined"]), 0, "the answer says it is incomplete")

    def test_customer_of_records_in_quarantine_alone_is_forgotten(self):
        topic = self.topic()
        server = self.engine(topic)
        event = record_of(shop_history(26, 1, 1)[0])
        self.broker.python(topic, [dict(event, value="ff00ff")])
        own = self.broker.records(topic)[0]["partition"]
        # Written past the ingress, and where nobody looks for this customer.
        clear = event["value"] + text_field(31, "Rang twice, sounded upset.").hex()
        self.broker.python(topic, [dict(event, value=clear, partition=other)
                                   for other in range(4) if other != own])
        self.await_status(server, lambda s: int(s["events"].get("rejected", 0)) == 4)
        erase = ("customer", "erase", event["key"])
        receipt = server.json(*erase, "--purpose", "asked by mail")[0]
        self.assertEqual((receipt["clearTexts"], receipt["unreadable"]), ("3", "1"))
        self.assertIn("texts in clear of at least 3 events, written to the log past the ingress",
                      receipt["remains"])
        self.assertEqual(server.json(*erase, "--receipt")[0], receipt)

    @staticmethod
    def named(number):
        """Who somebody is and how to reach them: two events with a text each."""
        event = {"customerId": f"cust-{number}", "source": "crm",
                 "occurredAt": "2024-03-01T10:00:00Z"}
        return [dict(event, eventId=f"name:{number}", profileRecorded={"name": f"Zoe {number}"}),
                dict(event, eventId=f"mail:{number}",
                     aliasLinked={"value": f"zoe{number}@b.example"})]

    def put_back(self, backup):
        for name in ("archive", "keys"):
            shutil.rmtree(self.folder / "data" / name)
            shutil.copytree(backup / name, self.folder / "data" / name)

    def test_an_erased_customer_comes_back_from_no_backup_of_keys_and_archive(self):
        topic = self.topic(partitions=1)
        server = self.engine(topic)
        server.publish(self.named(0) + self.named(1))
        server.await_folded()
        server.stop()
        backup = self.folder / "backup"
        for name in ("archive", "keys"):
            shutil.copytree(self.folder / "data" / name, backup / name)
        server.start()
        receipt = server.json("customer", "erase", "cust-0", "--purpose", "asked by mail")[0]
        server.stop()
        self.put_back(backup)
        show = ("customer", "show", "cust-0", "--reveal", "--purpose", "test")
        find = ("customer", "find", "zoe0@b.example")
        # A full disk: the log is seen and not read.
        flags, server.flags = server.flags, [*server.flags, "--disk-reserve", "1000"]
        server.start()
        self.assertTrue(server.status()["partitions"][0]["textsWait"])
        self.assertIn("texts wait: ", server.run("status", "--format", "table"))
        for words in (show, find):
            self.refused(UNAVAILABLE, *words, "--server", server.address,
                         says=["NOT_READY: partition 0 has come to offset 4 of the 6", "DISK_LOW"])
        self.assertEqual(server.json("customer", "show", "cust-0")[0]["maskedFields"],
                         ["profile.name"], "reads go on")
        server.stop()
        server.flags = flags
        server.start()
        self.await_status(server, lambda status: "textsWait" not in status["partitions"][0])
        self.assertNotIn("profile", server.json(*show)[0])
        self.refused(NOT_FOUND, *find, "--server", server.address, says=["CUSTOMER_UNKNOWN"])
        self.assertEqual(server.json("customer", "erase", "cust-0", "--receipt")[0], receipt)
        server.stop()
        # The same of a store that is asked without a server: it waits for its keys.
        self.put_back(backup)
        for number in (0, 1):
            shown = json.loads(self.run_rapport(
                "customer", "show", f"cust-{number}", "--reveal", "--purpose", "test", "--format",
                "jsonl", "--data", self.folder / "data", *self.flags(topic)))
            self.assertEqual("profile" in shown, number == 1)


if __name__ == "__main__":
    case.main()
