#!/usr/bin/env python3
"""The outbox of deploy/debezium: what Debezium publishes of a sale is the record of the examples.

No database runs here. The row is read out of sale.sql, and Debezium's own router and converters,
set as connector.json says, make the record of it.
"""
import json
import re

import case
from broker import finish
from examples_test import EXAMPLES, PARTITIONS, PURCHASE, ExamplesCase
from program import ROOT

DEBEZIUM = ROOT / "deploy/debezium"
HARNESS = ROOT / "tests/end_to_end/java/outbox"
JARS = ROOT / "build/examples/debezium/lib"
FETCH_SECONDS = 400
TABLE = "touchpoint_outbox"
# As COLUMN TYPE ..., one a line.
COLUMN = re.compile(r"^  (\w+) +(text|bytea) +([^-\n]*)", re.MULTILINE)


def columns():
    """Columns of outbox.sql: name -> (type, default or None)."""
    text = (DEBEZIUM / "outbox.sql").read_text("utf-8")
    found = {}
    for name, kind, rest in COLUMN.findall(text):
        default = re.search(r"default '([^']*)'", rest)
        found[name] = kind, default[1] if default else None
    return found


def inserted():
    """The row that sale.sql inserts into the outbox: name -> text."""
    text = (DEBEZIUM / "sale.sql").read_text("utf-8")
    match = re.search(rf"insert into {TABLE} \(([^)]*)\)\nvalues \((.*?)\n\);", text, re.DOTALL)
    names = [name.strip() for name in match[1].split(",")]
    values = re.findall(r"^  '([^']*)',?$", match[2], re.MULTILINE)
    return dict(zip(names, values, strict=True))


def row():
    """Every column of that row with its type, in the order of the table."""
    given, made = inserted(), []
    for name, (kind, default) in columns().items():
        value = given.pop(name, default)
        made.append((kind, name, value.removeprefix("\\x") if kind == "bytea" else value))
    if given:
        raise AssertionError(f"no column of the outbox: {given}")
    return made


class OutboxTest(ExamplesCase):
    def published(self):
        """(topic, record) that Debezium makes of the row."""
        finish(["mvn", "-q", "-B", "-f", HARNESS / "pom.xml", "dependency:copy-dependencies",
                f"-DoutputDirectory={JARS}"], "fetching Debezium", seconds=FETCH_SECONDS)
        config = json.loads((DEBEZIUM / "connector.json").read_text("utf-8"))["config"]
        lines = [("config", *setting) for setting in config.items()] + row()
        said = finish(["java", "-cp", f"{JARS}/*", HARNESS / "OutboxRecord.java"],
                      "making the record", stdin="".join("\t".join(line) + "\n" for line in lines))
        topic, key, value, *headers = said.rstrip("\n").split("\t")
        return topic, {"key": key, "value": value,
                       "headers": dict(header.split("=", 1) for header in headers)}

    def test_outbox_gives_the_record_of_the_examples(self):
        routed_to, record = self.published()
        self.assertEqual(routed_to, "crm.touchpoints.v1")
        # Kafka Connect publishes by Kafka's Java client.
        topic = self.topic(PARTITIONS)
        self.broker.java(topic, [record])
        self.golden["headers"]["id"] = PURCHASE["eventId"]
        self.check_record(topic)
        self.check_facts(topic)


if __name__ == "__main__":
    case.main()
