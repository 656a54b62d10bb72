#!/usr/bin/env python3
"""Makes the capsules of this folder anew, with the program and a broker of this machine:

    python3 -B tests/capsules/make_capsules.py build/dev/consumers/operations/rapport

Logs get identities of their own, so the files differ each time; what is expected does not.
"""
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "end_to_end"))
# pylint: disable=wrong-import-position
import wire  # noqa: E402
from broker import Broker  # noqa: E402
from program import Server, run_program, expect, poll  # noqa: E402

AS_OF = "2024-06-01"
RETRACTED, CORRECTED = 180, 181
NOTE = 31


def event(number, customer, moment, **detail):
    return {"eventId": f"shop:{number}", "customerId": customer, "source": "shop",
            "occurredAt": f"2024-{moment}:00Z"} | detail


def bought(number, customer, moment, order, units):
    return event(number, customer, moment, channel="CHANNEL_WEBSITE", purchaseMade={
        "order": order, "amount": {"micros": str(units * 1_000_000), "currency": "EUR"}})


def of_kind(touchpoint, kind, payload):
    """Bytes of an event that wire.py has no words for."""
    moment = wire.struct.pack("<q", wire.micros(touchpoint["occurredAt"]))
    return (wire.text_field(1, touchpoint["eventId"]) + wire.text_field(2, touchpoint["customerId"])
            + wire.varint(3 << 3 | 1) + moment
            + wire.number_field(4, kind) + wire.bytes_field(5, payload)
            + wire.text_field(6, touchpoint["source"]))


def plain_buyer():
    ana = "cust-0311"
    return [
        event(1, ana, "01-04T08:00", profileRecorded={"name": "Ana"}),
        bought(2, ana, "01-05T09:00", "A1", 40),
        event(3, ana, "01-06T10:00", thanksGiven={}, note="a kind word"),
        bought(4, ana, "02-03T12:00", "A2", 55),
        event(5, ana, "03-01T10:00", complaintRaised={"case": "C1", "severity": 3}),
        event(6, ana, "03-01T11:00", complaintAcknowledged={"case": "C1"}),
        event(7, ana, "03-03T16:00", complaintResolved={"case": "C1", "remedy": "replacement"}),
        bought(8, ana, "04-02T09:00", "A3", 70),
        event(9, ana, "04-03T09:00", referralMade={
            "referral": "R1", "form": "REFERRAL_FORM_RECOMMENDATION", "consent": True}),
        bought(10, ana, "05-02T09:00", "A4", 35),
    ]


def taken_back():
    """Records as foreign publishers send them, in four framings."""
    ben = "cust-0007"

    def record(value, headers=None):
        return {"key": ben, "value": value.hex(), "headers": headers or {}}

    first, second = bought(1, ben, "01-05T09:00", "B1", 90), bought(2, ben, "02-01T09:00", "B2", 60)
    third = bought(3, ben, "03-01T09:00", "B3", 45)
    framed = b"\0\0\0\0\x07\0" + wire.event_bytes(third)
    noted = event(4, ben, "03-02T09:00", thanksGiven={})
    said = wire.event_bytes(noted) + wire.text_field(NOTE, "he rang twice")
    other = bought(2, ben, "02-02T09:00", "B9", 61)
    bad = bought(5, ben, "03-03T09:00", "B5", 10) | {"source": "Shop!"}
    correction = (wire.text_field(1, "shop:2") + wire.number_field(2, 10)
                  + wire.bytes_field(3, wire.payload_of(*wire.detail_of(
                      bought(2, ben, "02-01T09:00", "B2", 20)))))
    return [
        wire.record_of(first), wire.record_of(second, bare=False), record(framed),
        wire.structured_record_of(bought(6, ben, "04-01T09:00", "B6", 25), bare=False),
        record(said), record(said), record(said.replace(b"twice", b"three")),
        wire.record_of(first), wire.record_of(other), wire.record_of(bad),
        record(b"\xff\xff broken"), record(b"[]"),
        record(of_kind(event(7, ben, "04-05T09:00"), RETRACTED, wire.text_field(1, "shop:1"))),
        record(of_kind(event(8, ben, "04-06T09:00"), CORRECTED, correction)),
        record(of_kind(event(9, ben, "04-07T09:00"), 9999, b"later")),
    ]


def merged_pair():
    pair = {"survivor": "cust-0001", "merged": "cust-0002"}
    return ([bought(1, "cust-0001", "01-05T09:00", "D1", 30),
             bought(2, "cust-0002", "02-05T09:00", "E1", 80),
             bought(3, "cust-0001", "03-05T09:00", "D2", 30),
             event(4, "cust-0002", "03-06T09:00", surveyAnswered={"survey": "S1", "score": "9",
                                                                  "min": "0", "max": "10"})]
            + [event(5 + i, customer, "04-01T09:00", customerMerged=pair)
               for i, customer in enumerate(pair.values())])


def export(server, customer, name):
    print(server.run("capsule", "export", customer, "-o", HERE / f"{name}.capsule", "--force",
                     "--as-of", AS_OF, "--format", "table"), end="")


def publish(server, events):
    for result in server.publish(events):
        if result["status"] != "STATUS_ACCEPTED":
            sys.exit(f"not accepted: {result}")
    server.await_folded()


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="rapport_capsules_") as folder:
        for name, customer, events in (("plain_buyer", "cust-0311", plain_buyer()),
                                       ("merged_pair", "cust-0001", merged_pair())):
            with Server(program, f"{folder}/{name}") as server:
                publish(server, events)
                export(server, customer, name)
        with Broker(folder) as broker:
            kafka = ("--brokers", broker.address, "--topic", "capsules")
            expect(run_program(program, "kafka", "topics", *kafka, "--create"), 0)
            records = taken_back()
            broker.python("capsules", records)
            with Server(program, f"{folder}/taken_back", "--log", "kafka", *kafka) as server:
                poll("all records are archived", lambda: sum(
                    int(p.get("applied", 0)) for p in server.status()["partitions"])
                    == len(records))
                export(server, "cust-0007", "taken_back")


if __name__ == "__main__":
    main()
