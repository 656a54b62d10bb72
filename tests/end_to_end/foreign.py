"""A publisher and an operator that know nothing of Rapport: Confluent's Python client.

    foreign.py BROKERS produce TOPIC [SETTING=VALUE ...] < records
                                                  one JSON object a line: key, value (hex),
                                                  headers; partition to choose one by hand
    foreign.py BROKERS transactions TOPIC < records
                                                  in transactions of 10, every third aborted, the
                                                  last one too; prints the records committed
    foreign.py BROKERS bomb TOPIC PARTITION BYTES one record that inflates to so many bytes
    foreign.py BROKERS trim TOPIC PARTITION BEFORE
                                                  deletes the records below an offset; -1: all
    foreign.py BROKERS dump TOPIC                 every record, in the same form, with its place
    foreign.py BROKERS create TOPIC PARTITIONS [SETTING=VALUE ...]
    foreign.py BROKERS set TOPIC SETTING=VALUE ...
    foreign.py BROKERS grow TOPIC PARTITIONS      more partitions
    foreign.py BROKERS delete TOPIC               returns when it is gone

Runs in build/venv, which has the package confluent-kafka (requirements.txt).
"""
import json
import sys
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource,
                                   NewPartitions, NewTopic)

SECONDS = 30


def send(producer, topic, record, answered=None):
    place = {"partition": record["partition"]} if "partition" in record else {}
    while True:
        try:
            return producer.produce(topic, key=record["key"], value=bytes.fromhex(record["value"]),
                                    headers=list(record["headers"].items()), callback=answered,
                                    **place)
        except BufferError:
            producer.poll(0.1)


def produce(brokers, topic, *settings):
    producer = Producer({"bootstrap.servers": brokers, "partitioner": "murmur2_random",
                         "enable.idempotence": True}
                        | dict(setting.split("=", 1) for setting in settings))
    failures = []

    def answered(error, _):
        if error is not None:
            failures.append(error)

    for line in sys.stdin:
        send(producer, topic, json.loads(line), answered)
    if producer.flush(SECONDS) > 0 or failures:
        raise SystemExit(f"not all were acknowledged: {failures[:3]}")


def transactions(brokers, topic, size=10):
    producer = Producer({"bootstrap.servers": brokers, "partitioner": "murmur2_random",
                         "transactional.id": f"foreign-{topic}"})
    producer.init_transactions(SECONDS)
    lines = sys.stdin.read().splitlines()
    groups = [lines[at:at + size] for at in range(0, len(lines), size)]
    for number, group in enumerate(groups):
        producer.begin_transaction()
        for line in group:
            send(producer, topic, json.loads(line))
        if number % 3 == 2 or number == len(groups) - 1:
            # What is aborted stands in the log all the same.
            producer.flush(SECONDS)
            producer.abort_transaction(SECONDS)
        else:
            producer.commit_transaction(SECONDS)
            print("\n".join(group))


def bomb(brokers, topic, partition, size):
    producer = Producer({"bootstrap.servers": brokers, "compression.codec": "zstd",
                         "message.max.bytes": 2 * int(size), "batch.size": 2 * int(size)})
    record = {"key": "bomb", "value": "00" * int(size), "headers": {}, "partition": int(partition)}
    send(producer, topic, record)
    if producer.flush(SECONDS) > 0:
        raise SystemExit("not acknowledged")


def trim(admin, topic, partition, before):
    done(admin.delete_records([TopicPartition(topic, int(partition), int(before))]))


def dump(brokers, topic):
    consumer = Consumer({"bootstrap.servers": brokers, "group.id": "dump",
                         "enable.auto.commit": False, "enable.partition.eof": False})
    partitions = sorted(consumer.list_topics(topic, SECONDS).topics[topic].partitions)
    left = 0
    for partition in partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(topic, partition), SECONDS)
        left += high - low
    consumer.assign([TopicPartition(topic, p, OFFSET_BEGINNING) for p in partitions])
    deadline = time.monotonic() + SECONDS
    while left > 0 and time.monotonic() < deadline:
        message = consumer.poll(0.5)
        if message is None or message.error():
            continue
        left -= 1
        headers = {name: value.decode() for name, value in message.headers() or []}
        print(json.dumps({"partition": message.partition(), "offset": message.offset(),
                          "key": message.key().decode(), "value": message.value().hex(),
                          "headers": headers}))
    consumer.close()
    if left > 0:
        raise SystemExit(f"{left} records did not come")


def done(futures):
    for future in futures.values():
        future.result(SECONDS)


def delete(admin, topic):
    done(admin.delete_topics([topic]))
    deadline = time.monotonic() + SECONDS
    while topic in admin.list_topics(timeout=SECONDS).topics:
        if time.monotonic() > deadline:
            raise SystemExit(f"{topic} is still there")
        time.sleep(0.05)


def create(admin, topic, partitions, settings):
    """Tries again while the broker still clears away a topic of that name."""
    deadline = time.monotonic() + SECONDS
    plan = NewTopic(topic, num_partitions=int(partitions), replication_factor=1,
                    config=dict(setting.split("=", 1) for setting in settings))
    while True:
        try:
            return done(admin.create_topics([plan]))
        except KafkaException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def change(admin, topic, settings):
    entries = [ConfigEntry(*setting.split("=", 1),
                           incremental_operation=AlterConfigOpType.SET) for setting in settings]
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=entries)
    done(admin.incremental_alter_configs([resource]))


def main(brokers, verb, topic, *words):
    if verb == "produce":
        return produce(brokers, topic, *words)
    if verb == "transactions":
        return transactions(brokers, topic)
    if verb == "bomb":
        return bomb(brokers, topic, *words)
    if verb == "dump":
        return dump(brokers, topic)
    admin = AdminClient({"bootstrap.servers": brokers})
    if verb == "create":
        return create(admin, topic, words[0], words[1:])
    if verb == "set":
        return change(admin, topic, words)
    if verb == "grow":
        return done(admin.create_partitions([NewPartitions(topic, int(words[0]))]))
    if verb == "trim":
        return trim(admin, topic, *words)
    if verb == "delete":
        return delete(admin, topic)
    raise SystemExit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
