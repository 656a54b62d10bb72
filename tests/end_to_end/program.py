"""Runs the program as a user does: serve on a free loopback port, commands, JSON lines back."""
import json
import os
import pathlib
import re
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Failed(Exception):
    """A command ended otherwise than expected."""


def data_folder():
    """Where the real purchase logs are (RAPPORT_DATA)."""
    return pathlib.Path(os.environ.get("RAPPORT_DATA", ROOT / "../shared/data")).resolve()


def golden_folder():
    """Where the golden vectors made from them are (RAPPORT_GOLDEN)."""
    return pathlib.Path(os.environ.get("RAPPORT_GOLDEN", ROOT / "../shared/golden")).resolve()


class Server:
    """`rapport serve` in a process of its own.

    with Server(program, folder) as server:
        server.run("events", "publish", "-", stdin=lines)
    """

    def __init__(self, program, folder, *flags):
        self.program = str(program)
        self.folder = str(folder)
        self.flags = flags
        self.process = None
        self.address = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.folder, "--grpc", "127.0.0.1:0", *self.flags],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        match = re.search(r"gRPC (127\.0\.0\.1:\d+)", line)
        if match is None:
            raise Failed(f"serve said {line!r}: {self.process.communicate()[1]}")
        self.address = match[1]

    def stop(self, how=signal.SIGTERM):
        if self.process is None:
            return 0
        self.process.send_signal(how)
        self.process.communicate(timeout=60)
        code, self.process = self.process.returncode, None
        return code

    def run(self, *words, stdin=None, code=0):
        """Runs a command against this server; its stdout. Fails unless it exits with `code`."""
        done = subprocess.run([self.program, *words, "--server", self.address], input=stdin,
                              capture_output=True, text=True, timeout=600, check=False)
        if done.returncode != code:
            raise Failed(f"{' '.join(words)}: exit {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def json(self, *words, stdin=None):
        """Runs a command with JSON lines as its answer; the objects."""
        text = self.run(*words, "--format", "jsonl", stdin=stdin)
        return [json.loads(line) for line in text.splitlines()]

    def digest(self):
        """(facts digest, state digest) of everything applied."""
        answer = self.json("digest")[0]
        return answer["factsDigest"], answer["stateDigest"]

    def await_folded(self):
        """Waits until nothing of the log is left to fold; the status."""
        while True:
            status = self.json("status")[0]
            behind = [p for p in status["partitions"]
                      if int(p.get("applied", 0)) < int(p.get("logEnd", 0))]
            if not behind:
                return status
