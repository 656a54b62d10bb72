#!/usr/bin/env python3
"""`rapport backtest` of a small history, against the same figures computed here the slow way."""
import csv
import datetime
import http.client
import io
import json
import math
import random
import statistics

import case
from case import Case
from program import run_program

CUT, CUT_END = "2023-10-31", "2023-10-31T23:59:59.999999Z"
HORIZON = 120
BEGIN, DAYS = datetime.datetime(2023, 1, 1, tzinfo=datetime.timezone.utc), 480


def shop(seed, customers):
    """Customers who come when they like and one day no more; every seventh only asks."""
    dice, events = random.Random(seed), []

    def add(customer, day, **what):
        events.append({"eventId": f"e:{len(events)}", "customerId": f"c{customer}",
                       "source": "shop", "occurredAt": (BEGIN + datetime.timedelta(
                           days=day)).strftime("%Y-%m-%dT%H:%M:%SZ"), **what})

    for customer in range(customers):
        day, rate = dice.uniform(0, 220), dice.gammavariate(0.8, 1 / 24)
        stops = dice.betavariate(1, 3)
        while day < DAYS:
            if customer % 7 == 3:
                add(customer, day, enquiryMade={"request": f"q{len(events)}"})
            else:
                amount = {"micros": str(dice.randrange(1, 20_000) * 10_000), "currency": "GBP"}
                add(customer, day, purchaseMade={"order": f"o{len(events)}", "amount": amount})
                if dice.random() < 0.1:
                    add(customer, day, purchaseReversed={"order": f"o{len(events) - 1}",
                                                         "amount": amount})
            day += dice.expovariate(max(rate, 0.001)) + dice.choice((0, 0.01))
            if dice.random() < stops:
                break
    dice.shuffle(events)
    return events


HISTORY = shop(17, 120)
# Three late purchases never were.
TAKEN_BACK = [event["eventId"] for event in HISTORY
              if "purchaseMade" in event and "2023-12" < event["occurredAt"] < "2024-02"][:3]
NEWEST = max(event["occurredAt"] for event in HISTORY)[:10]
HISTORY += [{"eventId": f"back:{target}", "source": "shop", "occurredAt": "2024-02-10T10:00:00Z",
             "customerId": next(e["customerId"] for e in HISTORY if e["eventId"] == target),
             "eventRetracted": {"targetEventId": target}} for target in TAKEN_BACK]
EPOCH = datetime.date(1970, 1, 1)


def day_of(event):
    return (datetime.date.fromisoformat(event["occurredAt"][:10]) - EPOCH).days


CUT_DAY = (datetime.date.fromisoformat(CUT) - EPOCH).days


def wins(buyer, other):
    return (buyer > other) + (buyer == other) / 2


class Ranking:
    """AUC, DeLong's parts and lift of scores, by every pair of a buyer and another."""

    def __init__(self, scores, buys):
        of_buyers = [score for score, mark in zip(scores, buys) if mark]
        of_others = [score for score, mark in zip(scores, buys) if not mark]
        self.buyers = [statistics.fmean(wins(b, o) for o in of_others) for b in of_buyers]
        self.others = [statistics.fmean(wins(b, o) for b in of_buyers) for o in of_others]
        self.auc = statistics.fmean(self.buyers)
        self.error = self.error_of(self.buyers, self.others)
        self.lift = self.lift_of(scores, buys)

    @staticmethod
    def error_of(buyers, others):
        return math.sqrt(statistics.variance(buyers) / len(buyers) +
                         statistics.variance(others) / len(others))

    def less(self, other):
        """The difference to another ranking of the same customers, and its error."""
        buyers = [a - b for a, b in zip(self.buyers, other.buyers)]
        others = [a - b for a, b in zip(self.others, other.others)]
        return self.auc - other.auc, self.error_of(buyers, others)

    @staticmethod
    def lift_of(scores, buys):
        """Each customer lies in ten equal parts; equal scores share what they hold."""
        parts = []
        for score in sorted(scores, reverse=True):
            tied = [mark for other, mark in zip(scores, buys) if other == score]
            parts += [sum(tied) / len(tied)] * 10
        size, share = len(scores), sum(buys) / len(buys)
        return [statistics.fmean(parts[i * size:(i + 1) * size]) / share for i in range(10)]


def fifths(values):
    """1 to 5; equal values by the middle of their places."""
    points = []
    for value in values:
        below = sum(other < value for other in values)
        equal = sum(other == value for other in values)
        points.append(1 + int(5 * (below + (equal - 1) / 2) / len(values)))
    return points


class Expected:
    """What the history says by itself; scores are the program's own, read one by one."""

    def __init__(self, cards):
        bought = {}
        for event in HISTORY:
            if "purchaseMade" in event and event["eventId"] not in TAKEN_BACK:
                bought.setdefault(event["customerId"], []).append(event)
        self.cards = [card for card in cards if card["standing"].get("purchaseDays")]
        self.ids = [card["customerId"] for card in self.cards]
        before = [[e for e in bought[one] if day_of(e) <= CUT_DAY] for one in self.ids]
        self.later_days = [{day_of(e) for e in bought[one]
                            if CUT_DAY < day_of(e) <= CUT_DAY + HORIZON} for one in self.ids]
        self.days = [sorted({day_of(e) for e in events}) for events in before]
        self.buys = [bool(days) for days in self.later_days]
        spent = [sum(int(e["purchaseMade"]["amount"]["micros"]) // 10_000 for e in events)
                 for events in before]
        recency = [days[-1] for days in self.days]
        frequency = [len(days) for days in self.days]
        rfm = [sum(three) for three in zip(*map(fifths, (recency, frequency, spent)))]
        self.rankings = {
            "SCORE": Ranking([card["standing"].get("scoreMilli", 0) for card in self.cards],
                             self.buys),
            "RFM": Ranking(rfm, self.buys), "RECENCY": Ranking(recency, self.buys),
            "FREQUENCY": Ranking(frequency, self.buys)}

    def stages(self):
        counts = {}
        for card, mark in zip(self.cards, self.buys):
            of = counts.setdefault(card["standing"]["stage"], [0, 0])
            of[0] += 1
            of[1] += mark
        return counts

    def weeks(self):
        """x, t_x and T of each."""
        return [(len(days) - 1, (days[-1] - days[0]) / 7, (CUT_DAY - days[0]) / 7)
                for days in self.days]

    def log_likelihood(self, r, alpha, a, b):
        """BG/NBD's, term by term as it is printed: the equation (6) of its paper."""
        def log_beta(x, y):
            return math.lgamma(x) + math.lgamma(y) - math.lgamma(x + y)
        total = 0
        for x, last, watched in self.weeks():
            common = math.lgamma(r + x) - math.lgamma(r) + r * math.log(alpha)
            alive = (math.exp(log_beta(a, b + x) - log_beta(a, b)) /
                     (alpha + watched) ** (r + x))
            stopped = (math.exp(log_beta(a + 1, b + x - 1) - log_beta(a, b)) /
                       (alpha + last) ** (r + x)) if x else 0
            total += common + math.log(alive + stopped)
        return total

    def bg_nbd(self, r, alpha, a, b):
        """Ranked by what is expected within the horizon, the equation (10); and the sum of that."""
        scores, weeks = [], HORIZON / 7
        for x, last, watched in self.weeks():
            odds = a / (b + x - 1) * ((alpha + watched) / (alpha + last)) ** (r + x) if x else 0
            term, series = 1, 0
            for i in range(2000):
                series += term
                term *= ((r + x + i) * (b + x + i) / (a + b + x - 1 + i) / (1 + i) *
                         weeks / (alpha + watched + weeks))
            silent = ((alpha + watched) / (alpha + watched + weeks)) ** (r + x) * series
            scores.append((a + b + x - 1) / (a - 1) * (1 - silent) / (1 + odds))
        return Ranking([round(score, 9) for score in scores], self.buys), sum(scores)


class Backtest(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maxDiff = None

    def served(self):
        server = self.server()
        server.publish(HISTORY)
        server.await_folded()
        return server

    def near(self, got, wanted, unit, what):
        self.assertLessEqual(abs(int(got) - wanted * unit), 0.6, f"{what}: {got} of {wanted}")

    def test_figures_are_those_of_the_history(self):
        server = self.served()
        ids = sorted({e["customerId"] for e in HISTORY if day_of(e) <= CUT_DAY})
        want = Expected(server.json("customer", "show", *ids, "--as-of", CUT_END))
        told = server.json("backtest", "--cut", CUT, "--horizon", f"{HORIZON}d")[0]["backtest"]
        self.assertEqual(len(TAKEN_BACK), 3)
        self.assertEqual(int(told["customers"]), len(want.ids))
        self.assertEqual(int(told["buyers"]), sum(want.buys))
        self.assertEqual(int(told["withoutPurchase"]), len(ids) - len(want.ids))
        self.assertEqual(int(told["purchaseDays"]), sum(map(len, want.days)))
        self.assertEqual(int(told["laterPurchaseDays"]), sum(map(len, want.later_days)))
        self.assertEqual({row["stage"]: [int(row["customers"]), int(row.get("buyers", 0))]
                          for row in told["stages"]}, want.stages())
        fit = told["bgNbd"]
        model = [int(fit[name + "Micro"]) / 1e6 for name in ("r", "alpha", "a", "b")]
        want.rankings["BG_NBD"], expected = want.bg_nbd(*model)
        self.assertAlmostEqual(int(fit["expectedDaysMilli"]) / 1e3, expected, 1)
        self.assertEqual([one["model"].removeprefix("BACKTEST_MODEL_")
                          for one in told["rankings"]], list(want.rankings))
        for one, (name, ranking) in zip(told["rankings"], want.rankings.items()):
            self.near(one["aucPpm"], ranking.auc, 1e6, name)
            self.near(one["errorPpm"], ranking.error, 1e6, name)
            self.near(one["giniPpm"], 2 * ranking.auc - 1, 1e6, name)
            for got, lift in zip(one["liftMilli"], ranking.lift, strict=True):
                self.near(got, lift, 1e3, name)
            if name == "SCORE":
                self.assertNotIn("differencePpm", one)
                continue
            difference, error = ranking.less(want.rankings["SCORE"])
            self.near(one["differencePpm"], difference, 1e6, name)
            self.near(one["differenceErrorPpm"], error, 1e6, name)
        # Its likelihood is what it says, and no likelier model lies beside it.
        best = int(fit["logLikelihoodMilli"]) / 1e3
        self.assertAlmostEqual(want.log_likelihood(*model), best, 2)
        self.assertNotIn("isUnbounded", fit)
        for at in range(4):
            for times in (0.9, 1.1):
                beside = [value * (times if i == at else 1) for i, value in enumerate(model)]
                self.assertLess(want.log_likelihood(*beside), best)

    def test_every_format_says_the_same_of_server_and_store(self):
        server = self.served()
        words = ("backtest", "--cut", CUT, "--horizon", f"{HORIZON}d", "subscription")
        told = server.json(*words)[0]["backtest"]
        self.assertEqual([one["model"] for one in told["rankings"]][:2],
                         ["BACKTEST_MODEL_SCORE", "BACKTEST_MODEL_OTHER_RULES"])
        rows = list(csv.DictReader(io.StringIO(server.run(*words, "--format", "csv"))))
        self.assertTrue(all(None not in row.values() for row in rows))
        rankings = [row for row in rows if row["group"] == "ranking"]
        self.assertEqual([row["auc_ppm"] for row in rankings],
                         [str(one["aucPpm"]) for one in told["rankings"]])
        self.assertEqual([(row["name"], row["customers"]) for row in rows
                          if row["group"] == "stage"],
                         [(one["stage"].removeprefix("STAGE_"), str(one["customers"]))
                          for one in told["stages"]])
        self.assertEqual([row["lift_milli"] for row in rows if row["group"] == "tenth"],
                         [str(lift) for lift in told["rankings"][0]["liftMilli"]])
        table = server.run(*words, "--format", "table")
        lines = table.splitlines()
        self.assertIn(f"{told['customers']} customers who bought by {CUT}", lines[0])
        self.assertIn("bought again by 2024-02-28", lines[0])
        for name in ("Rapport, standard rules, not fitted", "Rapport, subscription rules, not",
                     "RFM", "recency", "frequency", "BG/NBD, fitted to this cut"):
            self.assertTrue(any(line.startswith("  " + name) for line in lines), (name, table))
        for one, line in zip(told["rankings"], lines[2:]):
            self.assertIn(f" .{(int(one['aucPpm']) + 50) // 100:04} ", line)
        self.assertEqual(lines[-len(told["verdict"]):], told["verdict"])
        connection = http.client.HTTPConnection(*server.http.split(":"), timeout=60)
        connection.request("POST", "/v1/history:backtest", headers={
            "content-type": "application/json"}, body=json.dumps(
                {"cut": {"asOfUs": CUT_END}, "horizonUs": str(HORIZON * 86_400_000_000)}))
        answer = connection.getresponse()
        self.assertEqual(answer.status, 200)
        over_http = json.loads(answer.read())["backtest"]
        connection.close()
        self.assertEqual([one["aucPpm"] for one in over_http["rankings"]],
                         [one["aucPpm"] for one in told["rankings"]
                          if one["model"] != "BACKTEST_MODEL_OTHER_RULES"])
        server.stop()
        self.assertEqual(self.run_rapport(*words, "--data", self.folder / "data", "--format",
                                          "table"), table)

    def test_what_cannot_be_answered_is_refused_in_a_sentence(self):
        server = self.served()
        left = (datetime.date.fromisoformat(NEWEST) - datetime.date.fromisoformat(CUT)).days
        for code, says, words in [
                (2, ["--cut is required"], []),
                (2, ["--cut", "is no"], ["--cut", "someday"]),
                (2, ["--horizon", "is no span"], ["--cut", CUT, "--horizon", "long"]),
                (2, ["FIELD_INVALID", "a day or longer"], ["--cut", CUT, "--horizon", "5h"]),
                (2, ["TIME_OUT_OF_RANGE", "before now"], ["--cut", "2999-01-01"]),
                (2, ["TIME_OUT_OF_RANGE", "is not over"], ["--cut", "90d", "--horizon", "91d"]),
                (2, ["nobody had bought by 2001-01-01T23:59:59.999999Z"],
                 ["--cut", "2001-01-01"]),
                (2, [f"the newest event is of {NEWEST}", f"a horizon of {left}d or less"],
                 ["--cut", CUT, "--horizon", f"{left + 1}d"]),
                (3, ["RULES_UNKNOWN"], ["--cut", CUT, "nowhere.textproto"]),
                (2, ["POSITION"], ["--cut", CUT, "--known-at", "nonsense"])]:
            told = self.refused(code, "backtest", *words, "--server", server.address, says=says)
            self.assertLess(len(told), 300, told)

    def test_where_nobody_buys_again_there_is_nothing_to_rank(self):
        server = self.server()
        server.publish([{"eventId": f"p:{n}", "customerId": f"c{n}", "source": "shop",
                         "occurredAt": "2024-01-05T10:00:00Z", "purchaseMade": {"order": f"o{n}"}}
                        for n in range(3)] +
                       [{"eventId": "t", "customerId": "c0", "source": "shop",
                         "occurredAt": "2024-03-05T10:00:00Z", "thanksGiven": {}}])
        server.await_folded()
        self.refused(1, "backtest", "--cut", "2024-01-31", "--horizon", "30d", "--server",
                     server.address, says=["BACKTEST_UNDEFINED: none of the 3 customers",
                                           "choose another cut or horizon"])
        done = run_program(self.program, "backtest", "--cut", "2024-01-31", "--horizon", "30d",
                           "--server", server.address)
        self.assertEqual(done.stdout, "")


if __name__ == "__main__":
    case.main()
