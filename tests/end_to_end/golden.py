#!/usr/bin/env python3
"""Imports the real purchase logs with the program, compares its answers with the golden files.

usage: golden.py --program PROGRAM [--kafka | --brokers HOST:PORT]

Reads standings back by `customer show --as-of`, row by row; prints per file the rows compared and
the rows equal, and per import its counts. The facts digest must be the same after importing twice,
after publishing the events in another order and, with --brokers, after going through that Kafka
(with --kafka, through a broker of the test's own). Exit status 0 when everything is equal, 77 when
the data are not here, which in CI counts as failed.
"""
import argparse
import contextlib
import csv
import os
import random
import subprocess
import sys
import tempfile

from broker import Broker
from case import SKIPPED
from program import Server, data_folder, golden_folder, ROOT

CDNOW = "1997-09-30T23:59:59Z"
UCI = "2011-06-09T23:59:59Z"
UCI_FILE = "uci_online_retail/online_retail.csv.gz"
# golden file (none: only the digests are compared), mapping, data file, moment
SCORES = [
    ("score_cdnow_sample.csv", "cdnow-sample", "cdnow/CDNOW_sample.txt", CDNOW),
    (None, "cdnow", "cdnow/CDNOW_master.txt.gz", CDNOW),
    ("score_uci.csv", "online-retail-purchases", UCI_FILE, UCI),
    ("score_uci_full.csv", "online-retail", UCI_FILE, UCI),
]


def bare(name, prefix):
    return name[len(prefix):] if name.startswith(prefix) else name


def line_of(standing, name):
    for line in standing["lines"]:
        if line["line"] == "SCORE_LINE_" + name:
            return line
    return {}


def read_input(line, name):
    for value in line.get("receipt", {}).get("inputs", []):
        if value["name"] == name:
            return str(value.get("value", 0))
    return "0"


def row_of(answer):
    """The answer in the columns of the golden files."""
    standing = answer["standing"]
    rhythm, outlook, value = (line_of(standing, n) for n in ("RHYTHM", "OUTLOOK", "VALUE"))
    reversed_centi = answer.get("facts", {}).get("money", {}).get("reversedCenti", 0)
    return {
        "customer": answer["customerId"],
        "purchase_days": str(standing.get("purchaseDays", 0)),
        "S_rhythm": read_input(rhythm, "S"),
        "E_outlook": read_input(outlook, "E"),
        "M_value": read_input(value, "M"),
        "rhythm": str(rhythm.get("milliPoints", 0)),
        "outlook": str(outlook.get("milliPoints", 0)),
        "value": str(value.get("milliPoints", 0)),
        "total_millipoints": str(standing.get("scoreMilli", 0)),
        "points": str(standing.get("score", 0)),
        "alive_ppm": str(standing.get("outlook", {}).get("alivePpm", 0)),
        "stage": bare(standing["stage"], "STAGE_"),
        "rule": standing["stageRule"]["ruleId"],
        "flags": ";".join(bare(f["flag"], "FLAG_") for f in standing.get("flags", [])),
        "next_stage_change_day": str(standing.get("nextStageChangeDay", "")),
        "last_act_day": str(standing.get("lastActDay", "")),
        "reversed_centi": str(reversed_centi),
    }


def compare(server, golden, moment):
    """(rows compared, rows equal); prints the first three differences."""
    with open(golden_folder() / golden, encoding="utf-8", newline="") as file:
        wanted = list(csv.DictReader(file))
    ids = "\n".join(row["customer"] for row in wanted)
    answers = server.json("customer", "show", "-", "--as-of", moment, "--facts", stdin=ids)
    equal = 0
    for want, answer in zip(wanted, answers, strict=True):
        got = row_of(answer)
        wrong = [f"{k} is {got[k]}, golden {v}" for k, v in want.items()
                 if k in got and got[k] != v]
        equal += not wrong
        if wrong and len(wanted) - equal < 3:
            print(f"  {golden} {want['customer']}: {'; '.join(wrong)}")
    return len(wanted), equal


def run_import(server, mapping, data):
    report = server.run("events", "import", "--map", str(ROOT / f"deploy/import/{mapping}.toml"),
                        str(data_folder() / data))
    server.await_folded()
    return report.splitlines()


def shuffled_digest(program, server):
    """The facts digest after the server's events were published in another order elsewhere."""
    lines = server.run("events", "tail", "--once").splitlines()
    random.Random(1).shuffle(lines)
    with tempfile.TemporaryDirectory() as folder, Server(program, folder) as other:
        other.run("events", "publish", "-", stdin="\n".join(lines))
        other.await_folded()
        return other.digest()[0]


def kafka_digest(program, brokers, mapping, data):
    """The facts digest after the import went through Kafka; each mapping has a topic of its own."""
    topic = f"golden.{mapping}"
    subprocess.run([program, "kafka", "topics", "--brokers", brokers, "--topic", topic, "--create"],
                   check=True, capture_output=True)
    flags = ("--log", "kafka", "--brokers", brokers, "--topic", topic)
    with tempfile.TemporaryDirectory() as folder, Server(program, folder, *flags) as server:
        run_import(server, mapping, data)
        return server.digest()[0]


def check(program, brokers, golden, mapping, data, moment):
    """Everything about one mapping; true when all is equal."""
    with tempfile.TemporaryDirectory() as folder, Server(program, folder) as server:
        print(f"{mapping}, embedded log")
        for line in run_import(server, mapping, data):
            print("  " + line)
        digests = {"embedded": server.digest()[0]}
        compared, equal = compare(server, golden, moment) if golden else (0, 0)
        if golden:
            print(f"  {golden}: {compared} rows compared, {equal} equal", flush=True)
        run_import(server, mapping, data)
        digests["imported twice"] = server.digest()[0]
        digests["shuffled"] = shuffled_digest(program, server)
    if brokers:
        digests["kafka"] = kafka_digest(program, brokers, mapping, data)
    for name, digest in digests.items():
        print(f"  facts {digest}  {name}", flush=True)
    return compared == equal and len(set(digests.values())) == 1


def missing_data():
    """The files that are not here."""
    wanted = [data_folder() / data for _, _, data, _ in SCORES]
    wanted += [golden_folder() / golden for golden, *_ in SCORES if golden]
    return [path for path in wanted if not path.exists()]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--brokers")
    parser.add_argument("--kafka", action="store_true", help="start a broker for this")
    args = parser.parse_args()
    missing = missing_data()
    if missing:
        print(f"{missing[0]} and {len(missing) - 1} more are missing; set RAPPORT_DATA and "
              f"RAPPORT_GOLDEN to where they are")
        return 1 if os.environ.get("CI") else SKIPPED
    with contextlib.ExitStack() as stack:
        brokers = args.brokers
        if args.kafka:
            home = stack.enter_context(tempfile.TemporaryDirectory(prefix="rapport_golden_"))
            brokers = stack.enter_context(Broker(home)).address
        good = [check(args.program, brokers, *case) for case in SCORES]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
