"""What tests with a broker share: one broker for all tests of a file, topics of their own, engines.

    class ThingTest(KafkaCase):
        def test_it(self):
            topic = self.topic()
            server = self.filled(topic)
"""
import tempfile
import uuid

from broker import Broker
from case import Case
from history import shop_history, shuffled
from program import Server, lag, poll
from wire import record_of


class KafkaCase(Case):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory(prefix="rapport_e2e_kafka_")
        cls.addClassCleanup(cls.home.cleanup)
        cls.broker = cls.enterClassContext(Broker(cls.home.name))

    def topic(self, partitions=4):
        """A new topic, made by the program."""
        name = f"topic-{uuid.uuid4().hex[:8]}"
        self.create(name, partitions)
        return name

    def create(self, name, partitions=4):
        self.run_rapport("kafka", "topics", "--brokers", self.broker.address, "--topic", name,
                         "--partitions", partitions, "--create")

    def flags(self, topic):
        return ("--log", "kafka", "--brokers", self.broker.address, "--topic", topic)

    def engine(self, topic, *flags, name="data"):
        return self.server(*self.flags(topic), *flags, name=name)

    def refused_start(self, code, topic, says, name="data"):
        return self.refused(code, "serve", "--data", self.folder / name, "--grpc", "127.0.0.1:0",
                            "--http", "off", *self.flags(topic), says=says)

    def filled(self, topic, events=300, seed=21):
        """An engine that has folded a history out of the topic."""
        self.broker.python(topic, [record_of(e) for e in shop_history(seed, 20, events)])
        server = self.engine(topic)
        self.await_events(server, events)
        return server

    def embedded_facts(self, events):
        """The facts digest of an embedded server that gets these events, in another order."""
        with Server(self.program, self.folder / "embedded") as other:
            results = other.publish(shuffled(events, seed=3))
            self.assertEqual({r["status"] for r in results}, {"STATUS_ACCEPTED"})
            other.await_folded()
            return other.digest()[0]

    def await_status(self, server, holds):
        def ask():
            status = server.status()
            return status if holds(status) else None
        return poll("the status is as expected", ask, seconds=60)

    def await_events(self, server, count):
        """Waits until so many are folded and nothing of the log is left; the status."""
        return self.await_status(
            server, lambda s: int(s["events"].get("folded", 0)) == count and lag(s) == 0)

    def stopped(self, server, cause, count=1):
        """Waits until `count` partitions stand still for `cause`; those partitions."""
        def names(status):
            return [p for p in status["partitions"] if p.get("stoppedCause") == cause]
        return names(self.await_status(server, lambda status: len(names(status)) >= count))

    def check_rebuild(self, server, topic):
        """Another engine on the same topic has the same digests."""
        digests = server.digest()
        second = self.engine(topic, name="second")
        second.await_folded()
        self.assertEqual(second.digest(), digests, "a second engine on the same topic")
        second.stop()
