#!/usr/bin/env python3
"""What an operator meets without Kafka: a disk that fails under the running program, a start that
does not come to its end, a partition that stands still."""
import errno
import os
import pathlib
import resource
import shutil
import signal
import socket
import time

import case
from case import Case
from history import shop_history
from program import Server, lines_of, poll, run_program

FAILED, UNAVAILABLE, DISK_FAILED = 1, 5, 74
# A server that is told to end while it starts ends within this.
END_SECONDS = 10


class SmallDisk:
    """Lets a process write no file of more than so many bytes, as a disk that fails would."""

    def __init__(self, bytes_max):
        self.bytes_max = bytes_max

    def __call__(self):
        # A write beyond it is an error then, and not the end.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.bytes_max, self.bytes_max))


class DiskFailsTest(Case):
    def test_write_that_fails_ends_the_server_with_74_and_nothing_answered_is_lost(self):
        server = Server(self.program, self.folder / "data")
        server.limit = SmallDisk(1 << 20)
        self.enterContext(server)
        answered, seed = 0, 50
        while True:
            seed += 1
            done = run_program(self.program, "events", "publish", "-", "--server", server.address,
                               "--format", "jsonl",
                               stdin=lines_of(shop_history(seed, customers=40, events=2000)))
            answered += done.stdout.count('"STATUS_ACCEPTED"')
            if done.returncode != 0:
                break
            self.assertLess(seed, 100, "the disk never failed")
        self.assertEqual(done.returncode, UNAVAILABLE, done.stderr)
        self.assertEqual(server.wait(), DISK_FAILED)
        said = server.said()
        self.assertIn("rapport: LOG_FAILED", said)
        self.assertIn("check the disk, then start again", said)
        server.limit = None
        server.start()
        folded = int(server.await_folded()["events"]["folded"])
        # What was sent last may be there, too: it was not answered and not taken back.
        self.assertGreater(answered, 0)
        self.assertGreaterEqual(folded, answered)
        self.assertLessEqual(folded, answered + 2000)


class Blockade:
    """A pipe in the place of a file: who reads the file waits, until the file is put back."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.away = self.path.with_name(self.path.name + ".away")
        self.path.rename(self.away)
        os.mkfifo(self.path)
        self.writer = None

    def await_reader(self):
        """Returns when somebody reads, and lets them wait."""
        def reads():
            try:
                self.writer = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
                return True
            except OSError as error:
                if error.errno != errno.ENXIO:
                    raise
                return False
        poll("the file is read", reads, seconds=30)

    def leave(self):
        """Nobody is waited for any more; the next reader waits again."""
        os.close(self.writer)

    def lift(self):
        self.path.unlink()
        self.away.rename(self.path)


class SlowStartTest(Case):
    """The start takes for ever, because a file that it reads does not come."""

    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        server = self.server()
        server.publish(shop_history(61, customers=5, events=50))
        server.await_folded()
        server.stop()

    def state(self):
        """The folder of the state."""
        return next(path for path in (self.data / "state").iterdir() if path.is_dir())

    def begun(self, blockade, *flags):
        """A server that is in the midst of its start."""
        server = Server(self.program, self.data, *flags)
        self.addCleanup(server.__exit__)
        server.begin()
        blockade.await_reader()
        return server

    def test_signal_ends_it_in_order_within_seconds(self):
        blockade = Blockade(self.data / "wrapping.key")
        for how in (signal.SIGTERM, signal.SIGINT):
            server = self.begun(blockade)
            begun = time.monotonic()
            self.assertEqual(server.stop(how, seconds=END_SECONDS), 0, how)
            self.assertGreater(time.monotonic() - begun, 0.5, "it got a chance to end by itself")
            self.assertIn("stopping before it has started", server.said())
            blockade.leave()
        blockade.lift()
        server.start()
        server.await_folded()

    def test_second_signal_ends_it_at_once(self):
        blockade = Blockade(self.data / "wrapping.key")
        server = self.begun(blockade)
        server.process.send_signal(signal.SIGTERM)
        poll("the first is heeded", lambda: "stopping" in server.said(), seconds=5)
        begun = time.monotonic()
        self.assertEqual(server.stop(signal.SIGTERM, END_SECONDS), -signal.SIGTERM)
        self.assertLess(time.monotonic() - begun, 1.5)

    def test_second_signal_ends_it_at_once_where_signals_by_themselves_end_nothing(self):
        # As for the first process of a container; an ignored signal, too, leaves it to the program.
        blockade = Blockade(self.data / "wrapping.key")
        server = Server(self.program, self.data)
        server.limit = lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self.addCleanup(server.__exit__)
        server.begin()
        blockade.await_reader()
        server.process.send_signal(signal.SIGTERM)
        poll("the first is heeded", lambda: "stopping" in server.said(), seconds=5)
        begun = time.monotonic()
        self.assertNotEqual(server.stop(signal.SIGTERM, END_SECONDS), 0)
        self.assertLess(time.monotonic() - begun, 1.5)

    def test_start_that_comes_to_its_end_meanwhile_is_ended_in_order(self):
        blockade = Blockade(self.data / "wrapping.key")
        server = self.begun(blockade)
        server.process.send_signal(signal.SIGTERM)
        poll("the signal is heeded", lambda: "stopping" in server.said(), seconds=5)
        os.write(blockade.writer, blockade.away.read_bytes())
        blockade.leave()
        self.assertEqual(server.wait(seconds=END_SECONDS), 0)

    def test_start_that_fails_meanwhile_is_ended_in_order(self):
        rules = self.file("rules.textproto", "")
        blockade = Blockade(rules)
        server = self.begun(blockade, "--rules", rules)
        server.process.send_signal(signal.SIGTERM)
        poll("the signal is heeded", lambda: "stopping" in server.said(), seconds=5)
        os.write(blockade.writer, b"no rules at all {")
        blockade.leave()
        self.assertEqual(server.wait(seconds=END_SECONDS), 0)

    def test_signal_ends_it_in_order_just_before_a_broker_is_given_up(self):
        server = self.begun_at_a_silent_broker()
        begun = time.monotonic()
        poll("half of what a broker gets is over", lambda: time.monotonic() - begun > 2.5)
        self.assertEqual(server.stop(seconds=END_SECONDS), 0)

    def test_signal_ends_it_while_a_broker_does_not_answer(self):
        server = self.begun_at_a_silent_broker()
        self.assertEqual(server.stop(seconds=END_SECONDS), 0)

    def begun_at_a_silent_broker(self):
        """A server that waits for a broker which takes connections and says nothing."""
        silent = self.enterContext(socket.socket())
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        silent.settimeout(30)
        server = Server(self.program, self.folder / "other", "--log", "kafka", "--brokers",
                        f"127.0.0.1:{silent.getsockname()[1]}")
        self.addCleanup(server.__exit__)
        server.begin()
        self.enterContext(silent.accept()[0])
        return server

    def test_starts_that_are_broken_off_are_no_reason_to_set_the_state_aside(self):
        blockade = Blockade(self.state() / "CURRENT")
        for _ in range(4):
            server = self.begun(blockade)
            self.assertEqual(server.stop(seconds=END_SECONDS), 0)
            blockade.leave()
        blockade.lift()
        server.start()
        self.assertNotIn("STATE_DAMAGED", server.said())
        server.await_folded()


    def test_starts_that_two_signals_end_are_no_reason_to_set_the_state_aside(self):
        blockade = Blockade(self.state() / "CURRENT")
        for _ in range(4):
            server = self.begun(blockade)
            server.process.send_signal(signal.SIGTERM)
            poll("the first is heeded", lambda: "stopping" in server.said(), seconds=5)
            self.assertEqual(server.stop(seconds=END_SECONDS), -signal.SIGTERM)
            self.assertNotIn("STATE_DAMAGED", server.said())
            blockade.leave()
        blockade.lift()
        server.start()
        self.assertNotIn("STATE_DAMAGED", server.said())
        server.await_folded()

    def test_signals_are_heeded_while_the_count_of_starts_cannot_be_read(self):
        mark = self.state().with_suffix(".opening")
        mark.write_text("1")
        server = self.begun(Blockade(mark))
        self.assertEqual(server.stop(seconds=END_SECONDS), 0)

    def test_signals_are_heeded_while_the_count_of_starts_cannot_be_written(self):
        mark = self.state().with_suffix(".opening")
        blockade = Blockade(self.state() / "CURRENT")
        for signals, code in ((1, 0), (2, -signal.SIGTERM)):
            mark.write_text("1")
            server = self.begun(blockade)
            self.assertEqual(mark.read_text(), "2", "the start is counted")
            mark.unlink()
            os.mkfifo(mark)
            if signals == 2:
                server.process.send_signal(signal.SIGTERM)
                poll("the first is heeded", lambda: "stopping" in server.said(), seconds=5)
            self.assertEqual(server.stop(seconds=END_SECONDS), code)
            blockade.leave()
            mark.unlink()

    def test_start_that_is_ended_before_the_state_is_opened_changes_no_count(self):
        mark = self.state().with_suffix(".opening")
        mark.write_text("2")
        server = self.begun(Blockade(self.data / "wrapping.key"))
        self.assertEqual(server.stop(seconds=END_SECONDS), 0)
        self.assertEqual(mark.read_text(), "2")


class StandsStillTest(Case):
    """Two partitions; the archive of one is older than its state, so that it stands still."""

    def setUp(self):
        super().setUp()
        self.data = self.folder / "data"
        server = self.server("--partitions", "2")
        server.publish(shop_history(62, customers=20, events=100))
        before = server.await_folded()
        server.stop()
        shutil.copytree(self.data / "archive", self.folder / "older")
        server.start()
        server.publish(shop_history(63, customers=1, events=10))
        after = server.await_folded()
        server.stop()
        shutil.rmtree(self.data / "archive")
        (self.folder / "older").rename(self.data / "archive")
        ends = [[int(p["logEnd"]) for p in status["partitions"]] for status in (before, after)]
        self.still = next(p for p in (0, 1) if ends[0][p] != ends[1][p])
        self.end = ends[1][self.still]

    def test_status_names_the_stop_and_its_cure_and_retry_goes_past_it(self):
        said = self.run_rapport("status", "--data", self.data, "--format", "table", timeout=60)
        self.assertIn("stopped: ARCHIVE_DAMAGED: ", said)
        self.assertIn("cure: check the disk", said)
        self.assertIn(f"events up to {self.end} were folded", said)
        said = self.run_rapport("quarantine", "retry", "--data", self.data, "--format", "table",
                                timeout=60)
        self.assertIn("0 judged again", said)
        self.assertIn(f"partition {self.still} stands still and was left out: ARCHIVE_DAMAGED",
                      said)
        done = run_program(self.program, "quarantine", "retry", "--data", self.data, "--partition",
                           self.still, timeout=60)
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("PARTITION_STOPPED: ARCHIVE_DAMAGED", done.stderr)

    def test_reads_go_on_and_tell_what_stands_still(self):
        for quiet in ((), ("--quiet",)):
            done = run_program(self.program, "customer", "show", "cust-0", "cust-1", "cust-2",
                               "--data", self.data, *quiet, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(len(done.stdout.splitlines()), 3)
            self.assertIn(f"rapport: partition {self.still} stands still: ARCHIVE_DAMAGED",
                          done.stderr, quiet)

    def test_loss_that_is_none_is_not_accepted(self):
        done = run_program(self.program, "accept-loss", "--partition", self.still, "--reason", "x",
                           "--data", self.data, timeout=60)
        self.assertEqual(done.returncode, FAILED)
        self.assertIn("NOTHING_LOST", done.stderr)


if __name__ == "__main__":
    case.main()
