#!/usr/bin/env python3
"""What a broker and its operators can do to a topic; docs/scenarios.md lists them all.

Each ends with the digests of an engine that had no trouble, or with the stop that has a name.
"""
import json
import shutil
import signal
import threading
import time

import case
from history import shop_history
from kafka_case import KafkaCase
from program import Failed
from wire import record_of

FAILED, WRONG_USAGE = 1, 2
# The settings of a topic are looked at again within this; a minute is promised.
NOTICED_SECONDS = 60


def records_of(history):
    return [record_of(event) for event in history]


class KafkaScenariosTest(KafkaCase):
    def test_restarts_under_load_lose_and_double_nothing(self):
        topic, history = self.topic(), shop_history(seed=31, customers=60, events=9000)
        server = self.engine(topic)
        trouble = []

        def publish():
            try:
                for part in range(0, len(history), 1000):
                    self.broker.python(topic, records_of(history[part:part + 1000]))
            except Failed as error:
                trouble.append(error)

        publisher = threading.Thread(target=publish)
        publisher.start()
        for how in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
            self.await_status(server, lambda s: int(s["events"].get("folded", 0)) > 0)
            server.stop(how)
            server.start()
        publisher.join()
        self.assertEqual(trouble, [])
        status = self.await_events(server, len(history))
        self.assertEqual(int(status["events"].get("duplicates", 0)), 0)
        self.assertEqual(server.digest()[0], self.embedded_facts(history))
        self.check_rebuild(server, topic)

    def test_retention_below_our_position_changes_nothing(self):
        topic = self.topic(partitions=1)
        server = self.filled(topic)
        digests = server.digest()
        self.broker.foreign("trim", topic, 0, 200)
        more = shop_history(seed=32, customers=20, events=50)
        self.broker.python(topic, records_of(more))
        self.await_events(server, 350)
        server.stop()
        # All that was archived is gone from the log: there is no record left to compare.
        self.broker.foreign("trim", topic, 0, -1)
        server.start()
        last = shop_history(seed=33, customers=20, events=10)
        self.broker.python(topic, records_of(last))
        self.await_events(server, 360)
        self.assertNotEqual(server.digest(), digests)
        history = shop_history(21, 20, 300) + more + last
        self.assertEqual(server.digest()[0], self.embedded_facts(history))

    def test_retention_above_our_position_stops_until_the_loss_is_accepted(self):
        topic = self.topic(partitions=1)
        server = self.filled(topic)
        server.stop()
        lost, kept = (shop_history(seed, customers=20, events=50) for seed in (34, 35))
        self.broker.python(topic, records_of(lost))
        self.broker.python(topic, records_of(kept))
        self.broker.foreign("trim", topic, 0, 350)
        server.start()
        partition = self.stopped(server, "ARCHIVE_GAP")[0]
        self.assertIn("begins at 350", partition["stoppedMessage"])
        self.assertIn("rapport accept-loss --partition 0", partition["cure"])
        self.assertEqual(len(server.json("customer", "show", "cust-1", "cust-2")), 2)
        server.run("accept-loss", "--partition", 0, "--reason", "", code=WRONG_USAGE)

        said = server.run("accept-loss", "--partition", 0, "--reason", "disk of May", "--by", "ops",
                          "--format", "table")
        self.assertIn("offsets 300 to 349 are given up (ops: disk of May)", said)
        status = self.await_events(server, 350)
        loss = status["partitions"][0]["losses"][0]
        self.assertEqual((loss["from"], loss["to"], loss["reason"]),
                         ("300", "350", "ops: disk of May"))
        server.run("accept-loss", "--partition", 0, "--reason", "again", code=FAILED)
        self.assertEqual(server.digest()[0],
                         self.embedded_facts(shop_history(21, 20, 300) + kept))
        self.check_tail_names_what_is_complete(server, kept)
        self.check_answers_say_incomplete(server)
        self.check_rebuilt_state(server)
        self.check_answers_say_incomplete(server)

    def on_store(self, topic, *words):
        """Runs a command on the data directory itself, without a server; its stdout."""
        return self.run_rapport(*words, "--data", self.folder / "data", *self.flags(topic),
                                timeout=90)

    def test_loss_is_seen_and_accepted_without_a_server(self):
        topic = self.topic(partitions=1)
        server = self.filled(topic)
        server.stop()
        kept = shop_history(35, customers=20, events=50)
        self.broker.python(topic, records_of(shop_history(34, customers=20, events=50)))
        self.broker.python(topic, records_of(kept))
        self.broker.foreign("trim", topic, 0, 350)
        said = self.on_store(topic, "status", "--format", "table")
        self.assertIn("stopped: ARCHIVE_GAP: ", said)
        self.assertIn("begins at 350", said)
        self.assertIn("rapport accept-loss --partition 0", said)
        said = self.on_store(topic, "accept-loss", "--partition", 0, "--reason", "disk of May",
                             "--by", "ops", "--format", "table")
        self.assertIn("offsets 300 to 349 are given up (ops: disk of May)", said)
        # Nothing stands still any more, so that the rest is folded before it is answered.
        status = json.loads(self.on_store(topic, "status", "--format", "jsonl"))
        self.assertEqual(status["events"]["folded"], "350")
        self.assertNotIn("stoppedCause", status["partitions"][0])
        server.start()
        self.assertEqual(server.digest()[0],
                         self.embedded_facts(shop_history(21, 20, 300) + kept))

    def test_quarantine_is_judged_again_beside_a_stopped_partition_without_a_server(self):
        topic = self.topic(partitions=2)
        server = self.filled(topic)
        self.broker.python(topic, records_of(shop_history(44, customers=40, events=100)),
                           "partitioner=consistent_random")
        self.await_status(server, lambda s: int(s["events"].get("archived", 0)) == 400)
        entries = server.json("quarantine", "list", "--limit", 200)
        judged = sum(entry.get("partition", 0) == 1 for entry in entries)
        self.assertLess(0, judged, entries)
        self.assertLess(judged, len(entries))
        self.broker.foreign("bomb", topic, 0, 64_000_000)
        self.stopped(server, "LOG_DAMAGED")
        answers = [server.json("quarantine", "retry")[0]]
        server.stop()
        answers.append(json.loads(self.on_store(topic, "quarantine", "retry")))
        for answer in answers:
            self.assertEqual(int(answer["judged"]), judged)
            self.assertEqual(answer["leftOut"], [{"cause": "LOG_DAMAGED"}])

    def test_status_on_the_store_waits_for_no_disk_and_no_log(self):
        topic = self.topic(partitions=4)
        server = self.filled(topic)
        server.stop()
        self.broker.python(topic, records_of(shop_history(45, customers=20, events=100)))
        begun = time.monotonic()
        said = self.on_store(topic, "status", "--format", "table", "--disk-reserve", 1000)
        # Five seconds for all of them together.
        self.assertLess(time.monotonic() - begun, 15)
        self.assertEqual(said.count("waits: DISK_LOW"), 4)
        self.broker.foreign("delete", topic)
        self.create(topic, partitions=4)
        # The log ends before our position: there is nothing to wait for, and yet a stop to see.
        said = self.on_store(topic, "status", "--format", "table")
        self.assertEqual(said.count("stopped: LOG_CHANGED: "), 4)

    def check_tail_names_what_is_complete(self, server, kept):
        position = server.json("customer", "show", "cust-1")[0]["info"]["position"]
        log = position.split(":")[0]
        for start in ((), ("--from", f"{log}:0@320")):
            with self.assertRaisesRegex(Failed, f"HISTORY_INCOMPLETE.*{log}:0@350"):
                server.run("events", "tail", "--once", *start)
        tail = server.json("events", "tail", "--once", "--from", f"{log}:0@350")
        self.assertEqual([e["eventId"] for e in tail], [e["eventId"] for e in kept])

    def check_answers_say_incomplete(self, server):
        card = server.json("customer", "show", "cust-1")[0]
        self.assertRegex(card["info"]["completeFrom"], ":0@350$")
        flags = {flag["flag"]: flag["receipt"]["text"] for flag in card["standing"]["flags"]}
        self.assertIn("may be among those that were lost", flags["FLAG_INCOMPLETE"])
        said = server.run("customer", "show", "cust-1", "--format", "table")
        self.assertRegex(said, "incomplete +events before .*:0@350 were lost")

    def check_rebuilt_state(self, server):
        digests = server.digest()
        server.stop()
        shutil.rmtree(self.folder / "data" / "state")
        server.start()
        server.await_folded()
        self.assertEqual(server.digest(), digests, "a rebuild from the archive")

    def test_topic_created_anew_equal_or_identical_is_log_changed(self):
        topic = self.topic(partitions=1)
        server = self.filled(topic, events=60)
        facts = server.digest()[0]
        for what, seed in (("equal in number", 36), ("identical", 21)):
            with self.subTest(what):
                server.stop()
                self.broker.foreign("delete", topic)
                self.create(topic, partitions=1)
                self.broker.python(topic, records_of(shop_history(seed, 20, 60)))
                server.start()
                # Even the same bytes have other times: the log gave them anew.
                partition = self.stopped(server, "LOG_CHANGED")[0]
                self.assertRegex(
                    partition["stoppedMessage"],
                    r"record 0@0 differs\): the archive has 0@0 \(checksum \w{8}, appended "
                    r"20\S+Z\), the log has 0@0 \(checksum \w{8}, appended 20\S+Z\)\.")
                self.assertEqual(server.digest()[0], facts)

    def test_aborted_transactions_are_never_seen_and_hold_nothing_up(self):
        topic, history = self.topic(), shop_history(seed=37, customers=30, events=300)
        server = self.engine(topic)
        committed = self.broker.transactions(topic, records_of(history))
        self.assertEqual(len(committed), 200, "every third and the last were aborted")
        self.await_events(server, len(committed))
        values = {record["value"] for record in committed}
        seen = [e for e in history if record_of(e)["value"] in values]
        self.assertEqual(server.digest()[0], self.embedded_facts(seen))
        self.check_rebuild(server, topic)

    def test_foreign_partitioner_is_quarantined_and_counted(self):
        topic, history = self.topic(), shop_history(seed=38, customers=40, events=400)
        server = self.engine(topic)
        self.broker.python(topic, records_of(history), "partitioner=consistent_random")
        status = self.await_status(
            server, lambda s: int(s["events"].get("archived", 0)) == len(history))
        events = {name: int(count) for name, count in status["events"].items()}
        self.assertEqual(events["folded"] + events["rejected"], len(history), events)
        self.assertGreater(events["rejected"], len(history) / 2, "3 of 4 on average")
        said = server.run("quarantine", "list", "--format", "table")
        self.assertIn("PARTITION_WRONG", said)
        self.assertIn("murmur2_random", said)
        self.check_rebuild(server, topic)
        # They are judged again and stay: a partition does not fold another one's customers.
        answer = server.json("quarantine", "retry", "--reason", "PARTITION_WRONG")[0]
        self.assertEqual(int(answer["judged"]), events["rejected"])
        self.assertEqual(int(answer.get("released", 0)), 0)

    def test_settings_that_lose_history_are_noticed_while_it_runs(self):
        topic = self.topic()
        server = self.filled(topic)

        def of_the_topic(status):
            # The shop's pounds have no rate, which is told, too.
            return [one for one in status.get("warnings", []) if "currency" not in one]
        self.assertEqual(of_the_topic(server.status()), [])
        self.broker.foreign("set", topic, "retention.ms=604800000")
        begun = time.monotonic()
        status = self.await_status(server, of_the_topic)
        self.assertLess(time.monotonic() - begun, NOTICED_SECONDS)
        self.assertIn("retention.ms is 604800000, must be -1", of_the_topic(status)[0])
        self.broker.python(topic, records_of(shop_history(39, 20, 10)))
        self.await_events(server, 310)

        self.broker.foreign("set", topic, "cleanup.policy=compact")
        for partition in self.stopped(server, "TOPIC_UNFIT", count=4):
            self.assertIn("cleanup.policy is compact", partition["stoppedMessage"])
            self.assertIn("rapport kafka topics --check", partition["cure"])
        self.assertLess(time.monotonic() - begun, 2 * NOTICED_SECONDS)
        self.assertEqual(len(server.json("customer", "show", "cust-1", "cust-2")), 2)
        server.stop()
        self.refused_start(FAILED, topic, ["TOPIC_UNFIT", "cleanup.policy"])
        self.broker.foreign("set", topic, "cleanup.policy=delete")
        server.start()
        self.await_events(server, 310)
        self.assertIn("warning: topic", server.said())

    def test_producers_stamps_stop_by_name_until_they_are_allowed(self):
        topic = self.topic(partitions=1)
        server = self.filled(topic)
        self.broker.foreign("set", topic, "message.timestamp.type=CreateTime")
        self.broker.python(topic, records_of(shop_history(40, 20, 10)))
        self.stopped(server, "TOPIC_UNFIT")
        server.stop()
        self.refused_start(FAILED, topic, ["TOPIC_UNFIT", "message.timestamp.type"])
        # Set right again, the records that producers stamped are still there.
        self.broker.foreign("set", topic, "message.timestamp.type=LogAppendTime")
        server.start()
        partition = self.stopped(server, "TOPIC_UNFIT")[0]
        self.assertIn("offset 300 carries its producer's time", partition["stoppedMessage"])
        self.assertIn("--allow-producer-time", partition["stoppedMessage"])
        server.stop()
        server.flags.append("--allow-producer-time")
        server.start()
        self.await_events(server, 310)

    def test_every_codec_is_read(self):
        topic, history = self.topic(), shop_history(seed=41, customers=30, events=800)
        self.broker.foreign("set", topic, "compression.type=producer")
        server = self.engine(topic)
        for number, codec in enumerate(("zstd", "lz4", "gzip", "none")):
            self.broker.python(topic, records_of(history[number::4]), f"compression.codec={codec}")
        self.await_events(server, len(history))
        self.assertEqual(server.digest()[0], self.embedded_facts(history))

    def test_batch_that_inflates_beyond_bounds_is_a_stop_with_a_way_on(self):
        topic = self.topic(partitions=1)
        server = self.filled(topic)
        self.broker.foreign("bomb", topic, 0, 64_000_000)
        after = shop_history(seed=42, customers=20, events=20)
        self.broker.python(topic, records_of(after))
        partition = self.stopped(server, "LOG_DAMAGED")[0]
        self.assertIn("offset 300", partition["stoppedMessage"])
        self.assertIn("inflates to over 16 MiB", partition["stoppedMessage"])
        self.assertIn("rapport accept-loss", partition["cure"])
        self.broker.foreign("trim", topic, 0, 301)
        server.stop()
        server.start()
        self.stopped(server, "ARCHIVE_GAP")
        server.run("accept-loss", "--partition", 0, "--reason", "a bomb, not an event")
        self.await_events(server, 320)
        history = shop_history(21, 20, 300) + after
        self.assertEqual(server.digest()[0], self.embedded_facts(history))

    def test_two_owners_on_one_topic_end_with_the_same_state(self):
        topic, history = self.topic(), shop_history(seed=43, customers=40, events=1200)
        first, second = self.engine(topic), self.engine(topic, name="second")
        halves = [threading.Thread(target=owner.publish, args=(part,))
                  for owner, part in ((first, history[:700]), (second, history[500:]))]
        for half in halves:
            half.start()
        for half in halves:
            half.join()
        digests = []
        for owner in (first, second):
            status = self.await_events(owner, len(history))
            self.assertEqual(int(status["events"].get("conflicts", 0)), 0)
            digests.append(owner.digest())
        self.assertEqual(digests[0], digests[1])
        self.assertEqual(digests[0][0], self.embedded_facts(history))


if __name__ == "__main__":
    case.main()
