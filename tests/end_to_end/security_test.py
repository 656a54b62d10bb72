#!/usr/bin/env python3
"""Who may call: tokens, roles, TLS; and where settings come from."""
import contextlib
import http.client
import json
import os
import re
import socket
import ssl
import unittest.mock

import case
from certificates import make_certificates
from program import lines_of, poll

NOT_PERMITTED = 7
WRONG_USAGE = 2
FAILED = 1
UNAVAILABLE = 5
PURCHASE = {"eventId": "shop:1", "customerId": "cust-1", "source": "shop",
            "occurredAt": "2024-01-05T09:00:00Z", "note": "left at the gate",
            "purchaseMade": {"order": "a1", "amount": {"micros": "20000000",
                                                   "currency": "EUR"}}}


class SecurityTest(case.Case):
    """Starts servers that not everybody may use."""

    def token(self, name, roles, *words):
        """A new token in a file of its own, and the line that lets it in."""
        said = self.run_rapport("token", "new", "--name", name, "--roles", roles, *words)
        token, line = said.splitlines()
        self.assertRegex(token, r"^rapport_[0-9a-f]{64}$")
        self.assertNotIn(token, line)
        path = self.file(f"{name}.token", token + "\n")
        path.chmod(0o600)
        return path, line

    def tokens(self, *lines):
        path = self.file("tokens", "".join(line + "\n" for line in lines))
        path.chmod(0o600)
        return path

    def test_a_token_opens_what_its_roles_allow(self):
        shop, shop_line = self.token("shop", "publisher", "--sources", "shop")
        desk, desk_line = self.token("desk", "reader")
        boss, boss_line = self.token("boss", "revealer,analyst", "--days", "2")
        server = self.server("--tokens", self.tokens(shop_line, desk_line, boss_line))
        at = ["--server", server.address]
        show = ["customer", "show", "cust-1", *at]
        self.refused(NOT_PERMITTED, *show, says=["TOKEN_INVALID", "no token was sent"])
        other = self.file("other.token", "rapport_" + "0" * 64)
        other.chmod(0o600)
        self.refused(NOT_PERMITTED, *show, "--token-file", other, says=["TOKEN_INVALID"])
        events = [PURCHASE, {**PURCHASE, "eventId": "web:1", "source": "web"}]
        said = self.run_rapport("events", "publish", "-", *at, "--token-file", shop, "--format",
                                "jsonl", stdin=lines_of(events[:1]))
        self.assertEqual(json.loads(said)["status"], "STATUS_ACCEPTED")
        self.refused(NOT_PERMITTED, "events", "publish", "-", *at, "--token-file", shop,
                     stdin=lines_of(events[1:]), says=["SOURCE_NOT_PERMITTED", "shop may not"])
        self.refused(NOT_PERMITTED, *show, "--token-file", shop,
                     says=["ROLE_MISSING", "needs the role reader", "shop is publisher"])
        with unittest.mock.patch.dict(os.environ, {"RAPPORT_TOKEN_FILE": str(desk)}):
            self.run_rapport(*show)
            line = ["customer", "timeline", "cust-1", *at, "--format", "jsonl"]
            self.assertNotIn("left at the gate", self.run_rapport(*line))
            self.refused(NOT_PERMITTED, *line, "--reveal", "--purpose", "call back",
                         says=["ROLE_MISSING", "reveal needs the role revealer"])
            # A flag counts more than the environment.
            told = self.run_rapport(*line, "--reveal", "--purpose", "call back", "--token-file",
                                    boss)
            self.assertIn("left at the gate", told)
            tail = self.run_rapport("events", "tail", "--once", *at, "--token-file", boss)
        self.assertEqual(len(tail.splitlines()), 1, tail)
        self.assertIn('"publisher":"shop"', tail)
        audit = (self.folder / "data" / "audit.jsonl").read_text(encoding="utf-8")
        self.assertEqual([(json.loads(line)["who"], json.loads(line)["action"])
                          for line in audit.splitlines()],
                         [("boss", "reveal"), ("boss", "replay")])
        for path in (shop, desk, boss):
            secret = path.read_text(encoding="utf-8").strip()
            self.assertNotIn(secret, audit + server.said())

    def test_a_changed_file_of_tokens_counts_without_a_restart(self):
        desk, line = self.token("desk", "analyst,operator")
        boss, boss_line = self.token("boss", "analyst")
        path = self.tokens(line)
        server = self.server("--tokens", path)
        host, port = server.http.split(":")
        client = http.client.HTTPConnection(host, int(port), timeout=60)
        self.addCleanup(client.close)
        client.request("GET", "/v1/customers:watch", headers={
            "Authorization": "Bearer " + desk.read_text(encoding="utf-8").strip()})
        watch = client.getresponse()
        self.assertEqual(watch.status, 200)
        told = [watch.readline() for _ in range(4)]
        self.assertIn(b"event: caughtUp", b"".join(told))
        ask = ["digest", "--server", server.address, "--token-file"]
        self.refused(NOT_PERMITTED, *ask, boss, says=["TOKEN_INVALID"])
        path.write_text(boss_line + "\ntoken rolls=analyst\n", encoding="utf-8")
        poll("the broken file is told of", lambda: "did you mean roles?" in server.said())
        self.run_rapport(*ask, desk)
        path.write_text(boss_line + "\n", encoding="utf-8")
        self.assertIn(b"TOKEN_INVALID", watch.read(), "the stream says why it ends")
        self.run_rapport(*ask, boss)
        self.refused(NOT_PERMITTED, *ask, desk, says=["TOKEN_INVALID"])

    def test_tls_asks_for_a_certificate_whose_name_has_roles(self):
        tls = make_certificates(self.folder / "tls")
        lines = ["certificate name=crm.example.org roles=operator,worker"]
        server = self.server("--tokens", self.tokens(*lines), "--tls-cert", tls / "server.pem",
                             "--tls-key", tls / "server.key", "--client-ca", tls / "ca.pem")
        at = ["status", "--server", server.address]
        with_ca = ["--tls-ca", tls / "ca.pem"]
        own = ["--tls-cert", tls / "client.pem", "--tls-key", tls / "client.key"]
        self.assertIn("partitions", self.run_rapport(*at, *with_ca, *own))
        self.refused(UNAVAILABLE, *at, says=["SERVER_UNAVAILABLE"])
        self.refused(UNAVAILABLE, *at, *with_ca, says=["SERVER_UNAVAILABLE", "--client-ca"])
        self.refused(NOT_PERMITTED, "digest", "--server", server.address, *with_ca, *own,
                     says=["ROLE_MISSING", "crm.example.org"])
        (tls / "client.key").chmod(0o644)
        self.refused(FAILED, *at, *with_ca, *own, says=["FILE_EXPOSED"])

    def test_http_speaks_tls_to_the_same_callers(self):
        tls = make_certificates(self.folder / "tls")
        publisher, line = self.token("shop", "publisher", "--sources", "shop")
        known = "certificate name=crm.example.org roles=operator,analyst"
        server = self.server(
            "--tokens", self.tokens(known, line),
            "--tls-cert", tls / "server.pem", "--tls-key", tls / "server.key", "--client-ca",
            tls / "ca.pem")
        stranger = ssl.create_default_context(cafile=tls / "ca.pem")
        known = ssl.create_default_context(cafile=tls / "ca.pem")
        known.load_cert_chain(tls / "client.pem", tls / "client.key")
        host, port = server.http.split(":")
        with contextlib.closing(http.client.HTTPSConnection(
                host, int(port), context=known, timeout=60)) as client:

            def ask(verb, path, body=None, headers=None, status=200):
                client.request(verb, path, body,
                               {"Content-Type": "application/json", **(headers or {})})
                answer = client.getresponse()
                text = answer.read().decode()
                self.assertEqual(answer.status, status, text)
                return text

            self.assertIn("partitions", ask("GET", "/v1/status"))
            self.assertIn("ROLE_MISSING", ask("POST", "/v1/customers/cust-1:erase", "{}",
                                              status=403))
            # Who shows a token is who that says, whatever his certificate.
            note = {**PURCHASE, "note": "x" * 8000}
            items = {"items": [{"touchpoint": {**note, "eventId": f"shop:{number}"}}
                               for number in range(100)]}
            token = {"Authorization": "Bearer " + publisher.read_text(encoding="utf-8").strip()}
            ask("POST", "/v1/events:batchPublish", json.dumps(items), token)
            # A stream of many records, and its end.
            lines = ask("POST", "/v1/events:replay", "{}").splitlines()
            self.assertEqual(sum('"event":{' in line for line in lines), 100)
        with self.assertRaises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
            other = http.client.HTTPSConnection(host, int(port), context=stranger, timeout=60)
            other.request("GET", "/livez")
            other.getresponse()
        with socket.create_connection((host, int(port)), timeout=60) as clear:
            clear.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertNotIn(b"HTTP", clear.recv(100))

    def test_a_certificate_is_one_caller_at_both_doors(self):
        tls = make_certificates(self.folder / "tls")
        server = self.server(
            "--tokens", self.tokens("certificate name=operator roles=operator",
                                    "certificate name=10.0.0.9 roles=eraser"),
            "--tls-cert", tls / "server.pem", "--tls-key", tls / "server.key", "--client-ca",
            tls / "ca.pem")
        self.refused(NOT_PERMITTED, "status", "--server", server.address, "--tls-ca",
                     tls / "ca.pem", "--tls-cert", tls / "operator.pem", "--tls-key",
                     tls / "operator.key", says=["ROLE_MISSING", "10.0.0.9 is eraser"])
        known = ssl.create_default_context(cafile=tls / "ca.pem")
        known.load_cert_chain(tls / "operator.pem", tls / "operator.key")
        host, port = server.http.split(":")
        with contextlib.closing(http.client.HTTPSConnection(
                host, int(port), context=known, timeout=60)) as client:
            client.request("GET", "/v1/status")
            answer = client.getresponse()
            self.assertIn("10.0.0.9 is eraser", answer.read().decode())
            self.assertEqual(answer.status, 403)

    def test_other_machines_are_let_in_only_with_tls_certificates_and_tokens(self):
        tls = make_certificates(self.folder / "tls")
        line = self.token("desk", "reader")[1]
        tokens = self.tokens(line)
        serve = ["serve", "--data", self.folder / "data", "--grpc", "0.0.0.0:0", "--http", "off"]
        inside = ["serve", "--data", self.folder / "data", "--grpc", "127.0.0.1:0", "--http",
                  "0.0.0.0:0"]
        own = ["--tls-cert", tls / "server.pem", "--tls-key", tls / "server.key"]
        for flags in [[], ["--tokens", tokens], [*own, "--tokens", tokens],
                      [*own, "--client-ca", tls / "ca.pem"]]:
            for door in (serve, inside):
                self.refused(WRONG_USAGE, *door, *flags, says=["refuses to listen on 0.0.0.0:0"])
        here = ["serve", "--data", self.folder / "data", "--grpc", "127.0.0.1:0", "--http", "off"]
        self.refused(WRONG_USAGE, *here, "--tls-cert", tls / "server.pem",
                     says=["TLS_INCOMPLETE"])
        tokens.chmod(0o644)
        self.refused(FAILED, *here, "--tokens", tokens, says=["FILE_EXPOSED", "chmod 600"])
        tokens.chmod(0o600)
        tokens.write_text("token name=x rolls=reader\n", encoding="utf-8")
        self.refused(WRONG_USAGE, *here, "--tokens", tokens,
                     says=["tokens:1: a token has no rolls", "did you mean roles?"])

    def test_a_token_is_never_sent_in_clear_to_another_machine(self):
        token = self.token("desk", "reader")[0]
        self.refused(WRONG_USAGE, "status", "--server", "192.0.2.1:8471", "--token-file", token,
                     says=["refuses to send a token in clear"])

    def test_token_new_refuses_what_the_file_would_not_take(self):
        self.refused(WRONG_USAGE, "token", "new", "--name", "shop", "--roles", "publisher",
                     says=["a publisher needs sources="])
        self.refused(WRONG_USAGE, "token", "new", "--name", "shop", "--roles", "publish",
                     says=["there is no role publish", "did you mean publisher?"])


class ConfigTest(case.Case):
    """Flags before environment before rapport.toml before defaults."""

    def shown(self, *words):
        """Each setting's value and origin."""
        said = self.run_rapport("config", "show", "--origin", *words)
        rows = re.findall(r'^(?:# )?(\S+) = "(.*)"  # (.*)$', said, re.MULTILINE)
        self.assertEqual(len(rows), len(said.splitlines()), said)
        return {key: (value, origin) for key, value, origin in rows}

    def test_each_value_comes_from_where_it_counts_most(self):
        config = self.file("rapport.toml", """
server.grpc = "127.0.0.1:7001"
echo = "off"
state.memory = "64MiB"
[log]
topic = "from.file"
partitions = 3
""")
        with unittest.mock.patch.dict(os.environ, {"RAPPORT_CONFIG": str(config),
                                                   "RAPPORT_KAFKA_TOPIC": "from.environment",
                                                   "RAPPORT_ECHO": "on"}):
            shown = self.shown("--echo", "off")
        self.assertEqual(shown["echo"], ("off", "--echo"))
        self.assertEqual(shown["log.topic"], ("from.environment", "RAPPORT_KAFKA_TOPIC"))
        self.assertEqual(shown["server.grpc"], ("127.0.0.1:7001", f"{config}:2"))
        self.assertEqual(shown["log.partitions"], ("3", f"{config}:7"))
        self.assertEqual(shown["log.kind"], ("embedded", "default"))
        self.assertEqual(shown["limits.calls_in_flight"], ("64", "default"))

    def test_what_is_shown_is_what_is_served(self):
        config = self.file("rapport.toml", 'log.partitions = 3\nlimits.calls_in_flight = 5\n')
        server = self.server("--config", config)
        self.assertEqual(len(server.status()["partitions"]), 3)
        again = self.run_rapport("config", "show", "--config", config)
        same = self.file("same.toml", again)
        self.assertEqual(self.run_rapport("config", "show", "--config", same), again)

    def test_unknown_and_wrong_settings_are_refused_by_place(self):
        serve = ["serve", "--data", self.folder / "data", "--grpc", "127.0.0.1:0", "--http", "off",
                 "--config"]
        for text, says in [
                ('echo = "off"\nserver.grcp = "127.0.0.1:1"\n',
                 ["rapport.toml:2: there is no setting server.grcp; did you mean server.grpc?"]),
                ('state.memory = "much"\n', ["rapport.toml:1"]),
                ('log.partitions = 0\n', ["rapport.toml:1"]),
                ('log.partitions = [1]\n', ["rapport.toml:1", "must be a text"]),
                ('kafka.properties."plugin.library.paths" = "x.so"\n',
                 ["plugin.library.paths", "runs foreign code"]),
                ('kafka.properties."sasl.password" = "hidden"\n', ["sasl.password", "_file"]),
                ('kafka.properties."enable.ssl.certificate.verification" = false\n',
                 ["always verified"])]:
            told = self.refused(WRONG_USAGE, *serve, self.file("rapport.toml", text), says=says)
            self.assertNotIn("hidden", told)
        self.refused(WRONG_USAGE, "status", "--config", self.file("rapport.toml", "x = 1\n"),
                     says=["there is no setting x"])

    def test_who_asks_takes_only_the_settings_of_clients(self):
        server = self.server()
        config = self.file("rapport.toml", f"""
state.directory = "{self.folder / 'elsewhere'}"
client.server = "{server.address}"
""")
        self.assertIn("partitions", self.run_rapport("status", "--config", config, "--format",
                                                     "jsonl"))
        self.assertFalse((self.folder / "elsewhere").exists())


if __name__ == "__main__":
    case.main()
