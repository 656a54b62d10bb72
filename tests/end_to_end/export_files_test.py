#!/usr/bin/env python3
"""Reads the tables that sample_tables writes with pyarrow, DuckDB and Python's own csv and json:
types, values, nulls, statistics and metadata are those that were written."""
import csv
import datetime
import json
import pathlib
import subprocess
import tempfile
import unittest

import case
import in_venv

in_venv.enter()

import duckdb  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

ROWS = (0, 1, 1000, 300_000)
GROUP_ROWS = 1 << 17
FEW = ["größe", "日本語", 'a,"b"\r\nc', "\x01\\", "🙂"]
INT64_MAX = (1 << 63) - 1
UTC = datetime.timezone.utc
BEGINNING = datetime.datetime(1970, 1, 1, tzinfo=UTC)


def wanted(row):
    """The values of one row: what AddRow of sample_tables.cc says."""
    at = 1_700_000_000_000_000 + row * 1_000_001
    return {
        "id": f"id-{row * 7919 % 1_000_003}",
        "few": None if row % 3 == 2 else FEW[row % 5],
        "never": None,
        "rare": row if row % 1000 == 0 else None,
        "big": (1 if row % 2 == 0 else -1) * (INT64_MAX - row),
        "small": -row if row // 100 % 2 == 0 else None,
        "yes": None if row % 7 == 0 else row % 2 == 1,
        "at": None if row % 5 == 0 else BEGINNING + datetime.timedelta(microseconds=at),
        "day": datetime.date(1970, 1, 1)
               + datetime.timedelta(days=19_000 + row % 400 - 20_000 * (row % 2)),
        "runs": row // 50 % 2 == 1,
    }


class ExportFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="rapport_tables_")
        cls.folders = []
        for name in ("one", "two"):
            folder = pathlib.Path(cls.scratch.name) / name
            subprocess.run([case.options.samples, folder], check=True)
            cls.folders.append(folder)
        cls.folder = cls.folders[0]

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def file(self, rows, ending):
        return self.folder / f"rows_{rows}" / f"rows_{rows}.{ending}"

    def parquet(self, rows):
        return pq.ParquetFile(self.file(rows, "parquet"))

    def test_pyarrow_reads_every_value(self):
        for rows in ROWS:
            found = self.parquet(rows).read().to_pylist()
            self.assertEqual(len(found), rows)
            for row, values in enumerate(found):
                self.assertEqual(values, wanted(row))

    def test_duckdb_reads_every_value(self):
        base = duckdb.connect()
        base.execute("SET TimeZone = 'UTC'")
        for rows in ROWS:
            query = base.execute(f"SELECT * FROM '{self.file(rows, 'parquet')}'")
            names = [column[0] for column in query.description]
            found = query.fetchall()
            self.assertEqual(len(found), rows)
            for row, values in enumerate(found):
                self.assertEqual(dict(zip(names, values)), wanted(row))

    def test_types_are_those_of_the_columns(self):
        types = {field.name: (str(field.type), field.nullable)
                 for field in self.parquet(1000).schema_arrow}
        self.assertEqual(types, {
            "id": ("string", False), "few": ("string", True), "never": ("string", True),
            "rare": ("int64", True), "big": ("int64", False), "small": ("int32", True),
            "yes": ("bool", True), "at": ("timestamp[us, tz=UTC]", True),
            "day": ("date32[day]", False), "runs": ("bool", False)})
        described = duckdb.sql(f"DESCRIBE SELECT * FROM '{self.file(1000, 'parquet')}'").fetchall()
        self.assertEqual([column[1] for column in described],
                         ["VARCHAR", "VARCHAR", "VARCHAR", "BIGINT", "BIGINT", "INTEGER", "BOOLEAN",
                          "TIMESTAMP WITH TIME ZONE", "DATE", "BOOLEAN"])

    def test_statistics_are_least_and_greatest_of_each_group(self):
        file = self.parquet(300_000)
        self.assertEqual([file.metadata.row_group(i).num_rows
                          for i in range(file.metadata.num_row_groups)],
                         [GROUP_ROWS, GROUP_ROWS, 300_000 - 2 * GROUP_ROWS])
        for group in range(file.metadata.num_row_groups):
            begin = group * GROUP_ROWS
            rows = [wanted(row)
                    for row in range(begin, begin + file.metadata.row_group(group).num_rows)]
            for i, name in enumerate(rows[0]):
                values = [row[name] for row in rows if row[name] is not None]
                statistics = file.metadata.row_group(group).column(i).statistics
                self.assertEqual(statistics.null_count, len(rows) - len(values), name)
                self.assertEqual(statistics.has_min_max, bool(values), name)
                if values:
                    key = (lambda text: text.encode()) if isinstance(values[0], str) else None
                    self.assertEqual((statistics.min, statistics.max),
                                     (min(values, key=key), max(values, key=key)), name)

    def test_texts_that_repeat_have_a_dictionary_and_all_is_zstd(self):
        group = self.parquet(300_000).metadata.row_group(0)
        for i in range(group.num_columns):
            column = group.column(i)
            self.assertEqual(column.compression, "ZSTD")
            self.assertEqual(column.has_dictionary_page, column.path_in_schema == "few")
            self.assertGreater(column.total_uncompressed_size, 0)
        self.assertEqual(group.total_byte_size,
                         sum(group.column(i).total_uncompressed_size
                             for i in range(group.num_columns)))

    def test_the_file_says_what_it_is(self):
        for rows in ROWS:
            metadata = self.parquet(rows).metadata
            self.assertEqual(metadata.num_rows, rows)
            self.assertEqual(metadata.metadata[b"rapport.position_from"], b"7c1e90ab.1:0@1")
            self.assertEqual(metadata.metadata[b"rapport.rows"], str(rows).encode())
            self.assertTrue(metadata.created_by.startswith("rapport version "))
            for ending in ("csv", "jsonl"):
                beside = json.loads(self.file(rows, ending + ".meta.json").read_text())
                self.assertEqual(beside, {"rapport.position_from": "7c1e90ab.1:0@1",
                                          "rapport.rows": str(rows)})

    def test_same_rows_same_bytes(self):
        files = sorted(path.relative_to(self.folder) for path in self.folder.rglob("*")
                       if path.is_file())
        # A file each, and the metadata beside those of the two forms that have no place for it.
        self.assertEqual(len(files), len(ROWS) * 5)
        for name in files:
            self.assertEqual((self.folders[0] / name).read_bytes(),
                             (self.folders[1] / name).read_bytes(), name)

    def text_of(self, value):
        """As CSV and JSON Lines write moments and days."""
        if isinstance(value, datetime.datetime):
            text = value.strftime("%Y-%m-%dT%H:%M:%S")
            return text + (f".{value.microsecond:06}" if value.microsecond else "") + "Z"
        return value.isoformat() if isinstance(value, datetime.date) else value

    def test_csv_has_every_value(self):
        for rows in ROWS:
            with open(self.file(rows, "csv"), newline="", encoding="utf-8") as file:
                found = list(csv.DictReader(file))
            self.assertEqual(len(found), rows)
            for row, values in enumerate(found):
                for name, value in wanted(row).items():
                    text = str(value).lower() if isinstance(value, bool) else self.text_of(value)
                    self.assertEqual(values[name], "" if value is None else str(text))

    def test_json_lines_have_every_value(self):
        for rows in ROWS:
            lines = self.file(rows, "jsonl").read_text(encoding="utf-8").splitlines()
            self.assertEqual(len(lines), rows)
            for row, line in enumerate(lines):
                self.assertEqual(json.loads(line),
                                 {name: self.text_of(value) for name, value in wanted(row).items()})


if __name__ == "__main__":
    case.main(lambda parser: parser.add_argument("--samples", required=True))
