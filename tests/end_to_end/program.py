"""Runs the program as a user does: serve on a free loopback port, commands, JSON lines back."""
import ctypes
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS = 60
COMMAND_SECONDS = 300
FOLD_SECONDS = 120
LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


class Failed(Exception):
    """A command ended otherwise than expected."""


def data_folder():
    """Where the real purchase logs are (RAPPORT_DATA)."""
    return pathlib.Path(os.environ.get("RAPPORT_DATA", ROOT / "../shared/data")).resolve()


def golden_folder():
    """Where the golden vectors made from them are (RAPPORT_GOLDEN)."""
    return pathlib.Path(os.environ.get("RAPPORT_GOLDEN", ROOT / "../shared/golden")).resolve()


def die_with_parent():
    """Between fork and exec: what a test started ends with the test, however that ends."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run_program(program, *words, stdin=None, timeout=COMMAND_SECONDS):
    """Runs one command to its end: exit code, stdout, stderr."""
    return subprocess.run([str(program), *map(str, words)], input=stdin, capture_output=True,
                          text=True, timeout=timeout, check=False)


def expect(done, code):
    """The stdout of a command that must have ended with `code`."""
    if done.returncode != code:
        raise Failed(f"{' '.join(done.args[1:])}: exit {done.returncode}, not {code}: "
                     f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def poll(what, ask, seconds=FOLD_SECONDS):
    """Asks until the answer is true; the answer. Fails by name when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"after {seconds} s still not so: {what}")
        time.sleep(0.02)


def lag(status):
    """Records in the log that are not applied yet."""
    return sum(int(p.get("logEnd", 0)) - int(p.get("applied", 0)) for p in status["partitions"])


def own_loopback():
    """A loopback address that only servers of this process listen on.

    A client that is not told of its server's end would else reach the server of another test that
    was given the same port.
    """
    number = os.getpid() + (1 << 16)
    return f"127.{number >> 16 & 0x7F}.{number >> 8 & 0xFF}.{number & 0xFF}"


class Server:
    """`rapport serve` in a process of its own.

    with Server(program, folder) as server:
        server.run("events", "publish", "-", stdin=lines)
    """

    def __init__(self, program, folder, *flags):
        self.program = str(program)
        self.folder = str(folder)
        self.flags = [str(flag) for flag in flags]
        self.process = None
        self.address = None
        # The same of HTTP; None when it is off.
        self.http = None
        # What it said on stderr, all its starts together; a pipe could fill and hold it up.
        self.talk = None
        # Called in the new process, to take something away from it.
        self.limit = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self.talk is not None:
            self.talk.close()

    def begin(self):
        """Starts the process; does not wait until it serves."""
        if self.talk is None:
            self.talk = tempfile.TemporaryFile("w+")

        def prepare():
            die_with_parent()
            if self.limit is not None:
                self.limit()

        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.folder, "--grpc", f"{own_loopback()}:0",
             *(() if "--http" in self.flags else ("--http", f"{own_loopback()}:0")), *self.flags],
            stdout=subprocess.PIPE, stderr=self.talk, text=True, preexec_fn=prepare)

    def start(self):
        self.begin()
        line = self.process.stdout.readline()
        match = re.search(r"gRPC (127\.[\d.]+:\d+)", line)
        if match is None:
            code = self.stop(signal.SIGKILL)
            raise Failed(f"serve ended with {code}, said {line!r}: {self.said()}")
        self.address = match[1]
        match = re.search(r"HTTP (127\.[\d.]+:\d+)", line)
        self.http = match and match[1]

    def stop(self, how=signal.SIGTERM, seconds=60):
        """Ends the server; its exit code (minus the signal's number when that ended it)."""
        if self.process is None:
            return 0
        self.process.send_signal(how)
        return self.wait(seconds)

    def wait(self, seconds=60):
        """Waits for the server, which ends by itself; its exit code."""
        process, self.process = self.process, None
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as late:
            process.kill()
            process.communicate()
            raise Failed(f"the server did not end within {seconds} s") from late
        return process.returncode

    def said(self):
        self.talk.seek(0)
        return self.talk.read()

    def run(self, *words, stdin=None, code=0):
        """Runs a command against this server; its stdout. Fails unless it exits with `code`."""
        done = run_program(self.program, *words, "--server", self.address, stdin=stdin)
        return expect(done, code)

    def json(self, *words, stdin=None):
        """Runs a command with JSON lines as its answer; the objects."""
        text = self.run(*words, "--format", "jsonl", stdin=stdin)
        return [json.loads(line) for line in text.splitlines()]

    def publish(self, events):
        """Publishes touchpoints (objects); what became of each."""
        return self.json("events", "publish", "-", stdin=lines_of(events))

    def digest(self):
        """(facts digest, state digest) of everything applied."""
        answer = self.json("digest")[0]
        return answer["factsDigest"], answer["stateDigest"]

    def status(self):
        return self.json("status")[0]

    def await_folded(self):
        """Waits until nothing of the log is left to fold; the status."""
        def folded():
            status = self.status()
            return status if lag(status) <= 0 else None
        return poll("everything is folded", folded)


def lines_of(events):
    """Touchpoints as JSON lines."""
    return "".join(json.dumps(event) + "\n" for event in events)
