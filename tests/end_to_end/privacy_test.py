#!/usr/bin/env python3
"""Free text, names and addresses: sealed wherever they come in, opened for who says why, gone for
good once a customer is erased. Planted values are looked for in every file the program writes."""
import base64
import csv
import io
import json
import os
import random
import re
import shutil
import signal
import stat
import urllib.request

import case
from case import Case
from program import Server, lines_of, run_program

FAILED, WRONG_USAGE, NOT_FOUND, UNAVAILABLE, FOUND_WRONG = 1, 2, 3, 5, 6
MAPPING = """[file]
format = "csv"
source = "crm"
[ids]
event_id = "row:{Id}"
customer_id = { column = "Who" }
[[event]]
kind = "ProfileRecorded"
occurred_at = { column = "Day", format = "%Y-%m-%d" }
name = "{Name}"
note = "{Remark}"
place = "{Place}"
"""


class Plants:
    """Values that nothing else can be taken for, and how each might look in a file."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.texts = []
        self.codes = []

    def word(self):
        return "".join(self.random.choices("abcdefghijkmnpqrstuvwxyz23456789", k=20))

    def text(self):
        """A sensitive text: it must be in no file."""
        # Not ASCII alone, so that JSON may write it otherwise.
        self.texts.append(f"Zoë {self.word()} \"Ünal\"\n{self.word()}")
        return self.texts[-1]

    def alias(self):
        self.texts.append(f"{self.word()}@{self.word()}.example")
        return self.texts[-1]

    def code(self):
        """A code, which the log keeps in clear: it shows that the search finds what is there."""
        self.codes.append(self.word())
        return self.codes[-1]

    @staticmethod
    def forms(text):
        plain = text.encode()
        yield plain
        yield from (text.encode(form) for form in ("utf-16-le", "utf-16-be", "utf-32-le"))
        yield json.dumps(text)[1:-1].encode()
        yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
        yield plain.hex().encode()
        for shift in range(3):
            # What stands before decides how the bytes fall on digits; the rims are left out.
            yield base64.b64encode(b"\0" * shift + plain)[4:-4]

    @staticmethod
    def core(word):
        """A word without its rims, which compression may write together with what stands around."""
        return word[3:-3]

    def needles(self):
        """Bytes to look for -> the text they give away. A word of it gives it away, too."""
        found = {}
        for text in self.texts:
            for piece in [text, *map(self.core, re.findall(r"[a-z0-9]{20}", text))]:
                for form in self.forms(piece):
                    found[form] = text
        return found


def files_below(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


class PrivacyTest(Case):
    def setUp(self):
        super().setUp()
        self.plants = Plants(self.id())
        self.data = self.folder / "written" / "data"
        self.spoken = []

    def serve(self):
        server = Server(self.program, self.data)
        self.enterContext(server)
        return server

    def event(self, number, customer, **fields):
        return {"eventId": f"crm:{number}", "customerId": customer, "source": "crm",
                "occurredAt": f"2024-03-{number % 28 + 1:02}T10:00:00Z",
                "place": self.plants.code(), **fields}

    def people(self, count):
        """Events of `count` customers, with a text in every field that may hold one."""
        events = []
        for n in range(count):
            who, at = f"cust-{n}", n * 10
            events += [
                self.event(at, who, note=self.plants.text(), complaintRaised={"case": f"c{n}"}),
                self.event(at + 1, who, profileRecorded={"name": self.plants.text()}),
                self.event(at + 2, who, aliasLinked={"value": self.plants.alias()}),
                self.event(at + 3, who, note=self.plants.text(),
                           contactPersonRecorded={"person": "p", "name": self.plants.text()}),
                self.event(at + 4, who, eventCorrected=self.correction(self.plants.text(), at + 1))]
        return events

    @staticmethod
    def put_right(event):
        """The name that an event of `correction` puts in place."""
        return base64.b64decode(event["eventCorrected"]["payload"])[2:].decode()

    @staticmethod
    def correction(name, target):
        """A corrected profile: its payload is bytes, field 1 = name."""
        text = name.encode()
        payload = b"\x0a" + bytes([len(text)]) + text
        return {"targetEventId": f"crm:{target}", "kind": "KIND_PROFILE_RECORDED",
                "payload": base64.b64encode(payload).decode()}

    def assert_nowhere(self):
        """No planted text in what the program wrote; the codes show that the search can find."""
        files = files_below(self.folder / "written")
        self.assertGreater(len(files), 8, "the store is there")
        whole = b"\0".join(files.values())
        for code in self.plants.codes:
            self.assertTrue(Plants.core(code).encode() in whole, f"code {code} is there in clear")
        for needle, text in self.plants.needles().items():
            if needle not in whole:
                continue
            where = [name for name, bytes_ in files.items() if needle in bytes_]
            self.fail(f"{text!r} stands as {needle!r} in {where}")
        for said in self.spoken:
            for needle, text in self.plants.needles().items():
                self.assertNotIn(needle, said.encode(), f"{text!r} was said")

    def publish_by_every_entrance(self, server):
        events = self.people(10)
        for result in server.publish(events):
            self.assertEqual(result["status"], "STATUS_ACCEPTED", result)
        for result in server.publish(events):
            self.assertEqual(result["status"], "STATUS_DUPLICATE", result)
        rows = io.StringIO()
        table = csv.writer(rows, lineterminator="\n")
        table.writerow(["Id", "Who", "Day", "Name", "Remark", "Place"])
        for n in range(100, 110):
            table.writerow([n, f"cust-{n}", "2024-01-05", self.plants.text(), self.plants.text(),
                            self.plants.code()])
        said = server.run("events", "import", self.file("people.csv", rows.getvalue()), "--map",
                          self.file("people.toml", MAPPING))
        self.assertIn("accepted 10", said)
        return events

    def refuse_by_every_entrance(self, server):
        """What is refused must not be written down either."""
        bad = [self.event(900, "cust-1", note=self.plants.text(), complaintRaised={"case": ""}),
               self.event(901, "", note=self.plants.text(), complaintRaised={"case": "c"}),
               self.event(902, "a@b.example", note=self.plants.text(),
                          complaintRaised={"case": "c"}),
               self.event(903, "cust-1", note=self.plants.text() * 200,
                          complaintRaised={"case": "c"}),
               self.event(904, "cust-1", note=self.plants.text(), profileRecorded={"nam": "x"}),
               self.event(0, "cust-0", note=self.plants.text(), complaintRaised={"case": "c0"})]
        self.plants.codes = self.plants.codes[:-len(bad)]
        for event in bad:
            done = run_program(self.program, "events", "publish", "-", "--server", server.address,
                               stdin=lines_of([event]))
            self.assertNotEqual(done.returncode, 0, event)
            self.spoken.append(done.stderr + done.stdout)

    def write_everything(self, server):
        """Every file that commands make, and everything that is told to who does not say why."""
        written = self.folder / "written"
        # As text: in a compressed file a search proves nothing, and the rows are the same.
        for table in ("relationships", "points", "follow_ups", "events"):
            for form in ("csv", "jsonl"):
                self.spoken.append(server.run("export", table, "-o", written / "out", "--force",
                                              "--format", form))
        self.assertEqual(len(list((written / "out").glob("*/*.csv"))), 4)
        self.assertEqual(len(list((written / "out").glob("*/*.jsonl"))), 4)
        capsules = written / "capsules"
        capsules.mkdir(exist_ok=True)
        for n in range(10):
            path = capsules / f"cust-{n}.capsule"
            self.spoken.append(server.run("capsule", "export", f"cust-{n}", "-o", path, "--force"))
            self.assertIn("records {", path.read_text())
        self.spoken.append(self.run_rapport("capsule", "replay", capsules, "--format", "json"))
        for words in (("rebuild",), ("operations", "list"), ("operations", "show", "op-1"),
                      ("status",), ("digest", "--customers"), ("quarantine", "list"),
                      ("events", "tail", "--once"), ("customers", "list"), ("follow-ups", "list"),
                      ("customer", "show", "cust-1"), ("customer", "explain", "cust-1"),
                      ("customer", "history", "cust-1"), ("customer", "timeline", "cust-1")):
            self.spoken.append(server.run(*words))
            self.assertTrue(self.spoken[-1].strip() or words[0] == "quarantine", words)
        with urllib.request.urlopen(f"http://{server.http}/metrics", timeout=30) as metrics:
            self.spoken.append(metrics.read().decode())
        self.assertIn("rapport_", self.spoken[-1])

    def test_no_text_is_in_any_file_before_or_after_an_erasure(self):
        server = self.serve()
        events = self.publish_by_every_entrance(server)
        self.refuse_by_every_entrance(server)
        server.await_folded()
        shown = server.json("customer", "timeline", "cust-3", "--reveal", "--purpose", "test")
        self.assertIn(events[15]["note"], [e["touchpoint"].get("note") for e in shown])
        self.write_everything(server)
        server.stop(signal.SIGKILL)
        server.start()
        server.await_folded()
        server.stop()
        self.spoken.append(server.said())
        self.assert_nowhere()
        server.start()
        for n in range(10):
            server.run("customer", "erase", f"cust-{n}", "--purpose", "asked by mail")
        for n in range(100, 110):
            server.run("customer", "erase", f"cust-{n}", "--purpose", "asked by mail")
        server.stop(signal.SIGKILL)
        server.start()
        server.await_folded()
        for n in range(10):
            entries = server.json("customer", "timeline", f"cust-{n}", "--reveal", "--purpose",
                                  "test", "--limit", "100")
            self.assertEqual(sum("maskedFields" in entry for entry in entries), 5)
            shown = json.dumps(entries, ensure_ascii=False)
            for text in self.plants.texts:
                self.assertNotIn(text, shown)
        server.stop()
        self.spoken.append(server.said())
        self.assert_nowhere()

    def test_answers_mask_texts_until_somebody_says_why(self):
        server = self.serve()
        events = self.people(1)
        server.publish(events)
        server.await_folded()
        ask = ("customer", "timeline", "cust-0")
        masked = {e["touchpoint"]["eventId"]: e for e in server.json(*ask)}
        self.assertEqual(masked["crm:0"]["maskedFields"], ["note"])
        self.assertEqual(masked["crm:3"]["maskedFields"], ["note", "payload.name"])
        self.assertEqual(masked["crm:4"]["maskedFields"], ["payload.payload.name"])
        self.assertNotIn("sealed", json.dumps(masked))
        for line in server.run("events", "tail", "--once").splitlines():
            self.assertIn("maskedFields", json.loads(line))
        opened = {e["touchpoint"]["eventId"]: e["touchpoint"]
                  for e in server.json(*ask, "--reveal", "--purpose", "call back")}
        for event in events:
            for field in ("note", "profileRecorded", "aliasLinked", "contactPersonRecorded"):
                self.assertEqual(opened[event["eventId"]].get(field), event.get(field))
        show = ("customer", "show", "cust-0", "--format", "table")
        self.assertIn("sealed       profile.name", server.run(*show))
        name = self.put_right(events[4])
        self.assertIn(f"name         {name}", server.run(*show, "--reveal", "--purpose", "call"))
        self.refused(WRONG_USAGE, *ask, "--reveal", "--server", server.address,
                     says=["--purpose"])
        self.assertEqual(server.json("customer", "find",
                                     events[2]["aliasLinked"]["value"].upper())[0],
                         {"customerIds": ["cust-0"]})
        self.refused(NOT_FOUND, "customer", "find", "x@y.example", "--server", server.address,
                     says=["CUSTOMER_UNKNOWN"])

    def test_an_alias_is_theirs_of_whom_it_stands(self):
        server = self.serve()
        alias = self.plants.alias()
        find = ("customer", "find", alias)

        def publish(*events):
            server.publish(list(events))
            server.await_folded()

        publish(self.event(1, "cust-1", aliasLinked={"value": alias}),
                self.event(2, "cust-2", aliasLinked={"value": alias}))
        self.assertEqual(server.json(*find)[0], {"customerIds": ["cust-2", "cust-1"]})
        publish(self.event(3, "cust-2", eventRetracted={"targetEventId": "crm:2"}))
        self.assertEqual(server.json(*find)[0], {"customerIds": ["cust-1"]})
        server.stop(signal.SIGKILL)
        shutil.rmtree(self.data / "state")
        server.start()
        server.await_folded()
        self.assertEqual(server.json(*find)[0], {"customerIds": ["cust-1"]}, "built anew")
        other = self.plants.alias()
        publish(self.event(4, "cust-1", eventCorrected={
            **self.correction(other, 1), "kind": "KIND_ALIAS_LINKED"}))
        self.refused(NOT_FOUND, *find, "--server", server.address, says=["CUSTOMER_UNKNOWN"])
        self.assertEqual(server.json("customer", "find", other)[0], {"customerIds": ["cust-1"]})

    def test_what_is_opened_is_written_down_and_a_changed_byte_is_found(self):
        server = self.serve()
        server.publish(self.people(2))
        server.await_folded()
        server.json("customer", "timeline", "cust-1", "--reveal", "--purpose", "call back")
        server.run("customer", "show", "cust-0", "--reveal", "--purpose", "letter")
        receipt = server.json("customer", "erase", "cust-0", "--purpose", "asked by mail")[0]
        path = self.data / "audit.jsonl"
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        self.assertEqual([(e["action"], e["customer"], e["purpose"]) for e in lines],
                         [("reveal", "cust-1", "call back"), ("reveal", "cust-0", "letter"),
                          ("erase", "cust-0", "asked by mail")])
        self.assertEqual(lines[0]["fields"], ["note", "payload.name", "payload.payload.name",
                                              "payload.value"])
        self.assertTrue(all(entry["who"] for entry in lines))
        self.assertEqual(receipt["auditChain"], lines[-1]["chain"])
        said = self.run_rapport("audit", "verify", "--data", self.data)
        self.assertIn(f"3 lines, unchanged, chain {receipt['auditChain']}", said)
        path.write_text(path.read_text().replace("letter", "latter"))
        self.refused(FOUND_WRONG, "audit", "verify", "--data", self.data,
                     says=["AUDIT_CHANGED: line 2"])

    def test_an_erased_customer_comes_back_from_no_backup_of_the_keys(self):
        server = self.serve()
        events = self.people(2)
        server.publish(events)
        server.await_folded()
        server.stop()
        backup = self.folder / "backup"
        shutil.copytree(self.data / "keys", backup)
        server.start()
        receipt = server.json("customer", "erase", "cust-0", "--purpose", "asked by mail")[0]
        self.assertEqual(server.json("customer", "erase", "cust-0", "--purpose", "again")[0],
                         receipt)
        self.assertEqual(server.json("customer", "erase", "cust-0", "--receipt")[0], receipt)
        self.refused(NOT_FOUND, "customer", "erase", "cust-1", "--receipt", "--server",
                     server.address, says=["ERASURE_UNKNOWN"])
        late = self.event(50, "cust-0", note=self.plants.text(), complaintRaised={"case": "late"})
        self.refused(FAILED, "events", "publish", "-", "--server", server.address,
                     "--format", "table", stdin=lines_of([late]), says=["CUSTOMER_ERASED"])
        server.stop(signal.SIGKILL)
        shutil.rmtree(self.data / "keys")
        shutil.copytree(backup, self.data / "keys")
        server.start()
        reveal = ("--reveal", "--purpose", "test")
        said = json.dumps(server.json("customer", "timeline", "cust-0", *reveal),
                          ensure_ascii=False)
        self.assertNotIn(events[1]["profileRecorded"]["name"], said)
        self.assertNotIn(self.put_right(events[4]), said)
        card = server.json("customer", "show", "cust-1", *reveal)[0]
        self.assertEqual(card["profile"]["name"], self.put_right(events[9]))
        self.assertEqual(server.json("customer", "erase", "cust-0", "--receipt")[0], receipt)

    def test_facts_answer_without_keys_and_texts_wait_for_them(self):
        server = self.serve()
        server.publish(self.people(1))
        server.await_folded()
        before = server.digest()
        server.stop()
        away = self.folder / "away.key"
        os.rename(self.data / "wrapping.key", away)
        server.start()
        self.assertIn("wrapping key", server.status()["keyStoreCause"])
        self.assertIn("KEY_STORE_UNAVAILABLE", server.said())
        self.assertFalse((self.data / "wrapping.key").exists(), "no other key is made")
        self.assertEqual(server.digest(), before)
        self.refused(UNAVAILABLE, "customer", "timeline", "cust-0", "--reveal", "--purpose", "x",
                     "--server", server.address, says=["KEY_STORE_UNAVAILABLE"])
        text = self.event(70, "cust-9", note=self.plants.text(), complaintRaised={"case": "c"})
        self.refused(UNAVAILABLE, "events", "publish", "-", "--server", server.address,
                     stdin=lines_of([text]), says=["KEY_STORE_UNAVAILABLE"])
        plain = self.event(71, "cust-9", complaintRaised={"case": "c"})
        self.assertEqual(server.publish([plain])[0]["status"], "STATUS_ACCEPTED")
        server.stop()
        os.rename(away, self.data / "wrapping.key")
        server.start()
        self.assertNotIn("keyStoreCause", server.status())
        self.assertEqual(server.publish([text])[0]["status"], "STATUS_ACCEPTED")

    def test_keys_lie_where_they_are_told_to_and_are_their_owners_alone(self):
        keys, wrapping = self.folder / "vault" / "keys", self.folder / "safe" / "wrapping.key"
        flags = ("--data", self.data, "--keys", keys, "--wrapping-key", wrapping)
        text = self.event(1, "ana", note=self.plants.text(), complaintRaised={"case": "c"})
        self.run_rapport("events", "publish", "-", *flags, stdin=lines_of([text]))
        self.assertFalse((self.data / "keys").exists())
        self.assertFalse((self.data / "wrapping.key").exists())
        self.assertTrue(list(keys.glob("*.keys")))
        for path in [wrapping, *keys.iterdir(), self.data / "audit.jsonl"]:
            if path.exists():
                self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600, path)
        said = self.run_rapport("customer", "timeline", "ana", *flags, "--reveal", "--purpose",
                                "x", "--format", "table")
        self.assertIn(text["note"], said)

    def behind_mounts(self, *mounts):
        """The program in a file system of its own, with these mounts; skips where none may be
        made."""
        if run_program("unshare", "--mount", "true").returncode != 0:
            self.skipTest("no mounts can be made here")
        commands = " && ".join(f"mount {mount}" for mount in mounts)
        script = self.file("mounted.sh", "#!/bin/sh\nexec unshare --mount sh -c '"
                           f"{commands} && exec {self.program} \"$@\"' sh \"$@\"\n")
        script.chmod(0o700)
        return script

    def test_a_wrapping_key_mounted_as_a_file_of_its_own_serves_on_unchanged(self):
        server = self.serve()
        events = self.people(1)
        server.publish(events)
        server.stop()
        path = self.data / "wrapping.key"
        title, store, line = path.read_text().splitlines()
        # It is due to be changed; and a file laid ready by hand names no store.
        for lines in ((title, store, f"{line.split()[0]} 2020-01-01T00:00:00Z"), (title, line)):
            laid = "\n".join(lines) + "\n"
            path.write_text(laid)
            server.program = str(self.behind_mounts(f"--bind {path} {path}"))
            for _ in range(2):
                server.start()
                name = server.json("customer", "show", "cust-0", "--reveal", "--purpose", "x")
                self.assertEqual(name[0]["profile"]["name"], self.put_right(events[4]))
                self.assertIn("WRAPPING_KEY_FIXED", server.status()["warnings"][0])
                self.assertEqual(server.stop(), 0)
            self.assertIn("rapport: WRAPPING_KEY_FIXED", server.said())
            self.assertIn("--wrapping-key", server.said())
            self.assertEqual(path.read_text(), laid)
            self.assertEqual(list(self.data.glob("wrapping.key.*")), [])
        server.program = str(self.program)
        server.start()
        self.assertEqual(server.status().get("warnings", []), [])

    def test_a_wrapping_key_in_a_folder_that_cannot_be_written_serves_on_unchanged(self):
        path = self.folder / "safe" / "wrapping.key"
        server = Server(self.program, self.data, "--wrapping-key", path)
        self.enterContext(server)
        events = self.people(1)
        server.publish(events)
        server.stop()
        safe = path.parent
        server.program = str(self.behind_mounts(f"--bind {safe} {safe}",
                                                f"-o remount,ro,bind {safe}"))
        server.start()
        card = server.json("customer", "show", "cust-0", "--reveal", "--purpose", "x")[0]
        self.assertEqual(card["profile"]["name"], self.put_right(events[4]))
        self.assertIn("Read-only file system", server.status()["warnings"][0])
        self.assertEqual(server.stop(), 0)

    def test_a_daily_change_of_the_wrapping_key_kills_older_copies(self):
        server = self.serve()
        events = self.people(1)
        server.publish(events)
        server.stop()
        old = shutil.copytree(self.data / "keys", self.folder / "old")
        path = self.data / "wrapping.key"
        before = path.read_text()
        title, store, line = before.splitlines()
        path.write_text(f"{title}\n{store}\n{line.split()[0]} 2020-01-01T00:00:00Z\n")
        server.start()
        show = ("customer", "show", "cust-0", "--reveal", "--purpose", "x")
        self.assertEqual(server.json(*show)[0]["profile"]["name"],
                         self.put_right(events[4]))
        server.stop()
        self.assertNotIn(line.split()[0], path.read_text())
        shutil.rmtree(self.data / "keys")
        shutil.copytree(old, self.data / "keys")
        server.start()
        self.assertIn("wrapped by another key", server.status()["keyStoreCause"])


if __name__ == "__main__":
    case.main()
