#!/usr/bin/env python3
"""A real Kafka broker between the program and foreign publishers, through restarts and kills.

Java's own client, Confluent's Python client and the program publish parts of one history to one
topic. Whatever stops in between, the facts are those of an embedded log that got the same events.
"""
import signal

import case
from history import shop_history
from kafka_case import KafkaCase
from program import Failed, Server, poll
from wire import cloud_event_headers, event_bytes, record_of, structured_record_of

PARTITIONS = 6
SCHEMA_ID = b"\0\0\0\0\7"
SCHEMA_GUID = b"\1" + bytes(range(16))
# Which message of the schema it is: the first, in short and in full.
FIRST, FIRST_IN_FULL = b"\0", b"\2\0"


def framed(before):
    """As Confluent's serializers write it: schema and message before the event."""
    def record(event):
        plain = record_of(event)
        return plain | {"value": before.hex() + plain["value"]}
    return record


FRAMINGS = (record_of,
            lambda event: record_of(event, bare=False),
            framed(SCHEMA_ID + FIRST),
            framed(SCHEMA_ID + FIRST_IN_FULL),
            framed(SCHEMA_GUID + FIRST),
            structured_record_of,
            lambda event: structured_record_of(event, bare=False))


class KafkaTest(KafkaCase):
    def topic(self, partitions=PARTITIONS):
        return super().topic(partitions)

    def test_foreign_producers_are_folded_through_restarts(self):
        topic, history = self.topic(), shop_history(seed=11, customers=80, events=6000)
        parts = [history[i::6] for i in range(6)]
        server = self.engine(topic)
        self.broker.java(topic, [record_of(e) for e in parts[0]])
        self.broker.python(topic, [record_of(e, bare=False) for e in parts[1]])
        server.publish(parts[2])
        self.await_events(server, 3000)

        self.broker.stop()
        show = self.run_rapport("customer", "show", "cust-1", "--server", server.address)
        self.assertIn('"cust-1"', show, "reads go on without a broker")
        self.broker.start()
        self.broker.java(topic, [record_of(e, bare=False) for e in parts[3]])
        self.await_events(server, 4000)

        self.assertEqual(server.stop(signal.SIGKILL), -signal.SIGKILL)
        self.broker.python(topic, [record_of(e) for e in parts[4]])
        server.start()
        server.publish(parts[5])
        # Redelivery: sent once more by another client, folded once.
        self.broker.java(topic, [record_of(e) for e in parts[2][:200]])

        status = self.await_events(server, 6000)
        self.assertEqual(int(status["events"]["duplicates"]), 200, status["events"])
        self.assertEqual(int(status["events"].get("rejected", 0)), 0, status["events"])
        facts, state = server.digest()
        self.assertEqual(facts, self.embedded_facts(history), "facts by way of Kafka")
        second = self.engine(topic, name="second")
        self.await_events(second, 6000)
        self.assertEqual(second.digest(), (facts, state), "a second engine on the same topic")

    def test_killed_broker_loses_no_acknowledged_event(self):
        topic, history = self.topic(), shop_history(seed=12, customers=30, events=1500)
        server = self.engine(topic)
        server.publish(history[:1000])
        self.broker.stop(signal.SIGKILL)
        self.broker.start()

        def published():
            try:
                return server.publish(history[1000:])
            except Failed:
                return None
        poll("publishing works again", published)
        self.await_events(server, 1500)
        self.assertEqual(server.digest()[0], self.embedded_facts(history))

    def facts_by_partition(self, server):
        """Partition -> (position, digest of facts, customers)."""
        digest, = server.json("digest")
        return {one.get("partition", 0): (one["offset"], one["factsDigest"], one["customers"])
                for one in digest["partitions"]}

    def test_two_engines_on_one_topic_have_the_same_facts_partition_by_partition(self):
        topic, history = self.topic(), shop_history(seed=15, customers=120, events=3000)
        first = self.engine(topic)
        # By drops: each is folded by itself.
        for at in range(0, 600, 40):
            first.publish(history[at:at + 40])
            self.await_events(first, at + 40)
        first.publish(history[600:2000])
        self.await_events(first, 2000)
        # In one go, and with so little memory that customers are put away and fetched again.
        second = self.engine(topic, "--memory", "1MiB", name="second")
        self.await_events(second, 2000)
        facts = self.facts_by_partition(first)
        self.assertEqual(len(facts), PARTITIONS)
        self.assertEqual(self.facts_by_partition(second), facts)
        first.publish(history[2000:2500])
        self.assertEqual(second.stop(signal.SIGKILL), -signal.SIGKILL)
        first.publish(history[2500:])
        second.start()
        for server in (first, second):
            self.await_events(server, 3000)
        after = self.facts_by_partition(first)
        self.assertNotEqual(after, facts)
        self.assertEqual(self.facts_by_partition(second), after)
        self.assertEqual(second.digest(), first.digest())
        for server in (first, second):
            server.run("verify")

    def test_an_engine_waits_for_what_another_was_told_and_not_for_what_nobody_was(self):
        topic, history = self.topic(), shop_history(seed=16, customers=4, events=12)
        first, second = self.engine(topic), self.engine(topic, name="second")
        for event in history:
            position = first.publish([event])[0]["position"]
            shown, = second.json("customer", "show", event["customerId"], "--min-position",
                                 position)
            self.assertEqual(shown["customerId"], event["customerId"])
        for flag in ("--min-position", "--known-at"):
            self.refused(2, "customer", "show", "cust-1", flag, "p:0@1000", "--server",
                         second.address, says=["POSITION_MALFORMED", "behind the end of the log"])

    def test_the_same_purchase_gives_the_same_record_from_every_client(self):
        topic = self.topic()
        purchase = {"eventId": "shop:1001", "customerId": "cust-0311",
                    "occurredAt": "2024-03-31T10:15:00Z", "source": "shop",
                    "purchaseMade": {"order": "1001",
                                     "amount": {"micros": "64200000", "currency": "GBP"}}}
        record = record_of(purchase, headers=cloud_event_headers(purchase))
        self.broker.java(topic, [record])
        self.broker.python(topic, [record])
        server = self.engine(topic)
        self.await_events(server, 1)
        # A fresh id makes the program append; the record is compared with that id put back.
        own = dict(purchase, eventId="shop:1002")
        self.assertEqual(server.publish([own])[0]["status"], "STATUS_ACCEPTED")
        java, python, program = self.broker.records(topic)
        self.assertEqual(java["partition"], python["partition"])
        self.assertEqual(java["partition"], program["partition"], "murmur2 of the key")
        for other in (java, python):
            self.assertEqual({name: other[name] for name in record}, record)
        self.assertEqual({name: program[name] for name in record},
                         record_of(own, headers=cloud_event_headers(own)))
        again = server.publish([purchase])[0]
        self.assertEqual(again["status"], "STATUS_DUPLICATE", "one content, whoever wrote it")
        self.assertEqual(event_bytes(purchase).hex(), record["value"])

    def test_every_framing_folds_alike(self):
        topic, history = self.topic(), shop_history(seed=14, customers=20, events=500)
        self.broker.python(topic, [FRAMINGS[i % len(FRAMINGS)](e) for i, e in enumerate(history)])
        # Each event once more in another framing: the same content, folded once.
        self.broker.java(topic, [FRAMINGS[(i + 1) % len(FRAMINGS)](e)
                                 for i, e in enumerate(history)])
        server = self.engine(topic)
        status = self.await_events(server, len(history))
        self.assertEqual(int(status["events"]["duplicates"]), len(history), status["events"])
        self.assertEqual(int(status["events"].get("rejected", 0)), 0, status["events"])
        self.assertEqual(server.digest()[0], self.embedded_facts(history))

    def test_tail_and_past_read_what_foreign_producers_wrote(self):
        topic, history = self.topic(), shop_history(seed=13, customers=5, events=200)
        self.broker.python(topic, [record_of(e, bare=False) for e in history])
        server = self.engine(topic)
        self.await_events(server, 200)
        tail = {e["eventId"]: e for e in server.json("events", "tail", "--once")}
        self.assertEqual(set(tail), {e["eventId"] for e in history})
        for event in history:
            self.assertEqual(tail[event["eventId"]]["customerId"], event["customerId"])
            self.assertEqual(tail[event["eventId"]]["occurredAt"], event["occurredAt"])
        past = "2023-09-01T00:00:00Z"
        shown = server.json("customer", "show", "cust-3", "--as-of", past, "--facts")[0]
        with Server(self.program, self.folder / "only_past") as other:
            other.publish([e for e in history if e["occurredAt"] <= past])
            other.await_folded()
            wanted = other.json("customer", "show", "cust-3", "--as-of", past, "--facts")[0]
        self.assertEqual(shown["standing"], wanted["standing"])


if __name__ == "__main__":
    case.main()
