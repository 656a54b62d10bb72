#!/usr/bin/env python3
"""The examples for publishers, run as their READMEs print them, against a real broker.

Each README below consumers/transactions/examples has blocks of shell. A test runs all of them with
its own BROKERS, TOPIC and SERVER, and finds the record of purchase.json: key, partition, headers
and value byte for byte, and the facts that an embedded log folds out of the same purchase.
"""
import json
import os
import re
import subprocess

import case
from kafka_case import KafkaCase
from program import ROOT, Failed
from wire import cloud_event_headers, record_of

EXAMPLES = ROOT / "consumers/transactions/examples"
# The first time, packages are fetched.
RUN_SECONDS = 600
LINES_MAX = 60
PURCHASE = {"eventId": "shop:1001", "customerId": "cust-0311", "source": "shop",
            "occurredAt": "2024-03-31T10:15:00Z",
            "purchaseMade": {"order": "1001", "amount": {"micros": "64200000", "currency": "GBP"}}}
PARTITIONS = 15


def murmur2(data):
    """Kafka's hash of a key, written from its description, to check partitions by."""
    def mixed(word):
        word = word * 0x5BD1E995 & 0xFFFFFFFF
        return (word ^ word >> 24) * 0x5BD1E995 & 0xFFFFFFFF

    value, whole = 0x9747B28C ^ len(data), len(data) // 4 * 4
    for at in range(0, whole, 4):
        value = value * 0x5BD1E995 & 0xFFFFFFFF ^ mixed(int.from_bytes(data[at:at + 4], "little"))
    if whole < len(data):
        value = (value ^ int.from_bytes(data[whole:], "little")) * 0x5BD1E995 & 0xFFFFFFFF
    value = (value ^ value >> 13) * 0x5BD1E995 & 0xFFFFFFFF
    return value ^ value >> 15


def partition_of(key):
    return (murmur2(key.encode()) & 0x7FFFFFFF) % PARTITIONS


def blocks_of(readme):
    """The blocks of shell of a README, in order."""
    return re.findall(r"^```sh\n(.*?)^```$", readme.read_text("utf-8"), re.MULTILINE | re.DOTALL)


class ExamplesCase(KafkaCase):
    """Compares what is on a topic with the golden record, and its facts."""

    def setUp(self):
        super().setUp()
        self.golden = json.loads((EXAMPLES / "purchase.json").read_text("utf-8"))

    def check_record(self, topic):
        """The topic holds the golden record once and nothing else."""
        records = self.broker.records(topic)
        self.assertEqual(len(records), 1, records)
        self.assertEqual({name: records[0][name] for name in self.golden}, self.golden)

    def check_facts(self, topic):
        """What is folded out of the topic is what an embedded log folds."""
        server = self.engine(topic, name=f"of-{topic}")
        status = self.await_events(server, 1)
        self.assertEqual(int(status["events"].get("rejected", 0)), 0, status["events"])
        self.assertEqual(server.digest()[0], self.embedded_facts([PURCHASE]))
        again = server.publish([PURCHASE])[0]
        self.assertEqual(again["status"], "STATUS_DUPLICATE", "the same content")
        server.stop()


class ExamplesTest(ExamplesCase):
    installed = set()

    def blocks(self, language):
        """Blocks of a language's README: the first installs, each of the others publishes."""
        blocks = blocks_of(EXAMPLES / language / "README.md")
        self.assertGreaterEqual(len(blocks), 2, f"{language}/README.md")
        if language not in self.installed:
            self.run_block(blocks[0])
            self.installed.add(language)
        return blocks[1:]

    def run_block(self, block, **environment):
        """Runs a block in the repository's root, as a reader would; its stdout."""
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", block], cwd=ROOT, text=True,
                              env=os.environ | environment, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=RUN_SECONDS, check=False)
        if done.returncode != 0:
            raise Failed(f"exit {done.returncode} from\n{block}\n{done.stdout[-2000:]}"
                         f"{done.stderr[-3000:]}")
        return done.stdout

    def check_kafka_example(self, language):
        topic = self.topic(PARTITIONS)
        said = self.run_block(self.blocks(language)[0], BROKERS=self.broker.address, TOPIC=topic)
        self.assertIn(f"partition {self.golden['partition']}, offset 0", said)
        self.check_record(topic)
        self.check_facts(topic)

    def check_server_example(self, block):
        """An example that publishes through a server, whose log is Kafka."""
        topic = self.topic(PARTITIONS)
        server = self.engine(topic, name=f"through-{topic}")
        doors = {"SERVER": server.address, "HTTP": server.http}
        self.assertIn("ACCEPTED", self.run_block(block, **doors))
        # What is in flight is appended again, and folded once.
        server.await_folded()
        self.assertIn("DUPLICATE", self.run_block(block, **doors))
        server.stop()
        self.check_record(topic)
        self.check_facts(topic)

    def test_the_golden_record_is_what_the_contract_says(self):
        listed = {"TT0124": 10, "cust-1": 4, "cust-2": 13}
        self.assertEqual({key: partition_of(key) for key in listed}, listed)
        record = record_of(PURCHASE, headers=cloud_event_headers(PURCHASE))
        self.assertEqual(self.golden, record | {"partition": partition_of(record["key"])})

    def test_examples_are_short(self):
        for path in EXAMPLES.rglob("*"):
            if path.suffix in (".py", ".java", ".go", ".js", ".sh", ".sql"):
                self.assertLessEqual(len(path.read_text("utf-8").splitlines()), LINES_MAX, path)

    def test_python_to_kafka(self):
        self.check_kafka_example("python")

    def test_python_to_a_server(self):
        self.check_server_example(self.blocks("python")[1])

    def test_curl_to_a_server(self):
        self.check_server_example(self.blocks("curl")[0])

    def test_curl_to_a_server_as_a_cloud_event(self):
        self.check_server_example(self.blocks("curl")[1])

    def test_node_to_kafka(self):
        self.check_kafka_example("node")

    def test_go_to_kafka(self):
        self.check_kafka_example("go")

    def test_java_to_kafka(self):
        self.check_kafka_example("java")


if __name__ == "__main__":
    case.main()
