#!/usr/bin/env python3
"""What somebody meets in the first minute with the real program, and what it then tells him: money
in another currency, a wrong event, a claim, settings, a watch whose server restarts."""
import http.client
import json
import os
import re
import signal
import subprocess
import time
import unittest.mock

import case
from case import Case
from program import ROOT, die_with_parent, poll, run_program

WRONG_USAGE, NOT_PERMITTED, INTERRUPTED = 2, 7, 130
RATES = ROOT / "deploy/rules/currencies.textproto"


def bought(event_id, currency, customer="ana", **more):
    return {"eventId": event_id, "customerId": customer, "occurredAt": "2024-01-05T10:00:00Z",
            "source": "shop",
            "purchaseMade": {"order": event_id,
                             "amount": {"micros": "100000000", "currency": currency}}, **more}


class CurrencyTest(Case):
    """Money without a rate counts one for one until a start brings rates."""

    def setUp(self):
        super().setUp()
        self.live = self.server()
        self.live.publish([bought("a:1", "GBP"), bought("b:1", "EUR", customer="ben")])
        self.live.await_folded()

    def spend(self, server, customer):
        standing = server.json("customer", "show", customer, "--as-of", "2024-01-06")[0]["standing"]
        value = next(line for line in standing["lines"] if line["line"] == "SCORE_LINE_VALUE")
        return {entry["name"]: int(entry.get("value", 0)) for entry in value["receipt"]["inputs"]}

    def test_it_is_told_wherever_it_is_seen(self):
        self.assertEqual(self.spend(self.live, "ana")["M"], self.spend(self.live, "ben")["M"])
        shown = self.live.run("customer", "show", "ana", "--format", "table")
        self.assertIn("Money in a currency that the rules have no rate for counts one for one as "
                      "EUR.", shown)
        self.assertIn("spent        100.00 in currencies without a rate", shown)
        self.assertIn("rapport serve --rules FILE", shown)
        self.assertNotIn("XXX", shown)
        self.assertNotIn("no rate", self.live.run("customer", "show", "ben", "--format", "table"))
        why = self.live.run("customer", "explain", "ana", "--format", "table")
        self.assertIn("no rate for counts one for one as EUR", why)
        status = self.live.status()
        self.assertEqual(len(status["warnings"]), 1, status)
        self.assertIn("1 customer has bought in a currency that the rules have no rate for; it "
                      "counts one for one as EUR; give rates", status["warnings"][0])
        connection = http.client.HTTPConnection(*self.live.http.split(":"), timeout=60)
        connection.request("GET", "/metrics")
        self.assertIn("\nrapport_unlisted_currency_customers 1\n",
                      connection.getresponse().read().decode())
        connection.close()

    def test_rates_are_given_at_a_start_also_to_a_directory_that_has_customers(self):
        self.assertEqual(self.run_rapport("rules", "check", RATES).count("is right"), 1)
        before = self.spend(self.live, "ana")["M"]
        self.live.run("rules", "activate", RATES, "--yes")
        self.assertAlmostEqual(self.spend(self.live, "ana")["M"], before * 117 // 100, delta=2)
        self.live.run("rules", "rollback", "--yes")
        self.assertEqual(self.spend(self.live, "ana")["M"], before)
        self.live.stop()
        rated = self.server("--rules", RATES)
        self.assertAlmostEqual(self.spend(rated, "ana")["M"], before * 117 // 100, delta=2)
        shown = rated.run("customer", "show", "ana", "--format", "table")
        self.assertIn("GBP 100.00", shown)
        self.assertNotIn("no rate", shown)
        self.assertNotIn("warnings", rated.status())
        rated.stop()
        # A start that does not name the file goes back.
        self.assertEqual(self.spend(self.server(), "ana")["M"], before)


class ErrorNamesTest(Case):
    """Who is told of a mistake finds it by the name that he wrote."""

    def setUp(self):
        super().setUp()
        self.live = self.server()

    def post(self, path, body, **headers):
        connection = http.client.HTTPConnection(*self.live.http.split(":"), timeout=60)
        try:
            connection.request("POST", path, body=body,
                               headers={"content-type": "application/json", **headers})
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()

    def told(self, result):
        """The message of a rejected item, and the field that its details name."""
        self.assertEqual(result["status"], "STATUS_REJECTED", result)
        bad = next(one for one in result["error"]["details"]
                   if one["@type"].endswith("rapport.v1.BadRequest"))
        return result["error"]["message"], bad["fieldViolations"][0]["field"]

    def wrong(self, **changes):
        event = bought("x:1", "EUR", **changes)
        event["purchaseMade"]["amount"]["micros"] = "-5"
        return event

    def test_over_http_fields_are_those_of_the_json(self):
        answer = self.post("/v1/events:publish", json.dumps({"touchpoint": self.wrong()}))
        message, field = self.told(answer["result"])
        self.assertEqual(field, "purchaseMade.amount.micros")
        self.assertTrue(message.startswith("purchaseMade.amount.micros: must be 0"), message)
        for event, named in ((bought("x:2", "EUR", customer="a@b.example"), "customerId"),
                             (dict(bought("x:3", "EUR"), occurredAt="2093-01-01T00:00:00Z"),
                              "occurredAt"),
                             (dict(bought("x:4", "EUR"), durationS=2 ** 31), "durationS")):
            answer = self.post("/v1/events:publish", json.dumps({"touchpoint": event}))
            self.assertEqual(self.told(answer["result"])[1], named)
        attributes = {"ce-specversion": "1.0", "ce-id": "x:5", "ce-source": "shop",
                      "ce-subject": "ana", "ce-time": "2024-01-05T10:00:00Z"}
        body = json.dumps({"purchaseMade": self.wrong()["purchaseMade"]})
        answer = self.post("/v1/events:publish", body, **attributes)
        self.assertEqual(self.told(answer["result"])[1], "purchaseMade.amount.micros")

    def test_a_batch_of_lines_names_the_line(self):
        lines = [json.dumps(bought("x:1", "EUR")), "", json.dumps(self.wrong()), "{nonsense"]
        answer = self.post("/v1/events:batchPublish", "\n".join(lines),
                           **{"content-type": "application/x-ndjson"})
        accepted, wrong, unread = answer["results"]
        self.assertEqual(accepted["status"], "STATUS_ACCEPTED")
        message, field = self.told(wrong)
        self.assertTrue(message.startswith("purchaseMade.amount.micros: "), message)
        self.assertTrue(message.endswith(" (line 3)"), message)
        self.assertEqual(field, "purchaseMade.amount.micros")
        self.assertTrue(unread["error"]["message"].endswith(" (line 4)"), unread)

    def test_commands_name_what_stands_in_the_file(self):
        file = self.file("wrong.json", json.dumps(self.wrong()))
        self.refused(WRONG_USAGE, "events", "publish", file, "--server", self.live.address,
                     says=["wrong.json:1: FIELD_INVALID: purchaseMade.amount.micros: must be"])

    def test_a_source_that_is_a_uri_is_told_how_to_be_named(self):
        attributes = {"ce-specversion": "1.0", "ce-id": "x:5", "ce-subject": "ana",
                      "ce-time": "2024-01-05T10:00:00Z"}
        body = json.dumps({"purchaseMade": bought("x:5", "EUR")["purchaseMade"]})
        for source in ("https://shop.example/pos", "urn:shop:pos"):
            answer = self.post("/v1/events:publish", body, **{**attributes, "ce-source": source})
            message, field = self.told(answer["result"])
            self.assertEqual(field, "source")
            self.assertIn("write shop.example/pos for https://shop.example/pos", message)
        for number, source in enumerate(("shop.example/pos", "/shop/pos")):
            answer = self.post("/v1/events:publish", body, **{
                **attributes, "ce-id": f"y:{number}", "ce-source": source})
            self.assertEqual(answer["result"]["status"], "STATUS_ACCEPTED", source)

    def test_moments_may_be_written_out(self):
        self.live.publish([bought("x:1", "EUR")])
        connection = http.client.HTTPConnection(*self.live.http.split(":"), timeout=60)
        said = []
        for moment in ("1704499200000000", "2024-01-06T00:00:00Z"):
            connection.request("GET", f"/v1/customers/ana?viewpoint.asOfUs={moment}")
            said.append(json.loads(connection.getresponse().read())["standing"]["asOfUs"])
        self.assertEqual(said, ["1704499200000000"] * 2)
        connection.request("GET", "/v1/customers/ana?viewpoint.asOfUs=yesterday")
        error = json.loads(connection.getresponse().read())
        self.assertIn("viewpoint.asOfUs: must be a moment: microseconds since 1970, or such as "
                      "2026-01-31T09:30:00Z", error["message"])
        connection.request("GET", "/v1/customers/ana?viewpoint.asOf=1")
        error = json.loads(connection.getresponse().read())
        self.assertIn("there are asOfUs, knownAt", error["message"])
        connection.close()

    def test_a_list_says_who_has_claimed_what(self):
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.live.publish([{"eventId": "c:1", "customerId": "ana", "occurredAt": now,
                            "source": "crm", "complaintRaised": {"case": "c77"}}])
        self.live.await_folded()
        self.live.run("follow-ups", "claim", "ana/complaint_resolve", "--as", "ben", "--for", "2h")
        words = ("follow-ups", "list", "--customer", "ana", "--policy", "complaint_resolve",
                 "--status", "PENDING,DUE,OVERDUE")
        row = self.live.run(*words, "--format", "table").splitlines()[0]
        self.assertRegex(row, r", ben has claimed it until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, ")
        head, row = self.live.run(*words, "--format", "csv").splitlines()
        self.assertEqual(head.split(",")[-2:], ["assignee", "claimed_until"])
        self.assertRegex(row, r",ben,\d{4}-\d\d-\d\dT[\d:.]+Z$")


class TokenHintTest(Case):
    def test_who_shows_no_token_or_a_wrong_one_hears_where_to_put_it(self):
        said = self.run_rapport("token", "new", "--name", "desk", "--roles", "reader")
        line = next(row for row in said.splitlines() if "sha256=" in row).strip()
        tokens = self.file("tokens", line + "\n")
        tokens.chmod(0o600)
        live = self.server("--tokens", tokens)
        show = ("customer", "show", "ana", "--server", live.address)
        self.refused(NOT_PERMITTED, *show, says=[
            "TOKEN_INVALID", "--token-file FILE", "RAPPORT_TOKEN_FILE", "client.token_file"])
        other = self.file("token", "wrong\n")
        other.chmod(0o600)
        self.refused(NOT_PERMITTED, *show, "--token-file", other, says=[
            "TOKEN_INVALID", "what was sent came from --token-file", "RAPPORT_TOKEN_FILE"])


class SettingsTest(Case):
    """docs/settings.md, `config show` and what serve does are one."""

    def shown(self, *words):
        said = self.run_rapport("config", "show", "--origin", *words)
        rows = re.findall(r'^(?:# )?(\S+) = "(.*)"  # (.*)$', said, re.MULTILINE)
        return {key: (value, origin) for key, value, origin in rows}

    def test_the_page_is_what_the_program_says(self):
        page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
        table = "".join(line + "\n" for line in page.splitlines() if line.startswith("|"))
        self.assertEqual(table, self.run_rapport("config", "settings"))
        keys = re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)
        self.assertEqual(keys, list(self.shown()))

    def test_defaults_are_what_serve_takes(self):
        with unittest.mock.patch.dict(os.environ, {}):
            shown = {key: value for key, (value, _) in self.shown().items()}
        data = shown["state.directory"]
        self.assertEqual(data, "rapport-data")
        with subprocess.Popen([self.program.resolve(), "serve", "--grpc", "127.0.0.1:0", "--http",
                               "off"], cwd=self.folder, stdout=subprocess.PIPE, text=True,
                              preexec_fn=die_with_parent) as serving:
            said = serving.stdout.readline()
            serving.terminate()
        self.assertIn(f" {shown['log.partitions']} partitions", said)
        for key in ("state.directory", "keys.directory", "keys.wrapping_key_file"):
            self.assertTrue((self.folder / shown[key]).exists(), key)
        self.assertEqual(shown["echo"], "on")
        self.assertEqual(self.shown("--log", "kafka", "--brokers", "b:1")["echo"],
                         ("off", "default"))
        self.assertEqual(self.shown("--data", "elsewhere")["keys.directory"],
                         ("elsewhere/keys", "default"))

    def test_broken_toml_is_quoted_with_its_cure(self):
        for text, says in [
                ("server.grpc = 127.0.0.1:8471\n",
                 ["rapport.toml:1:", "is not TOML", "in `server.grpc`",
                  "a text stands in quotes"]),
                ('echo = "off"\nserver.http = "x\n',
                 ["rapport.toml:2:", "in `server.http`", "quotes it began with"]),
                ("[server\ngrpc = 1\n", ["rapport.toml:1:", "in `[server`", "in brackets"]),
                ("echo: on\n", ["rapport.toml:1:", 'name = "text"']),
                ('echo = "on"\necho = "off"\n', ["rapport.toml:2:", "stands once"])]:
            self.refused(WRONG_USAGE, "config", "show", "--config",
                         self.file("rapport.toml", text), says=says)
        for text in ("sasl.pass = hidden\n", "my.key: hidden\n"):
            told = self.refused(WRONG_USAGE, "config", "show", "--config",
                                self.file("rapport.toml", text), says=["is not TOML"])
            self.assertNotIn("hidden", told)


class WatchAgainTest(Case):
    """`customers watch` outlives its server, and says where to go on."""

    def watch(self, live, *words):
        watching = subprocess.Popen(
            [self.program, "customers", "watch", "--server", live.address, *words],
            stdout=subprocess.PIPE, stderr=(self.folder / "talk").open("w"), text=True,
            preexec_fn=die_with_parent)
        self.addCleanup(watching.stdout.close)
        self.addCleanup(watching.kill)
        return watching

    def talk(self):
        return (self.folder / "talk").read_text(encoding="utf-8")

    def test_it_goes_on_when_the_server_is_back(self):
        live = self.server()
        watching = self.watch(live, "--format", "jsonl")
        self.assertIn("caughtUp", watching.stdout.readline())
        live.publish([bought("a:1", "EUR")])
        before = json.loads(watching.stdout.readline())["change"]
        self.assertEqual(before["customerId"], "ana")
        live.stop(signal.SIGKILL)
        poll("the command has noticed", lambda: "the server has ended; waiting" in self.talk())
        with subprocess.Popen([self.program, "serve", "--data", live.folder, "--grpc", live.address,
                               "--http", "off"], stdout=subprocess.PIPE, text=True,
                              preexec_fn=die_with_parent) as serving:
            self.addCleanup(serving.kill)
            self.assertIn("ready", serving.stdout.readline())
            self.goes_on(live, watching)
            serving.terminate()
            serving.communicate(timeout=60)

    def goes_on(self, live, watching):
        live.publish([bought("a:2", "EUR", customer="ben")])
        told = [json.loads(watching.stdout.readline())]
        while "change" not in told[-1]:
            told.append(json.loads(watching.stdout.readline()))
        self.assertEqual(told[-1]["change"]["customerId"], "ben", "nothing twice, nothing missing")
        self.assertRegex(self.talk(), r"the server is back, going on from \S+:")
        watching.send_signal(signal.SIGINT)
        self.assertEqual(watching.wait(60), INTERRUPTED)

    def test_a_table_ends_with_the_position_to_go_on_from(self):
        live = self.server()
        begun = time.monotonic()
        watching = self.watch(live, "--format", "table", "--for", "1s")
        self.assertEqual(watching.wait(60), 0)
        self.assertGreaterEqual(time.monotonic() - begun, 1)
        position = re.search(r"to go on: rapport customers watch --from (\S+)", self.talk())[1]
        live.publish([bought("a:1", "EUR")])
        live.await_folded()
        rows = live.run("customers", "watch", "--from", position, "--once", "--format", "table")
        self.assertEqual([row.split()[1] for row in rows.splitlines()], ["ana"])

    def test_who_never_answered_is_not_waited_for(self):
        done = run_program(self.program, "customers", "watch", "--server", "127.0.0.1:1")
        self.assertEqual(done.returncode, 5)
        self.assertIn("SERVER_UNAVAILABLE", done.stderr)


class PagesTest(Case):
    def test_ids_of_the_pages_that_a_newcomer_follows_differ(self):
        """Who follows one page after the other publishes, and is not told DUPLICATE."""
        names = ("README.md", "consumers/transactions/examples/curl/README.md")
        ids = [set(re.findall(r'"eventId": ?"(shop:\d+)"', (ROOT / name).read_text("utf-8")))
               for name in names]
        self.assertTrue(all(ids), ids)
        self.assertEqual(ids[0] & ids[1], set())


if __name__ == "__main__":
    case.main()
