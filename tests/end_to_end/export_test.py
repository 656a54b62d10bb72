#!/usr/bin/env python3
"""Exports of the real program, read again by DuckDB and pandas: what they hold is what the other
commands say; whatever goes wrong is told and leaves no file."""
import datetime
import hashlib
import json
import pathlib
import resource
import signal
import subprocess

import case
import in_venv
from case import Case
from history import shop_history
from program import die_with_parent, run_program

in_venv.enter()

import duckdb  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

CUSTOMERS = 40
HISTORY = shop_history(5, CUSTOMERS, 1500)
MEASURED = [
    {"eventId": "m:1", "customerId": "cust-1", "occurredAt": "2024-03-01T10:00:00Z",
     "source": "shop", "thanksGiven": {},
     "measures": [{"name": "basket_weight", "value": "1200"}, {"name": "mood", "value": "3"}]},
    {"eventId": "m:2", "customerId": "cust-2", "occurredAt": "2024-03-02T10:00:00Z",
     "source": "shop", "thanksGiven": {}, "note": "a canary sings",
     "measures": [{"name": "mood", "value": "-2"}]},
]
TABLES = ("relationships", "points", "follow_ups")
AS_OF = "2024-06-30"


def digest_of(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


class Export(Case):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out"

    def served(self):
        server = self.server()
        server.publish(HISTORY + MEASURED)
        server.await_folded()
        return server

    def export(self, server, table, *words, form="parquet", out=None):
        """Exports a table; the path of the file, which the command names last."""
        out = out or self.out
        said = server.run("export", table, "--format", form, "-o", out, *words)
        path = out / table / f"{table}.{form}"
        self.assertTrue(said.rstrip().endswith(str(path)), said)
        return path

    def files(self, folder=None):
        folder = folder or self.out
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    def test_relationships_are_what_each_card_says(self):
        server = self.served()
        path = self.export(server, "relationships", "--as-of", AS_OF)
        frame = pd.read_parquet(path).set_index("customer_id")
        cards = server.json("customer", "show", *frame.index, "--as-of", AS_OF)
        self.assertEqual(len(frame), CUSTOMERS)
        self.assertEqual(len(cards), CUSTOMERS)
        for card in cards:
            row, standing = frame.loc[card["customerId"]], card["standing"]
            self.assertEqual("STAGE_" + row.stage, standing["stage"])
            self.assertEqual(row.score_milli, standing.get("scoreMilli", 0))
            self.assertEqual(row.purchase_days, standing.get("purchaseDays", 0))
            flags = {flag["flag"] for flag in standing.get("flags", [])}
            up = {name[len("flag_"):].upper() for name in frame.columns
                  if name.startswith("flag_") and row[name]}
            self.assertEqual({"FLAG_" + name for name in up}, flags)
        lines = [name for name in frame.columns if name.endswith("_milli")
                 and name not in ("score_milli", "expected_purchases_milli")]
        self.assertEqual(len(lines), 9)
        self.assertTrue((frame[lines].sum(axis=1) == frame.score_milli).all())
        self.assertLess(frame.newest_at.max(), pd.Timestamp(AS_OF, tz="UTC"))

    def test_what_duckdb_and_pandas_are_told_to_do_works(self):
        server = self.served()
        for table in TABLES:
            self.export(server, table, "--as-of", AS_OF)
        query = ("SELECT stage, count(*), round(avg(score)) "
                 f"FROM '{self.out}/relationships/*.parquet' GROUP BY 1")
        self.assertEqual(sum(row[1] for row in duckdb.sql(query).fetchall()), CUSTOMERS)
        r = pd.read_parquet(self.out / "relationships")
        p = pd.read_parquet(self.out / "points")
        sums = p.groupby("customer_id").points_milli.sum()
        self.assertTrue(sums.sub(r.set_index("customer_id").score_milli, fill_value=0).eq(0).all())
        self.assertGreater(p.event_id.nunique(), CUSTOMERS)
        owed = pd.read_parquet(self.out / "follow_ups")
        self.assertEqual(set(owed.follow_up_id.str.len()), {32})
        self.assertTrue((owed.opened_at <= pd.Timestamp(AS_OF, tz="UTC")).all())

    def test_events_are_those_of_the_log_with_a_column_for_each_measure(self):
        server = self.served()
        rows = pq.read_table(self.export(server, "events")).to_pylist()
        wanted = {event["eventId"]: event for event in HISTORY + MEASURED}
        self.assertEqual({row["event_id"] for row in rows}, set(wanted))
        self.assertEqual(len(rows), len(wanted))
        for row in rows:
            event = wanted[row["event_id"]]
            at = datetime.datetime.fromisoformat(event["occurredAt"].replace("Z", "+00:00"))
            self.assertEqual((row["customer_id"], row["occurred_at"]), (event["customerId"], at))
            amount = event.get("purchaseMade", {}).get("amount")
            if amount:
                self.assertEqual((row["amount_micros"], row["amount_currency"]),
                                 (int(amount["micros"]), amount["currency"]))
            measures = {measure["name"]: int(measure["value"])
                        for measure in event.get("measures", [])}
            for name in ("basket_weight", "mood"):
                self.assertEqual(row["measure_" + name], measures.get(name))
        schema = pq.read_schema(self.out / "events/events.parquet")
        self.assertEqual(str(schema.field("measure_mood").type), "int64")
        masked = {row["event_id"]: row["masked_fields"] for row in rows if row["masked_fields"]}
        self.assertEqual(masked, {"m:2": "note"})
        # Nothing sealed is in any form of any table.
        for form in ("csv", "jsonl", "parquet"):
            self.export(server, "events", form=form, out=self.folder / form)
            for path in (self.folder / form).rglob("*.*"):
                if path.suffix != ".parquet":
                    self.assertNotIn(b"canary", path.read_bytes())
        self.assertNotIn("canary", json.dumps([str(row) for row in rows]))

    def test_a_range_of_dates_holds_exactly_its_events(self):
        server = self.served()
        begin, end = "2024-02-01", "2024-03-02"
        path = self.export(server, "events", "--from", begin, "--to", end)
        wanted = {event["eventId"] for event in HISTORY + MEASURED
                  if begin <= event["occurredAt"][:10] < end}
        self.assertGreater(len(wanted), 10)
        self.assertEqual({row["event_id"] for row in pq.read_table(path).to_pylist()}, wanted)

    def test_the_three_forms_say_the_same(self):
        server = self.served()
        base = duckdb.connect()
        base.execute("SET TimeZone = 'UTC'")
        for table in TABLES:
            paths = {form: self.export(server, table, "--as-of", AS_OF, form=form)
                     for form in ("parquet", "csv", "jsonl")}
            parquet = pq.read_table(paths["parquet"]).num_rows
            csv = base.execute(f"SELECT count(*) FROM read_csv('{paths['csv']}')").fetchone()[0]
            lines = len(paths["jsonl"].read_text().splitlines())
            self.assertEqual((csv, lines), (parquet, parquet), table)
            if table == "relationships":
                sums = {form: base.execute(
                    f"SELECT sum(score_milli), sum(spend_centi) FROM '{path}'").fetchone()
                        for form, path in paths.items()}
                self.assertEqual(len(set(sums.values())), 1, sums)

    def test_same_question_same_bytes_also_later_and_of_a_stopped_store(self):
        server = self.served()
        position = pq.read_metadata(self.export(server, "relationships")).metadata[
            b"rapport.position_to"].decode()
        words = ("--as-of", AS_OF, "--known-at", position)
        first = {table: digest_of(self.export(server, table, *words, out=self.folder / "first"))
                 for table in TABLES[:2]}
        server.publish(shop_history(6, CUSTOMERS, 200))
        server.await_folded()
        for table, digest in first.items():
            path = self.export(server, table, *words, "--force", out=self.folder / "first")
            metadata = pq.read_metadata(path).metadata
            self.assertEqual(metadata[b"rapport.known_at"].decode(), position)
            self.assertTrue(metadata[b"rapport.rules_digest"].startswith(b"r-"))
            self.assertEqual(metadata[b"rapport.as_of"], b"2024-06-30T00:00:00Z")
            rows = [{key: value for key, value in row.items()}
                    for row in pq.read_table(path).to_pylist()]
            self.assertGreater(len(rows), 0)
            if metadata[b"rapport.position_to"].decode() == position:
                self.assertEqual(digest_of(path), digest)
        now = self.export(server, "relationships", "--as-of", AS_OF, out=self.folder / "live")
        again = self.export(server, "relationships", "--as-of", AS_OF, out=self.folder / "again")
        self.assertEqual(digest_of(now), digest_of(again))
        server.stop()
        self.run_rapport("export", "relationships", "--as-of", AS_OF, "-o", self.folder / "stopped",
                         "--data", self.folder / "data")
        self.assertEqual(digest_of(now),
                         digest_of(self.folder / "stopped/relationships/relationships.parquet"))

    def test_bad_input_is_told_and_leaves_nothing(self):
        server = self.served()
        at = ("--server", server.address, "-o", self.out)
        for code, says, words in (
                (2, "--as-of: must be after 1970", ("relationships", "--as-of", "2999-01-01")),
                (2, "--as-of: must be after 1970", ("points", "--as-of", "1970-01-01")),
                (3, "RULES_UNKNOWN", ("relationships", "--rules-digest", "r-0123456789ab")),
                (1, "POSITION_LOST", ("follow_ups", "--known-at", "00000000.1:0@1")),
                (2, "--format xlsx is not known", ("relationships", "--format", "xlsx")),
                (2, "KIND_UNKNOWN", ("events", "--kinds", "Nonsense")),
                (2, "--to: must be behind --from",
                 ("events", "--from", "2024-02-01", "--to", "2024-01-01"))):
            self.refused(code, "export", *words, *at, says=(says,))
        self.assertFalse(self.out.exists(), self.files() if self.out.exists() else "")
        path = self.export(server, "relationships", "--as-of", AS_OF)
        before = path.read_bytes()
        self.refused(4, "export", "relationships", *at, says=("FILE_EXISTS", "--force"))
        self.assertEqual(path.read_bytes(), before)
        self.export(server, "relationships", "--as-of", "2024-01-31", "--force")
        self.assertNotEqual(path.read_bytes(), before)
        self.assertEqual(self.files(), ["relationships/relationships.parquet"])

    def test_before_all_history_the_table_is_empty(self):
        path = self.export(self.served(), "relationships", "--as-of", "1990-01-01")
        table = pq.read_table(path)
        self.assertEqual(table.num_rows, 0)
        self.assertIn("score_milli", table.schema.names)

    def test_a_full_disk_in_the_middle_leaves_nothing(self):
        server = self.served()

        def small_files():
            die_with_parent()
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

        done = subprocess.run(
            [str(self.program), "export", "events", "--format", "csv", "-o", str(self.out),
             "--server", server.address],
            capture_output=True, text=True, preexec_fn=small_files, restore_signals=False,
            timeout=60, check=False)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("DISK_FULL", done.stderr)
        self.assertEqual(self.files(), [])

    def test_a_server_that_ends_in_between_leaves_nothing(self):
        server = self.served()
        server.stop()
        done = run_program(self.program, "export", "relationships", "-o", self.out, "--server",
                           server.address)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertFalse(self.out.exists())


if __name__ == "__main__":
    case.main()
