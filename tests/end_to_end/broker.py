"""A real Kafka broker for a test, and the foreign clients that talk to it.

    with Broker(folder) as broker:
        broker.java("topic", records)      # Kafka's Java client
        broker.python("topic", records)    # Confluent's Python client
        broker.stop(); broker.start()      # its data and address stay
"""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys

from program import ROOT, Failed, die_with_parent, lines_of

KAFKA = ROOT / "tests/kit/kafka/kafka"
HERE = pathlib.Path(__file__).resolve().parent
VENV = ROOT / "build/venv/bin/python"
CLIENT_SECONDS = 120


def finish(command, what, stdin=None, seconds=CLIENT_SECONDS, env=None):
    done = subprocess.run(list(map(str, command)), input=stdin, capture_output=True, text=True,
                          timeout=seconds, check=False, env=env)
    if done.returncode != 0:
        said = done.stdout[-500:] + done.stderr[-2000:]
        raise Failed(f"{what} failed ({done.returncode}): {said}")
    return done.stdout


class Broker:
    """One broker on loopback; ends with the test."""

    def __init__(self, folder, version=None):
        self.folder = pathlib.Path(folder)
        self.env = os.environ | ({"RAPPORT_KAFKA_VERSION": version} if version else {})
        self.process = None
        self.address = None
        # Where it speaks TLS, when the folder was made for that (tests/kit/kafka/kafka).
        self.secure_address = None

    def __enter__(self):
        finish([KAFKA, "fetch"], "fetching a broker", env=self.env)
        said = finish([KAFKA, "prepare", self.folder], "preparing a broker", env=self.env)
        addresses = dict(word.split("=", 1) for word in said.split())
        self.address = addresses["bootstrap"]
        self.secure_address = addresses.get("secure")
        self.start()
        return self

    def __exit__(self, *_):
        self.stop(signal.SIGKILL)

    def start(self):
        # The script becomes the broker, so this process is the broker's parent and ends it.
        self.process = subprocess.Popen([sys.executable, "-B", str(KAFKA), "run", str(self.folder)],
                                        preexec_fn=die_with_parent, env=self.env)
        finish([KAFKA, "wait", self.folder], "starting a broker", env=self.env)

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return
        process, self.process = self.process, None
        process.send_signal(how)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def java(self, topic, records):
        """Sends records by Kafka's Java client and its default partitioner."""
        libs = next(iter(sorted(ROOT.glob("build/kafka/*/libs"))), None)
        if libs is None or shutil.which("javac") is None:
            raise Failed("no Java client: run tools/dev setup --tests")
        lines = "".join("\t".join([record["key"], record["value"],
                                   *(f"{k}={v}" for k, v in record["headers"].items())]) + "\n"
                        for record in records)
        said = finish(["java", "-cp", f"{libs}/*", HERE / "java/ForeignProducer.java", self.address,
                       topic], "the Java producer", stdin=lines)
        if said.split()[-1:] != [str(len(records))]:
            raise Failed(f"the Java producer sent {said!r} of {len(records)}")

    def foreign(self, *words, stdin=None):
        """Runs foreign.py; its stdout."""
        if not VENV.exists():
            raise Failed(f"{VENV} is missing: run tools/dev test, which installs requirements.txt")
        verb, *rest = words
        return finish([VENV, "-B", HERE / "foreign.py", self.address, verb, *rest],
                      f"foreign.py {verb}", stdin=stdin)

    def python(self, topic, records, *settings):
        """Sends records by Confluent's Python client, with settings of its own."""
        self.foreign("produce", topic, *settings, stdin=lines_of(records))

    def transactions(self, topic, records):
        """Sends records in transactions, every third aborted; those that were committed."""
        said = self.foreign("transactions", topic, stdin=lines_of(records))
        return [json.loads(line) for line in said.splitlines()]

    def records(self, topic):
        """Every record of a topic, read by Confluent's Python client."""
        return [json.loads(line) for line in self.foreign("dump", topic).splitlines()]
