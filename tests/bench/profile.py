#!/usr/bin/env python3
"""Where the time goes: nanoseconds of CPU an event, by step, from one run under perf.

    tools/dev bench profile                        live fold of a Kafka topic
    tools/dev bench profile --embedded             live fold of the embedded log, appending included
    tools/dev bench profile --rebuild              fold from the archive of an embedded log
    tools/dev bench profile --workload zipf-text --events 2000000 --rounds 5 --top 10

perf samples the process's use of the CPU (cpu-clock, so a machine without hardware counters will
do) while rapport_bench folds, and not while it fills the log. Stacks are unwound by DWARF, since
the libraries keep no frame pointers. tests/bench/profile_steps.txt says which function belongs to
which step; a sample belongs to the innermost function that is named there. What all threads of the
process used is shared out by samples, so that a lost sample loses no time. Kafka's broker is
another process and is left out.

Writes build/profile.json; perf's own data stay in build/profile.data for perf report.
Exit codes: 0 done, 1 failed (also when more than --unattributed-max percent belong to no step: the
table has fallen behind the code), 2 wrong usage, 77 perf is missing or not allowed.
"""

import argparse
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
STEPS = pathlib.Path(__file__).with_name("profile_steps.txt")
UNKNOWN = "unattributed"
# `comm pid/tid period`, then a line a frame: `address function (file)`.
HEAD = re.compile(r"(?P<thread>.*?)\s+(?P<pid>\d+)/\d+\s+\d+")
FRAME = re.compile(r"\s+[0-9a-f]+ (?P<function>.*) \((?P<file>[^()]*|\[[^()]*\][^()]*)\)$")


class Failure(Exception):
    """Ends the program with a message and an exit code."""

    def __init__(self, message, code=1):
        super().__init__(message)
        self.code = code


class Steps:
    """The committed table of steps."""

    def __init__(self, path):
        self.names = []
        self.rules = {"around": [], "in": [], "thread": []}
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            words = line.split(None, 2)
            if len(words) != 3 or words[0] not in self.rules:
                raise Failure(f"{path}:{number}: not `around|in|thread STEP PATTERN`")
            how, step, pattern = words
            if step not in self.names:
                self.names.append(step)
            self.rules[how].append((re.compile(pattern), step))
        self.found = {}

    def step_of(self, how, name):
        key = (how, name)
        if key not in self.found:
            self.found[key] = next(
                (step for pattern, step in self.rules[how] if pattern.search(name)), None)
        return self.found[key]

    def of(self, thread, functions):
        steps = [self.step_of("around", function) for function in reversed(functions)]
        steps += [self.step_of("in", function) for function in functions]
        steps.append(self.step_of("thread", thread))
        return next((step for step in steps if step), UNKNOWN)


def record(arguments, data):
    """Runs rapport_bench under perf and returns what it printed."""
    if not shutil.which("perf"):
        raise Failure("perf is missing: install the package linux-perf", 77)
    paranoid = int(pathlib.Path("/proc/sys/kernel/perf_event_paranoid").read_text())
    root = os.geteuid() == 0
    if not root and paranoid > 2:
        raise Failure("perf is not allowed: sysctl kernel.perf_event_paranoid=1, or be root", 77)
    event = "cpu-clock" if root or paranoid <= 1 else "cpu-clock:u"
    if event != "cpu-clock":
        print("the kernel's part is not seen (perf_event_paranoid): it is shared out like the rest")
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["perf", "record", "-q", "-e", event, "-o", f"{folder}/try", "true"],
                               stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if tried.returncode != 0:
            raise Failure("perf is not allowed to sample here; in a container it often is not", 77)
        pipes = [f"{folder}/control", f"{folder}/ack"]
        for pipe in pipes:
            os.mkfifo(pipe)
        command = ["perf", "record", "-q", "-e", event, "-F", str(arguments.frequency),
                   "--call-graph", f"dwarf,{arguments.stack_bytes}", "--delay=-1",
                   f"--control=fifo:{pipes[0]},{pipes[1]}", "-o", str(data)]
        if root:
            command.append("--mmap-pages=4096")
        command += ["--", arguments.program,
                    "--profile", "rebuild" if arguments.rebuild else "live",
                    "--control", pipes[0], "--ack", pipes[1], "--rounds", str(arguments.rounds)]
        if arguments.rebuild or arguments.embedded:
            command.append("--embedded")
        done = subprocess.run(command + arguments.rest, stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, check=False)
    match = re.search(r"^pid=.*$", done.stdout, re.MULTILINE)
    if done.returncode != 0 or not match:
        raise Failure(f"perf record ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return dict(word.split("=", 1) for word in match.group().split())


def samples(data, pid):
    """Thread and functions, innermost first, of each sample of process `pid`."""
    command = ["perf", "script", "-i", str(data), "--no-inline",
               "-F", "comm,pid,tid,period,ip,sym,dso"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          errors="replace") as process:
        thread, frames = None, []
        for line in process.stdout:
            if line[0] not in " \t\n":
                head = HEAD.match(line)
                thread = head["thread"] if head and head["pid"] == pid else None
                frames = []
            elif line == "\n":
                if thread is not None:
                    yield thread, frames
                thread = None
            elif thread is not None:
                frame = FRAME.match(line)
                if frame:
                    frames.append((frame["function"], frame["file"]))
        if thread is not None:
            yield thread, frames
    if process.returncode != 0:
        raise Failure(f"perf script cannot read {data}")


def label(frames):
    """What to call a sample within its step: the function it was in, or the kernel or library when
    that names none, and the innermost function of ours that it worked for."""
    if not frames:
        return "?"
    function, file = frames[0]
    if file.startswith("[kernel"):
        function = "kernel"
    elif function == "[unknown]":
        function = pathlib.PurePath(file).name
    ours = next((name for name, _ in frames if name.startswith("rapport::")), None)
    if ours is None:
        outer = next((name for name, of in frames if not of.startswith("[kernel")
                      and name not in ("[unknown]", function)), None)
        return f"{function}, for {outer}" if outer else function
    return ours if function == ours else f"{function}, for {ours}"


def measure(arguments, data):
    run = record(arguments, data)
    steps = Steps(STEPS)
    counts, tops = collections.Counter(), collections.defaultdict(collections.Counter)
    for thread, frames in samples(data, run["pid"]):
        step = steps.of(thread, [function for function, _ in frames])
        counts[step] += 1
        tops[step][label(frames)] += 1
    if not counts:
        raise Failure("perf took no sample; try more --events")
    ns = float(run["cpu_ns"]) / float(run["events"])
    total = sum(counts.values())
    return {
        "what": "rebuild" if arguments.rebuild else "live fold",
        "log": "embedded" if arguments.rebuild or arguments.embedded else "Kafka",
        "workload": run["workload"],
        "events": int(run["events"]),
        "seconds": float(run["seconds"]),
        "samples": total,
        "ns_an_event": ns,
        "steps": [
            {"step": step, "ns_an_event": ns * counts[step] / total, "share": counts[step] / total,
             "top": [{"function": name, "ns_an_event": ns * count / total}
                     for name, count in tops[step].most_common(arguments.top)]}
            for step in [*steps.names, UNKNOWN] if counts[step] or step == UNKNOWN],
    }


def show(report):
    print(f"{report['what']} of {report['workload']}, {report['log']} log: "
          f"{report['events']:,} events, {report['ns_an_event']:,.0f} ns of CPU an event, "
          f"{report['events'] / report['seconds']:,.0f} events/s until all is durable; "
          f"{report['samples']:,} samples\n")
    print(f"{'step':14}{'ns an event':>12}{'share':>9}")
    for step in report["steps"]:
        print(f"{step['step']:14}{step['ns_an_event']:12,.0f}{step['share']:9.1%}")
    for step in report["steps"]:
        print(f"\n{step['step']}")
        for top in step["top"]:
            print(f"{top['ns_an_event']:8,.1f}  {top['function'][:110]}")


def parse(words):
    parser = argparse.ArgumentParser(description="Nanoseconds of CPU an event, by step.")
    parser.add_argument("program", help="rapport_bench; tools/dev says it")
    parser.add_argument("--rebuild", action="store_true", help="fold from the archive")
    parser.add_argument("--embedded", action="store_true", help="the embedded log, no broker")
    parser.add_argument("--rounds", type=int, default=3, help="how often it is folded; default 3")
    parser.add_argument("--top", type=int, default=5, help="functions shown a step; default 5")
    parser.add_argument("--frequency", type=int, default=1997, help="samples a second and core")
    parser.add_argument("--stack-bytes", type=int, default=8192, help="of a sample, to unwind")
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "build" / "profile.json")
    parser.add_argument("--data", type=pathlib.Path, default=ROOT / "build" / "profile.data")
    parser.add_argument("--unattributed-max", type=float, default=5, help="percent; default 5")
    arguments, arguments.rest = parser.parse_known_args(words)
    return arguments


def main(words):
    arguments = parse(words)
    arguments.data.parent.mkdir(exist_ok=True)
    report = measure(arguments, arguments.data)
    arguments.json.write_text(json.dumps(report, indent=1) + "\n")
    show(report)
    share = 100 * report["steps"][-1]["share"]
    if share > arguments.unattributed_max:
        raise Failure(f"{share:.0f} % belong to no step: bring {STEPS.name} up to date")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Failure as failure:
        print(f"profile: {failure}", file=sys.stderr)
        sys.exit(failure.code)
