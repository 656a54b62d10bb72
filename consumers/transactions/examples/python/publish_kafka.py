"""Publishes one purchase straight to Kafka.

    publish_kafka.py BROKERS TOPIC
"""
import sys

from confluent_kafka import Producer

from purchase import BOUGHT_AT, purchase


def cloud_event_headers(event):
    """What any reader of CloudEvents understands without our messages."""
    return [("content-type", "application/protobuf"), ("ce_specversion", "1.0"),
            ("ce_id", event.event_id), ("ce_source", event.source),
            ("ce_type", "rapport.v1.PurchaseMade"),
            ("ce_time", BOUGHT_AT.strftime("%Y-%m-%dT%H:%M:%SZ")),
            ("ce_subject", event.customer_id)]


def acknowledged(error, record):
    if error is not None:
        raise SystemExit(f"not published: {error}")
    print(f"partition {record.partition()}, offset {record.offset()}")


def main(brokers, topic):
    # librdkafka's own partitioner is another one: without murmur2_random the record is refused as
    # PARTITION_WRONG.
    producer = Producer({"bootstrap.servers": brokers, "partitioner": "murmur2_random",
                         "enable.idempotence": True})
    event = purchase()
    producer.produce(topic, key=event.customer_id, value=event.SerializeToString(),
                     headers=cloud_event_headers(event), on_delivery=acknowledged)
    if producer.flush(30) > 0:
        raise SystemExit("not published within 30 seconds")


if __name__ == "__main__":
    main(*sys.argv[1:])
