"""The suites of `tools/dev prove`: what each runs, how much of it in CI, how much in a long run.

A suite is a line of SUITES. Most are one of these:

    Program("kill loop", "release", "rapport", [...], ci=40, long=1_000, unit="kills")
        builds a target of a preset and runs a command once; {amount} and {seed} are put in. It
        fails when the command does.
    Tests("tsan", "tsan", ["engine_log_test"])
        builds unit tests of a preset, all or those named, and runs whole programs side by side;
        each failed test is a failure.

`ci` and `long` are amounts: of runs, kills, seeds, or seconds. A long run of N hours takes N/4 of
`long`, at least `ci`; None leaves a suite out. With `tested` its CI bound is part of the tests, so
that `tools/dev test` runs it no second time. To add a suite is one line here, such as

    Program("crash cycles", "release", "crash_cycles",
            ["{build}/crash_cycles", "--cycles", "{amount}", "--seed", "{seed}"], 1_000, 100_000,
            "cycles")
"""
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "log"
JOBS = int(os.environ.get("RAPPORT_JOBS") or os.cpu_count() or 1)
HOURS_OF_LONG = 4
# What a sanitizer finds ends the program; its report names functions.
SANITIZERS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1:quarantine_size_mb=16",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    # What RocksDB and the other libraries do inside is theirs, and is not seen whole.
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1:ignore_noninstrumented_modules=1",
    "ASAN_SYMBOLIZER_PATH": "/usr/bin/llvm-symbolizer-14",
}
# A target may take this much at once; AddressSanitizer's own tables are part of it.
FUZZ_RSS_MB, FUZZ_MALLOC_MB = 256, 64


@dataclasses.dataclass
class Run:
    """How a suite is to be run."""
    long: bool
    hours: float
    seed: int

    def amount(self, suite):
        if not self.long:
            return suite.ci
        if suite.long is None:
            return None
        return max(suite.ci or 1, int(suite.long * self.hours / HOURS_OF_LONG))


    def patience(self):
        """Seconds after which a command is taken for hanging; far beyond what one needs."""
        return 1_800 if not self.long else 3_600 * max(2, 2 * self.hours)


@dataclasses.dataclass
class Result:
    count: int = 0
    unit: str = ""
    what: str = ""
    # Each with what it takes to see it again.
    failures: list = dataclasses.field(default_factory=list)


def call(command, log, timeout=None, env=None, append=False):
    """Runs a command with its output in build/log/LOG.log; its exit code, -1 after the timeout.

    What it started itself ends with it when the time is over.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    with open(LOGS / f"{log}.log", "a" if append else "w", encoding="utf-8") as out:
        with subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, start_new_session=True,
                              env={**os.environ, **SANITIZERS, **(env or {})}) as process:
            try:
                return process.wait(timeout)
            except BaseException as trouble:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                if not isinstance(trouble, subprocess.TimeoutExpired):
                    raise
                out.write(f"\nstopped after {timeout} s\n")
                return -1


def log_text(log):
    return (LOGS / f"{log}.log").read_text(encoding="utf-8", errors="replace")


@dataclasses.dataclass
class Suite:
    name: str
    preset: str
    targets: list
    tested: bool = False

    def build(self):
        """None, or the log that says what does not build."""
        log = f"prove-build-{self.name.replace(' ', '-')}"
        if call(["cmake", "--preset", self.preset, "-DRAPPORT_TESTS=ON"], log) != 0:
            return log
        code = call(["cmake", "--build", f"build/{self.preset}", "-j", str(JOBS), "--target",
                     *self.targets], log, append=True)
        return None if code == 0 else log

    def folder(self):
        return ROOT / "build" / self.preset


class Program(Suite):
    """One command; it fails when its exit code is not 0."""

    def __init__(self, name, preset, target, command, ci, long, unit):
        super().__init__(name, preset, [target])
        self.command, self.ci, self.long, self.unit = command, ci, long, unit

    def run(self, how):
        amount = how.amount(self)
        words = {"amount": amount, "seed": how.seed, "build": f"build/{self.preset}"}
        command = [word.format(**words) for word in self.command]
        log = "prove-" + self.name.replace(" ", "-")
        code = call(command, log, timeout=how.patience())
        failures = [] if code == 0 else [f"`{' '.join(command)}` ended with {code}, see "
                                         f"build/log/{log}.log"]
        return Result(amount, self.unit, f"seed {how.seed}" if "{seed}" in str(self.command) else
                      "", failures)


class Tests(Suite):
    """Programs of GoogleTest, each run whole, JOBS of them at a time."""
    unit = "tests"

    def __init__(self, name, preset, programs, ci_without="", long=1, tested=False):
        super().__init__(name, preset, programs or ["unit_tests"], tested)
        self.programs, self.ci_without = programs, ci_without
        self.ci, self.long = 1, long

    def names(self):
        if self.programs is not None:
            return self.programs
        return (self.folder() / "unit_tests.txt").read_text().split()

    def run_program(self, program, how):
        log = f"prove-{self.name}-{program}"
        without = "" if how.long or not self.ci_without else f"-{self.ci_without}"
        code = call([self.folder() / program, f"--gtest_filter=*{without}",
                     "--gtest_brief=1", f"--gtest_repeat={how.amount(self)}",
                     "--gtest_recreate_environments_when_repeating"], log,
                    timeout=how.patience())
        text = log_text(log)
        passed = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test", text, re.M))
        failed = sorted(set(re.findall(r"^\[  FAILED  \] ([\w./]+)(?:, |$)", text, re.M)))
        if code != 0 and not failed:
            found = re.search(r"^.*(runtime error|ERROR: \w+Sanitizer|WARNING: \w+Sanitizer"
                              r"|broken invariant).*$", text, re.M)
            failed = [found[0].strip() if found else f"ended with {code}"]
        return passed, [f"{program}: {name}, see build/log/{log}.log" for name in failed]

    def run(self, how):
        result = Result(0, self.unit, f"{len(self.names())} programs")
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            for passed, failed in pool.map(lambda name: self.run_program(name, how), self.names()):
                result.count += passed + len(failed)
                result.failures += failed
        if result.count == 0:
            result.failures.append("no test ran")
        return result


class Fuzz(Suite):
    """libFuzzer targets, JOBS at a time, each for `amount` seconds on a corpus that is kept."""
    unit = "inputs"
    # Beside tests/fuzz/corpus/NAME: what the repository has of that kind anyway.
    inputs = {
        "record": [], "history": [], "archive": [], "rows": [], "facts": [],
        "http": [],
        "import": ["deploy/import"],
        "rules": ["projections/rules", "tests/stories/rules"],
        "capsule": [],
        "text": ["tests/fossils/events"],
    }

    def __init__(self, ci, long):
        super().__init__("fuzz", "fuzz", ["fuzz"])
        self.ci, self.long = ci, long

    def run_target(self, name, how):
        log = f"prove-fuzz-{name}"
        grown = f"build/fuzz/corpus/{name}"
        found = f"build/fuzz/found/{name}-"
        for folder in (grown, "build/fuzz/found"):
            (ROOT / folder).mkdir(parents=True, exist_ok=True)
        seconds = how.amount(self)
        code = call([self.folder() / f"fuzz_{name}", f"-max_total_time={seconds}",
                     f"-seed={how.seed}", f"-rss_limit_mb={FUZZ_RSS_MB}",
                     f"-malloc_limit_mb={FUZZ_MALLOC_MB}", "-timeout=10", "-max_len=32768",
                     f"-artifact_prefix={found}", "-print_final_stats=1", grown,
                     f"tests/fuzz/corpus/{name}", *self.inputs[name]], log,
                    timeout=seconds + 300)
        text = log_text(log)
        executed = re.search(r"stat::number_of_executed_units:\s+(\d+)", text)
        failures = []
        if code != 0:
            written = re.search(r"Test unit written to (\S+)", text)
            why = re.search(r"^.*(broken invariant|runtime error|ERROR: ).*$", text, re.M)
            failures = [f"fuzz_{name}: {why[0].strip() if why else f'ended with {code}'}; input "
                        f"{written[1] if written else 'none'}"]
        elif not executed:
            failures = [f"fuzz_{name} said nothing, see build/log/{log}.log"]
        return int(executed[1]) if executed else 0, failures

    def run(self, how):
        result = Result(0, self.unit, f"{len(self.inputs)} targets, {how.amount(self)} s each")
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            for executed, failures in pool.map(lambda name: self.run_target(name, how),
                                               self.inputs):
                result.count += executed
                result.failures += failures
        return result


class Broker(Suite):
    """All tests with a real broker, as CTest knows them; a long run once more on an older Kafka."""
    unit, ci, long = "tests", 1, 1
    tests = "^(engine_log_kafka_test|EndToEnd.Kafka.*|EndToEnd.Golden)$"
    versions, older = ["4.3.1"], ["3.9.2"]

    def __init__(self):
        super().__init__("broker", "dev", ["engine_log_kafka_test", "end_to_end"], tested=True)

    def run(self, how):
        versions = self.versions + (self.older if how.long else [])
        result = Result(0, self.unit, "Kafka " + ", ".join(versions))
        for version in versions:
            log = f"prove-broker-{version}"
            env = {"RAPPORT_KAFKA_VERSION": version}
            code = call(["tests/kit/kafka/kafka", "fetch"], log, env=env)
            code = code or call(["ctest", "--test-dir", "build/dev", "-R", self.tests, "-j",
                                 str(JOBS), "--output-on-failure"], log, timeout=how.patience(),
                                env=env, append=True)
            text = log_text(log)
            result.count += len(re.findall(r"^ *\d+/\d+ Test .* (?:Passed|\*+Failed)", text, re.M))
            failed = re.findall(r"^\s*\d+ - (\S+) \((?!Skipped)", text, re.M)
            if code != 0:
                result.failures += [f"Kafka {version}: {name}, see build/log/{log}.log"
                                    for name in failed or [f"ended with {code}"]]
        if result.count == 0:
            result.failures.append("no test ran")
        return result


class Coverage(Suite):
    """Lines and branches that the unit tests and stories run; see tools/coverage.py."""
    unit = "lines"
    ci, long = None, 1

    def __init__(self):
        super().__init__("coverage", "coverage", ["unit_tests"])

    def run(self, how):
        code = call(["python3", "tools/coverage.py", "--no-build", "--check"], "prove-coverage")
        total = re.search(r"^all +([\d,]+) .*$", log_text("prove-coverage"), re.M)
        failures = [] if code == 0 else ["below the pass line, see build/log/prove-coverage.log"]
        return Result(int(total[1].replace(",", "")) if total else 0, self.unit,
                      total[0].strip() if total else "", failures)


class Tags(Suite):
    """Whether each tag of a test is honest: see tests/tags/tag_bank.py."""
    unit = "changes"
    ci, long = 1, 1

    def __init__(self):
        super().__init__("tags", "dev", ["changed_programs"])

    def run(self, how):
        code = call(["python3", "-B", "tests/tags/tag_bank.py", "prove", "--jobs", str(JOBS)],
                    "prove-tags", timeout=how.patience())
        text = log_text("prove-tags")
        total = re.search(r"^(\d+ rows), (\d+) changes", text, re.M)
        failures = re.findall(r"^FAILED  (.*)$", text, re.M)
        if code != 0 and not failures:
            failures = [f"ended with {code}, see build/log/prove-tags.log"]
        return Result(int(total[2]) if total else 0, self.unit, total[1] if total else "", failures)


# The threads of the pipeline and all that reads beside it, over seams in memory.
THREADS = ["engine_pipeline_test", "engine_log_test", "engine_store_test", "engine_history_test",
           "engine_table_test", "rules_swap_test", "grpc_door_test", "http_door_test"]
# What means something, and what reads bytes; the services are thin and are left to the plain build.
MEANING = ["engine_base_test", "engine_model_test", "engine_event_test", "engine_fold_test",
           "facts_test", "facts_reading_test", "loyalty_test", "stage_test", "kind_test",
           "follow_up_test", "explain_test", "report_test", "metrics_test", "rule_sets_test",
           "properties_test", "golden_stage_test", "golden_score_test", "golden_follow_up_test",
           "stories_kit_test", "stories_test", "fossils_test", "fuzz_corpus_test", "edge_test",
           "transactions_test"]
# They take half a minute and more under a sanitizer; `tools/dev test` has them without.
LENGTHY = "RocksCrashTest.*:HttpDoorTest.StreamsBeyondTheLimitAreRefused"

SUITES = [
    # With stories, conformance of the seams, fossils, and each call of the disk failing once.
    Tests("unit", "dev", None, long=20, tested=True),
    Tags(),
    # In CI 500 histories each, which is part of `unit`.
    Program("properties", "dev", "facts_property_test",
            ["env", "RC_PARAMS=max_success={amount} max_size=400 seed={seed}",
             "{build}/facts_property_test"],
            None, 10_000, "histories each"),
    Program("meaning", "dev", "properties_test",
            ["env", "RAPPORT_CASES={amount}", "RAPPORT_SEED={seed}", "{build}/properties_test"],
            None, 10_000, "histories each"),
    Program("simulation", "release", "rapport_sim",
            ["{build}/rapport_sim", "--seeds", "{amount}", "--first", "{seed}"], 5_000, 600_000,
            "seeds"),
    Program("crash cycles", "release", "crash_cycles",
            ["{build}/crash_cycles", "--cycles", "{amount}", "--seed", "{seed}"], 1_000, 100_000,
            "cycles"),
    Program("engine cycles", "release", "crash_cycles",
            ["{build}/crash_cycles", "--table", "engine", "--cycles", "{amount}", "--seed",
             "{seed}"], 200, 20_000, "cycles"),
    # How many seeds each deliberate fault may take until one of them sees it.
    Program("fault bank", "release", "rapport_sim_faults",
            ["python3", "-B", "tests/simulation/fault_bank.py", "hunt", "--program",
             "{build}/rapport_sim_faults", "--seeds", "{amount}"], 300, 2_000, "seeds a fault"),
    Fuzz(ci=10, long=20 * 60),
    # In the folder of fuzzing, which is compiled alike.
    Tests("asan", "fuzz", THREADS + MEANING, ci_without=LENGTHY, long=4),
    Tests("tsan", "tsan", THREADS, ci_without=LENGTHY, long=20),
    Program("kill loop", "release", "rapport",
            ["python3", "-B", "tests/end_to_end/kill_test.py", "--program", "{build}/rapport",
             "--cycles", "{amount}", "--seed", "{seed}"], 30, 1_000, "kills"),
    Program("kafka kills", "release", "rapport",
            ["python3", "-B", "tests/end_to_end/kafka_kill_test.py", "--program",
             "{build}/rapport", "--cycles", "{amount}", "--seed", "{seed}"], 8, 200, "kills"),
    Broker(),
    Coverage(),
]
