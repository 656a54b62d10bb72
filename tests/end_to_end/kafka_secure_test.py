#!/usr/bin/env python3
"""Brokers that let in only who proves his name, through TLS."""
import pathlib
import tempfile

import case
from broker import Broker
from certificates import make_certificates
from history import shop_history
from program import Server

USER = "rapport"
PASSWORD = "made-for-one-test"
FAILED, UNAVAILABLE = 1, 5


class SecureCase(case.Case):
    VERSION = None

    @classmethod
    def setUpClass(cls):
        if cls is SecureCase:
            return
        home = tempfile.TemporaryDirectory(prefix="rapport_e2e_secure_")
        cls.addClassCleanup(home.cleanup)
        home = pathlib.Path(home.name)
        cls.tls = make_certificates(home / "tls")
        secure = home / "broker" / "secure"
        secure.mkdir(parents=True)
        texts = [(cls.tls / name).read_text(encoding="utf-8") for name in ("server.key",
                                                                           "server.pem")]
        (secure / "server.pem").write_text("".join(texts), encoding="utf-8")
        (secure / "user").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
        cls.broker = cls.enterClassContext(Broker(home / "broker", cls.VERSION))

    def flags(self, mechanism, password=PASSWORD, authority="ca.pem", topic="secure.v1", **others):
        """How to reach the broker; what is None is left out of rapport.toml."""
        secret = self.file("password", password + "\n")
        secret.chmod(0o600)
        properties = {"security.protocol": "sasl_ssl", "sasl.mechanism": mechanism,
                      "sasl.username": USER, "sasl.password_file": str(secret),
                      "ssl.ca.location": str(self.tls / authority), **others}
        config = self.file("rapport.toml", "".join(
            f'kafka.properties."{name}" = "{value}"\n' for name, value in properties.items()
            if value is not None))
        return ("--log", "kafka", "--brokers", self.broker.secure_address, "--topic", topic,
                "--config", config)

    def events_come_and_go(self, mechanism, **others):
        topic = f"secure.{self.id().rsplit('.', 1)[-1]}"
        self.run_rapport("kafka", "topics", "--brokers", self.broker.address, "--topic",
                         topic, "--partitions", "4", "--create")
        server = self.server(*self.flags(mechanism, topic=topic, **others))
        events = shop_history(7, 20, 200)
        results = server.publish(events)
        self.assertEqual({result["status"] for result in results}, {"STATUS_ACCEPTED"})
        server.await_folded()
        with Server(self.program, self.folder / "embedded") as other:
            other.publish(events)
            other.await_folded()
            self.assertEqual(server.digest()[0], other.digest()[0])
        self.assertNotIn(PASSWORD, server.said())
        self.assertNotIn(PASSWORD, self.run_rapport("config", "show", "--config",
                                                    self.folder / "rapport.toml"))

    def not_let_in(self, *says, **settings):
        told = self.refused(UNAVAILABLE, "serve", "--data", self.folder / "none", "--grpc",
                            "127.0.0.1:0", "--http", "off", *self.flags(**settings),
                            says=["LOG_UNAVAILABLE", *says])
        self.assertNotIn(PASSWORD, told)


class ScramTest(SecureCase):
    # The last line of brokers that take the SCRAM of every librdkafka.
    VERSION = "3.9.2"

    def test_events_come_and_go_under_a_name_proved_by_scram(self):
        self.events_come_and_go("SCRAM-SHA-512")

    def test_who_is_not_let_in_hears_why(self):
        self.not_let_in("uthentication", mechanism="SCRAM-SHA-512", password="another")
        self.not_let_in("certificate", mechanism="SCRAM-SHA-512", authority="client.pem")
        self.not_let_in(mechanism=None, **{"security.protocol": "plaintext", "sasl.username": None,
                                           "sasl.password_file": None, "ssl.ca.location": None})


class PlainTest(SecureCase):
    def test_events_come_and_go_under_a_name_proved_by_a_password_through_tls(self):
        self.events_come_and_go("PLAIN")
        self.not_let_in("uthentication", mechanism="PLAIN", password="another")

    def test_a_client_certificate_is_shown_with_a_key_that_nobody_else_may_read(self):
        key = self.tls / "client.key"
        shown = {"ssl.certificate.location": str(self.tls / "client.pem"),
                 "ssl.key.location": str(key)}
        key.chmod(0o640)
        self.addCleanup(key.chmod, 0o600)
        self.refused(FAILED, "serve", "--data", self.folder / "none", "--grpc", "127.0.0.1:0",
                     "--http", "off", *self.flags("PLAIN", **shown),
                     says=["FILE_EXPOSED", "ssl.key.location", "chmod 600"])
        key.chmod(0o600)
        self.events_come_and_go("PLAIN", **shown)

    def test_a_librdkafka_that_is_too_old_for_scram_is_named(self):
        # That of Debian 12. With a newer one this test and the words it looks for may go.
        self.not_let_in("older than 2.6.1", mechanism="SCRAM-SHA-512")


if __name__ == "__main__":
    case.main()
