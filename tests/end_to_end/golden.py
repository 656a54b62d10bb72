#!/usr/bin/env python3
"""Imports the real purchase logs with the program, compares its answers with the golden files.

usage: golden.py --program PROGRAM [--kafka | --brokers HOST:PORT]

Reads standings back by `customer show --as-of`, row by row; prints per file the rows compared and
the rows equal, per import its counts, and per cut of auc.csv how well the score ranks who buys
later, from the purchases read back out of the log and as `rapport backtest` tells it, beside the
other models. The facts digest must be the same after
importing twice, after publishing the events in another order and, with --brokers, after going
through that Kafka (with --kafka, through a broker of the test's own). Exit status 0 when everything
is equal, 77 when the data are not here, which in CI counts as failed.
"""
import argparse
import bisect
import collections
import contextlib
import csv
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile
import time

from broker import Broker
from case import SKIPPED
from program import Server, data_folder, golden_folder, ROOT

CDNOW = "1997-09-30T23:59:59Z"
UCI = "2011-06-09T23:59:59Z"
UCI_FILE = "uci_online_retail/online_retail.csv.gz"
# golden file (none: only the digests and cuts are compared), mapping, data file, moment, cuts with
# the AUC of the score as it is told to people
SCORES = [
    ("score_cdnow_sample.csv", "cdnow-sample", "cdnow/CDNOW_sample.txt", CDNOW,
     {"cdnow_sample": ".7845"}),
    (None, "cdnow", "cdnow/CDNOW_master.txt.gz", CDNOW, {"cdnow_master": ".7725"}),
    ("score_uci.csv", "online-retail-purchases", UCI_FILE, UCI,
     {"uci": ".7305", "uci_late": ".7368"}),
    ("score_uci_full.csv", "online-retail", UCI_FILE, UCI, {"uci_full": ".7305"}),
]


# per cut the AUC of RFM, recency and frequency as they are told to people
RIVALS = {"cdnow_master": (".7663", ".7594", ".7527"), "uci": (".7381", ".6717", ".7102"),
          "uci_full": (".7381", ".6717", ".7102")}
# Fader, Hardie and Lee on the CDNOW sample: log-likelihood, r, alpha, a, b
BG_NBD = {"cdnow_sample": ("-9582.43", "0.2426", "4.4136", "0.7929", "2.4259")}


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


def day_of(text):
    """Days since 1970 of 19970930 or 1997-09-30T23:59:59Z."""
    date = datetime.date.fromisoformat(text[:10] if "-" in text else
                                       f"{text[:4]}-{text[4:6]}-{text[6:]}")
    return (date - datetime.date(1970, 1, 1)).days


def purchase_days(server):
    """By customer the days of the purchases in the log, in order."""
    days = collections.defaultdict(set)
    for line in server.run("events", "tail", "--once", "--kinds", "PurchaseMade").splitlines():
        event = json.loads(line)
        days[event["customerId"]].add(day_of(event["occurredAt"]))
    return {customer: sorted(of) for customer, of in days.items()}


def wins_twice(totals):
    """Twice the pairs in which the buyer has the greater total, plus the ties."""
    others = sorted(total for total, buys in totals if not buys)
    return sum(bisect.bisect_left(others, total) + bisect.bisect_right(others, total)
               for total, buys in totals if buys)


def told(ppm):
    """Four digits of a share below one, as tables have it."""
    return f".{(int(ppm) + 50) // 100:04}"


def cut_row(name):
    with open(golden_folder() / "auc.csv", encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["cut_name"] == name)


def compare_backtest(server, name):
    """True when `rapport backtest` says of one cut what its row of auc.csv and the lists say."""
    want = cut_row(name)
    cut = f"{want['cut_date'][:4]}-{want['cut_date'][4:6]}-{want['cut_date'][6:]}"
    horizon = int(want["holdout_end_day"]) - int(want["cut_day"])
    begun = time.monotonic()
    answer = server.json("backtest", "--cut", cut, "--horizon", f"{horizon}d")[0]["backtest"]
    took = time.monotonic() - begun
    auc = {bare(one["model"], "BACKTEST_MODEL_"): one["aucPpm"] for one in answer["rankings"]}
    stages = ";".join(sorted(f"{bare(one['stage'], 'STAGE_')}:{one['customers']}/{one['buyers']}"
                             for one in answer["stages"]))
    score = 1e6 * int(want["auc_numerator"]) / int(want["auc_denominator"])
    got = {"customers": answer["customers"], "buyers_in_holdout": answer["buyers"],
           "calibration_purchase_days": answer["purchaseDays"],
           "holdout_purchase_days": answer["laterPurchaseDays"], "stage_count/buyers": stages}
    wrong = [f"{k} is {v}, golden {want[k]}" for k, v in got.items() if str(v) != want[k]]
    if abs(int(auc["SCORE"]) - score) > 0.5:
        wrong.append(f"AUC is {auc['SCORE']}, golden {score}")
    rivals = tuple(told(auc[model]) for model in ("RFM", "RECENCY", "FREQUENCY"))
    if rivals != RIVALS.get(name, rivals):
        wrong.append(f"others are {rivals}, not {RIVALS[name]}")
    fit = answer["bgNbd"]
    fitted = (f"{int(fit['logLikelihoodMilli']) / 1e3:.2f}",
              *(f"{int(fit[key + 'Micro']) / 1e6:.4f}" for key in ("r", "alpha", "a", "b")))
    if fitted != BG_NBD.get(name, fitted):
        wrong.append(f"BG/NBD is {fitted}, not {BG_NBD[name]}")
    print(f"  backtest {name}: " + ", ".join(f"{m} {told(ppm)}" for m, ppm in auc.items()) +
          f", BG/NBD {' '.join(fitted)}, {took:.2f} s: {'; '.join(wrong) or 'equal'}", flush=True)
    return not wrong


def compare_cut(server, days, name, auc):
    """Ranks the customers of one cut by the server's scores; true when it is its row of auc.csv."""
    want = cut_row(name)
    cut, end = int(want["cut_day"]), int(want["holdout_end_day"])
    ids = sorted(customer for customer, of in days.items() if of[0] <= cut)
    moment = f"{want['cut_date'][:4]}-{want['cut_date'][4:6]}-{want['cut_date'][6:]}T23:59:59Z"
    answers = server.json("customer", "show", "-", "--as-of", moment, stdin="\n".join(ids))
    totals, points, alive = [], [], 0
    for customer, answer in zip(ids, answers, strict=True):
        standing = answer["standing"]
        buys = any(cut < day <= end for day in days[customer])
        totals.append((int(standing.get("scoreMilli", 0)), buys))
        points.append((int(standing.get("score", 0)), buys))
        alive += int(standing.get("outlook", {}).get("alivePpm", 0))
    buyers = sum(buys for _, buys in totals)
    pairs = 2 * buyers * (len(ids) - buyers)
    got = {"customers": len(ids), "buyers_in_holdout": buyers, "auc_denominator": pairs,
           "auc_numerator": wins_twice(totals), "sum_alive_ppm": alive,
           "sum_total_millipoints": sum(total for total, _ in totals),
           "auc_points": f"{wins_twice(points) / pairs:.6f}"}
    wrong = [f"{k} is {v}, golden {want[k]}" for k, v in got.items() if str(v) != want[k]]
    value = f"{got['auc_numerator'] / pairs:.4f}".lstrip("0")
    if value != auc:
        wrong.append(f"AUC is told as {auc}")
    print(f"  auc.csv {name}: AUC {value} of {len(ids)} customers, {buyers} buyers: "
          f"{'; '.join(wrong) or 'equal'}", flush=True)
    return not wrong


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


def check(program, brokers, golden, mapping, data, moment, cuts):
    """Everything about one mapping; true when all is equal."""
    with tempfile.TemporaryDirectory() as folder, Server(program, folder) as server:
        print(f"{mapping}, embedded log")
        for line in run_import(server, mapping, data):
            print("  " + line)
        digests = {"embedded": server.digest()[0]}
        compared, equal = compare(server, golden, moment) if golden else (0, 0)
        if golden:
            print(f"  {golden}: {compared} rows compared, {equal} equal", flush=True)
        days = purchase_days(server)
        ranked = [compare_cut(server, days, name, auc) & compare_backtest(server, name)
                  for name, auc in cuts.items()]
        run_import(server, mapping, data)
        digests["imported twice"] = server.digest()[0]
        digests["shuffled"] = shuffled_digest(program, server)
    if brokers:
        digests["kafka"] = kafka_digest(program, brokers, mapping, data)
    for name, digest in digests.items():
        print(f"  facts {digest}  {name}", flush=True)
    return compared == equal and all(ranked) and len(set(digests.values())) == 1


def missing_data():
    """The files that are not here."""
    wanted = [data_folder() / data for _, _, data, *_ in SCORES]
    wanted += [golden_folder() / golden for golden, *_ in SCORES if golden]
    wanted.append(golden_folder() / "auc.csv")
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
