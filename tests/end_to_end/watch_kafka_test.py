#!/usr/bin/env python3
"""As watch_test.py, with the log on a real Kafka; and across a loss that was accepted: the chain
stays whole as far as it can be told, and what was lost is answered by `resync`."""
import signal

import case
import watch_test
from history import shop_history
from kafka_case import KafkaCase
from program import poll
from watch_test import Chain
from wire import record_of


class WatchKafkaTest(KafkaCase, watch_test.WatchTest):
    def opened(self):
        self.the_topic = self.topic(partitions=2)
        return self.engine(self.the_topic)

    def send(self, seed, events=80):
        """Other publishers, past this program."""
        self.broker.python(self.the_topic,
                           [record_of(event) for event in shop_history(seed, 10, events)])

    def lose(self):
        """While nobody reads, partition 0 gets events, and the broker drops the first of them."""
        end = int(self.live.status()["partitions"][0]["applied"])
        self.live.stop()
        self.send(seed=52)
        self.broker.foreign("trim", self.the_topic, 0, end + 5)
        self.live.start()
        self.stopped(self.live, "ARCHIVE_GAP")

    def take_from_resync(self, chain, watcher):
        """Forgets all that was told before the resync, as it asks for, and takes in the rest."""
        names = watcher.names()
        self.assertIn("resync", names, names)
        chain.known = {}
        for position, event, data in watcher.told[names.index("resync") + 1:]:
            self.assertNotEqual(event, "resync", data)
            self.assertTrue(chain.take(position, event, data), str(data)[:1500])
        chain.cut()

    def test_an_accepted_loss_is_answered_by_resync_and_the_chain_is_whole_on_both_sides(self):
        self.send(seed=51)
        self.await_events(self.live, 80)
        chain = Chain()
        watcher = self.watcher("?includeSnapshot=true")
        poll("the snapshot is told", lambda: "caughtUp" in watcher.names())
        self.lose()
        self.take_all(chain, watcher)
        # The other partition goes on, and so does its chain.
        before = chain.position
        watcher = self.watcher("?includeSnapshot=true", last_id=before)
        # It may have folded what it got before the watch began, or fold it only now.
        poll("what the other partition got is told", lambda: "change" in watcher.names())
        self.take_all(chain, watcher)
        self.live.run("accept-loss", "--partition", 0, "--reason", "disk of May")
        poll("who watches meanwhile is told to read anew", lambda: "resync" in watcher.names())
        self.live.await_folded()
        self.await_all_told(watcher, chain)
        self.take_from_resync(chain, watcher)
        self.expect_latest(chain)
        # A place from before the loss is none any more.
        late = self.watcher("?includeSnapshot=true", last_id=before)
        poll("it is told of the loss", lambda: late.told)
        self.assertEqual(late.told[0][1], "resync")
        self.assertIn("HISTORY_INCOMPLETE", late.told[0][2]["resync"]["reason"])
        self.live.stop(signal.SIGKILL)
        watcher.join(60)
        self.live.start()
        watcher = self.watcher(last_id=chain.position)
        self.send(seed=53)
        self.await_all_told(watcher, chain)
        self.take_all(chain, watcher)
        self.expect_latest(chain)


if __name__ == "__main__":
    case.main(watch_test.add_seed)
