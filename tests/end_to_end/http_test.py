#!/usr/bin/env python3
"""The HTTP door of the shipped program, asked as curl asks it: publish and read back, every error
of the contract's table that can be provoked, CloudEvents, streams, and the pages beside them."""
import base64
import collections
import http.client
import json
import pathlib
import re
import resource
import shlex
import socket
import time

import case
from case import Case
from program import ROOT, lines_of, poll
from wire import event_bytes

WRONG_USAGE, UNAVAILABLE = 2, 5
JSON = {"content-type": "application/json"}
PURCHASE = {"eventId": "shop:1", "customerId": "ana", "occurredAt": "2024-01-05T10:00:00Z",
            "source": "shop",
            "purchaseMade": {"order": "1", "amount": {"micros": "64200000", "currency": "GBP"}}}


def bought(number, **changes):
    return dict(PURCHASE, eventId=f"shop:{number}",
                purchaseMade=dict(PURCHASE["purchaseMade"], order=str(number)), **changes)


def reason_of(error):
    """The reason that its details name, as every error has one."""
    return next(detail["reason"] for detail in error["details"]
                if detail["@type"].endswith("rapport.v1.ErrorInfo"))


def resident_bytes(process):
    text = pathlib.Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(re.search(r"^VmRSS:\s+(\d+) kB", text, re.MULTILINE)[1]) << 10


class HttpCase(Case):
    def ask(self, verb, path, body=None, headers=None, server=None):
        """(status, headers, body) of one request."""
        host, port = (server or self.live).http.split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        try:
            if isinstance(body, (dict, list)):
                body, headers = json.dumps(body), {**JSON, **(headers or {})}
            connection.request(verb, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path, status=200, **more):
        code, _, body = self.ask("GET", path, **more)
        self.assertEqual(code, status, body)
        return json.loads(body)

    def post(self, path, body, status=200, headers=None, **more):
        code, _, said = self.ask("POST", path, body, headers=headers, **more)
        self.assertEqual(code, status, said)
        return json.loads(said)

    def publish(self, touchpoint, **more):
        return self.post("/v1/events:publish", {"touchpoint": touchpoint}, **more)["result"]


class HttpTest(HttpCase):
    def setUp(self):
        super().setUp()
        self.live = self.server()

    def curl(self, words):
        """Asks as `curl` would with these words; the answer as text."""
        words = words[1:]
        path = next(word for word in words if word.startswith("localhost:8470"))
        body, headers = None, {}
        for flag, value in zip(words, words[1:]):
            if flag == "-d":
                body = value
            if flag == "-H":
                name, _, text = value.partition(": ")
                headers[name] = text
        status, _, said = self.ask("GET" if body is None else "POST", path[len("localhost:8470"):],
                                   body, headers)
        self.assertEqual(status, 200, said)
        return said.decode()

    def test_readme_commands_answer_as_they_are_printed(self):
        text = (ROOT / "README.md").read_text()
        block = re.search(r"^```\n(curl .*?)^```$.*?^    (\{.*?\})$", text, re.M | re.S)
        self.assertIsNotNone(block, "README shows two requests and an answer")
        words = shlex.split(block[1])
        second = len(words) - words[::-1].index("curl") - 1
        said = json.loads(self.curl(words[:second]))["result"]
        printed = json.loads(block[2])["result"]
        self.assertEqual(said.keys(), printed.keys())
        for key in ("status", "eventId", "partition"):
            self.assertEqual(said[key], printed[key], key)
        self.assertIn("`?minPosition=`", text)
        at_position = words[second:-1] + [f"{words[-1]}?minPosition={said['position']}"]
        card = json.loads(self.curl(at_position))
        # As it is printed, which sees the same once it is applied.
        self.assertEqual(json.loads(self.curl(words[second:]))["customerId"], "cust-0311")
        self.assertEqual(card["customerId"], "cust-0311")
        # The stage depends on the day on which this runs; that the purchase was seen does not.
        self.assertEqual(card["standing"]["metrics"]["purchases"]["count"], 1)

    def test_what_is_published_is_read_back_at_its_position(self):
        for number in range(20):
            result = self.publish(bought(number))
            self.assertEqual(result["status"], "STATUS_ACCEPTED")
            timeline = self.get(f"/v1/customers/ana/timeline?minPosition={result['position']}")
            self.assertEqual(int(timeline["total"]), number + 1)
        self.assertEqual(self.publish(bought(3))["status"], "STATUS_DUPLICATE")
        checked = self.post("/v1/events:publish?validateOnly=true", {"touchpoint": bought(99)})
        self.assertNotIn("position", checked["result"])
        page = self.get("/v1/customers/ana/timeline?pageSize=7")
        rest = self.get("/v1/customers/ana/timeline?pageSize=200&pageToken="
                        + page["nextPageToken"])
        self.assertEqual((len(page["entries"]), len(rest["entries"])), (7, 13))

    def test_the_same_answer_as_over_grpc(self):
        self.live.publish([bought(1), bought(2, customerId="shop:b/1")])
        self.live.await_folded()
        moment = "1704844800000000"
        for name, path in (("ana", "ana"), ("shop:b/1", "shop%3Ab%2F1")):
            shown = self.live.json("customer", "show", name, "--as-of", "2024-01-10")[0]
            asked = self.get(f"/v1/customers/{path}?viewpoint.asOfUs={moment}")
            self.assertEqual(asked["standing"], shown["standing"])
        connect = self.post("/rapport.v1.RelationshipService/GetRelationship",
                            {"customerId": "ana", "viewpoint": {"asOfUs": moment}})
        self.assertEqual(connect["standing"],
                         self.get(f"/v1/customers/ana?viewpoint.asOfUs={moment}")["standing"])

    def test_reads_that_ask_for_less(self):
        self.live.publish([bought(number, customerId=f"c{number}") for number in range(5)])
        self.live.await_folded()
        path = "/v1/customers?pageSize=2&orderBy=customer_id+desc&filter=score%3E%3D0"
        listed, token = [], None
        while token != "":
            page = self.get(path + (f"&pageToken={token}" if token else ""))
            self.assertEqual(int(page["total"]), 5)
            listed += [one["customerId"] for one in page["relationships"]]
            token = page.get("nextPageToken", "")
        self.assertEqual(listed, ["c4", "c3", "c2", "c1", "c0"])

        one = self.get("/v1/customers/c1?readMask=standing.scoreMilli,info.position")
        self.assertEqual(one.keys(), {"customerId", "standing", "info"})
        self.assertEqual((list(one["standing"]), list(one["info"])), (["scoreMilli"], ["position"]))
        results = self.post("/v1/customers:batchGet", {
            "customerIds": ["c1", "nobody"], "readMask": "standing.scoreMilli"})["results"]
        self.assertEqual(results[0]["relationship"]["standing"], one["standing"])
        self.assertEqual(reason_of(results[1]["error"]), "CUSTOMER_UNKNOWN")
        for mask in ("standing.score_milli", "standing.", "standing.stag"):
            refused = [self.get(f"/v1/customers/c1?readMask={mask}", 400),
                       self.post("/v1/customers:batchGet", {"readMask": mask}, 400)]
            for error in refused:
                self.assertEqual(reason_of(error), "FIELD_INVALID")
                self.assertRegex(error["message"], r"^read_?[mM]ask: ")

        purchase = {"purchaseMade": dict(PURCHASE["purchaseMade"], order="imagined")}
        imagined = self.post("/v1/customers/c1:simulate", {"touchpoints": [purchase]})
        self.assertEqual(imagined["after"]["purchaseDays"], 2)
        self.assertEqual(imagined["before"]["purchaseDays"], 1)
        timeline = self.get("/v1/customers/c1/timeline")
        self.assertEqual(int(timeline["total"]), 1, "nothing was written")
        refused = self.post("/v1/customers/c1:simulate", {"touchpoints": [{"note": "x"}]}, 400)
        self.assertIn("touchpoints[0]: names no kind", refused["message"])

    def test_every_form_of_publishing_leaves_the_same_facts(self):
        digests = set()
        for name, publish in (("json", self.publish_json), ("lines", self.publish_lines),
                              ("binary", self.publish_binary), ("bytes", self.publish_bytes),
                              ("structured", self.publish_structured)):
            self.live.stop()
            self.live = self.server(name=name)
            publish([bought(number) for number in range(5)])
            self.live.await_folded()
            digests.add(self.live.digest()[0])
        self.assertEqual(len(digests), 1, digests)

    def publish_json(self, events):
        answer = self.post("/v1/events:batchPublish",
                           {"items": [{"touchpoint": event} for event in events]})
        self.assertEqual({result["status"] for result in answer["results"]}, {"STATUS_ACCEPTED"})

    def publish_lines(self, events):
        text = lines_of(events[:2]) + '{"eventid": 7}\n\n' + lines_of(events[2:])
        results = self.post("/v1/events:batchPublish", text,
                            headers={"content-type": "application/x-ndjson"})["results"]
        self.assertEqual([result["status"] for result in results],
                         ["STATUS_ACCEPTED"] * 2 + ["STATUS_REJECTED"] + ["STATUS_ACCEPTED"] * 3)
        self.assertEqual(reason_of(results[2]["error"]), "FIELD_UNKNOWN")

    @staticmethod
    def cloud(event):
        """Attributes of a CloudEvent, and what the event says besides."""
        rest = {key: value for key, value in event.items()
                if key not in ("eventId", "customerId", "occurredAt", "source")}
        return {"specversion": "1.0", "id": event["eventId"], "source": event["source"],
                "type": "rapport.v1.PurchaseMade", "time": event["occurredAt"],
                "subject": event["customerId"]}, rest

    def accepts(self, body, headers):
        answer = self.post("/v1/events:publish", body, headers=headers)
        self.assertEqual(answer["result"]["status"], "STATUS_ACCEPTED")

    def publish_binary(self, events):
        for event in events:
            attributes, rest = self.cloud(event)
            headers = {f"ce-{name}": value for name, value in attributes.items()}
            self.accepts(json.dumps(rest), {**JSON, **headers})

    def publish_bytes(self, events):
        for event in events:
            attributes, _ = self.cloud(event)
            headers = {f"ce-{name}": value for name, value in attributes.items()}
            self.accepts(event_bytes(event, bare=False),
                         {**headers, "content-type": "application/protobuf"})

    def publish_structured(self, events):
        headers = {"content-type": "application/cloudevents+json; charset=utf-8"}
        for number, event in enumerate(events):
            attributes, rest = self.cloud(event)
            data = {"data": rest} if number % 2 else {
                "data_base64": base64.b64encode(event_bytes(event, bare=False)).decode()}
            self.accepts(json.dumps({**attributes, "myextension": 7, **data}), headers)

    def test_history_is_replayed_as_lines_and_as_events(self):
        self.live.publish([bought(number) for number in range(30)])
        self.live.await_folded()
        status, headers, body = self.ask("POST", "/v1/events:replay", {})
        self.assertEqual((status, headers["content-type"]), (200, "application/x-ndjson"))
        ids = {json.loads(line)["event"]["eventId"] for line in body.splitlines()}
        self.assertEqual(ids, {f"shop:{number}" for number in range(30)})
        _, headers, body = self.ask("POST", "/v1/events:replay", {"kinds": ["PURCHASE_MADE"]},
                                    {"accept": "text/event-stream"})
        self.assertEqual(headers["content-type"], "text/event-stream")
        self.assertEqual(body.count(b"\ndata: {"), 30)

    def test_a_stream_that_follows_ends_with_the_server_and_with_its_reader(self):
        self.live.publish([bought(1)])
        streams = []
        for _ in range(3):
            stream = self.follow()
            read = b""
            while b"shop:1" not in read:
                read += stream.recv(4096)
            streams.append(stream)
        streams[0].close()
        begun = time.monotonic()
        self.assertEqual(self.live.stop(), 0)
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual(self.live.said().count("rapport: "), 1, "it says that it stops")

    def follow(self):
        """A connection that asks for a stream of what is there and of what will come."""
        host, port = self.live.http.split(":")
        stream = socket.create_connection((host, int(port)), timeout=60)
        self.addCleanup(stream.close)
        body = b'{"follow":true}'
        stream.sendall(b"POST /v1/events:replay HTTP/1.1\r\nHost: localhost\r\n"
                       b"Content-Type: application/json\r\nContent-Length: "
                       + str(len(body)).encode() + b"\r\n\r\n" + body)
        return stream

    @staticmethod
    def status_of(stream):
        return int(stream.recv(64).split()[1])

    def test_a_thousand_idle_streams_leave_room_for_others(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        self.live.stop()
        self.live.start()
        self.publish(PURCHASE)
        self.live.await_folded()
        before = resident_bytes(self.live.process.pid)
        streams = [self.follow() for _ in range(1000)]
        answers = collections.Counter(map(self.status_of, streams))
        self.assertEqual(answers, {200: 320, 429: 680})
        self.assertLess(resident_bytes(self.live.process.pid) - before, 128 << 20)
        self.get("/v1/customers/ana")
        self.assertEqual(self.publish(bought(2))["status"], "STATUS_ACCEPTED")
        for stream in streams:
            stream.close()
        poll("a stream has room again", lambda: self.status_of(self.follow()) == 200)

    def test_pages_say_how_it_is(self):
        self.live.publish([bought(1)])
        self.live.await_folded()
        self.get("/v1/customers/ana")
        self.get("/v1/customers/ana?nothing=1", status=400)
        self.assertEqual(self.ask("GET", "/livez")[2], b"ok\n")
        self.assertEqual(self.ask("GET", "/readyz")[::2], (200, b"ready\n"))
        status = self.ask("GET", "/statusz")[2].decode()
        partitions = self.get("/v1/partitions")["partitions"]
        self.assertEqual(partitions, self.get("/v1/status")["partitions"])
        self.assertEqual(sum(int(one.get("applied", 0)) for one in partitions), 1)
        self.assertNotIn("lagMs", partitions[0], "0 is not written")
        for words in ("embedded log", "ready, 0 events behind", "1 events folded", "partition 7"):
            self.assertIn(words, status)
        _, headers, body = self.ask("GET", "/metrics")
        self.assertIn("version=0.0.4", headers["content-type"])
        metrics = body.decode()
        for line in ("rapport_events_applied_total 1", 'rapport_lag_events{partition="0"} 0',
                     'rapport_lag_seconds{partition="0"} 0', "rapport_quarantine_events 0",
                     'rapport_events_quarantined_total{reason="KIND_UNKNOWN"} 0',
                     'rapport_fold_duration_seconds_count 1', "rapport_follow_ups_overdue 0",
                     'rapport_checkpoint_duration_seconds_bucket{le="+Inf"} ',
                     'rapport_echo_pending{partition="7"} 0', "rapport_watch_streams 0",
                     'rapport_build_info{version="',
                     'rapport_request_duration_seconds_count{code="OK",'
                     'method="RelationshipService/GetRelationship"} 1'):
            self.assertIn(line, metrics)
        self.assertNotIn("ana", metrics)
        self.assertIn(b"Whose.", self.ask("GET", "/openapi.json")[2], "comments of the protos")
        self.assertIn(b"rapport/v1/publish.proto", self.ask("GET", "/descriptors")[2])
        self.assertEqual(self.ask("POST", "/livez", {})[0], 405)

    def test_addresses_are_this_machines_own_and_free(self):
        serve = ("serve", "--data", self.folder / "new", "--grpc", "127.0.0.1:0", "--http")
        self.refused(WRONG_USAGE, *serve, "0.0.0.0:0", says=["0.0.0.0:0", "127.0.0.1"])
        self.refused(WRONG_USAGE, *serve, "nonsense", says=["--http nonsense", "HOST:PORT"])
        self.refused(UNAVAILABLE, *serve, self.live.http, says=["PORT_IN_USE", "--http"])
        self.assertFalse((self.folder / "new").exists())


class ErrorTableTest(HttpCase):
    """The rows of the contract's table: code, reason, and a sentence that says what to do."""

    def setUp(self):
        super().setUp()
        self.live = self.server()
        self.assertEqual(self.publish(PURCHASE)["status"], "STATUS_ACCEPTED")
        self.live.await_folded()

    def expect(self, code, reason, error, says=()):
        self.assertEqual((error["code"], reason_of(error)), (code, reason), error)
        self.assertTrue(error["message"])
        for words in says:
            self.assertIn(words, error["message"])

    def rejects(self, code, reason, says=(), **changes):
        touchpoint = dict(bought(2), **changes)
        result = self.publish({key: value for key, value in touchpoint.items()
                               if value is not None})
        self.assertEqual(result["status"], "STATUS_REJECTED")
        self.expect(code, reason, result["error"], says)

    def test_invalid_arguments(self):
        invalid = 3
        self.rejects(invalid, "FIELD_INVALID", source="The Shop", says=["source"])
        self.rejects(invalid, "TIME_OUT_OF_RANGE", occurredAt="1969-01-01T00:00:00Z")
        self.rejects(invalid, "CUSTOMER_ID_LOOKS_PERSONAL", customerId="ana@example.com")
        self.rejects(invalid, "TOO_LARGE", note="x" * 8193)
        result = self.post("/v1/events:publish", {"event": {
            "eventId": "e", "customerId": "ana", "source": "shop", "kind": 0,
            "occurredAtUs": "1704448800000000"}})["result"]
        self.expect(invalid, "FIELD_INVALID", result["error"], ["kind"])
        for path, body, reason, says in (
                ("/v1/events:publish", {"touchpiont": {}}, "FIELD_UNKNOWN", "mean touchpoint?"),
                ("/v1/customers:resolve", {"alias": 7}, "FIELD_INVALID", "must be text"),
                ("/v1/events:replay", {"fromPosition": "x"}, "POSITION_MALFORMED", "x"),
                ("/v1/events:batchPublish", {"items": [{}] * 501}, "TOO_LARGE", "500"),
                ("/v1/rules:activate", {"rulesText": "nonsense"}, "RULES_INVALID", "1:")):
            error = self.post(path, body, status=413 if reason == "TOO_LARGE" else 400)
            self.expect(invalid, reason, error, [says])
        error = self.post("/v1/customers:resolve", '{"alias":', status=400, headers=JSON)
        self.expect(invalid, "PAYLOAD_MALFORMED", error, ["line 1, column 10"])
        deep = '{"touchpoint":' * 40
        error = self.post("/v1/events:publish", deep, status=400, headers=JSON)
        self.assertIn(reason_of(error), ("FIELD_UNKNOWN", "PAYLOAD_MALFORMED"))
        error = self.post("/v1/customers:resolve", " " * (1 << 20) + "{}", status=413, headers=JSON)
        self.expect(invalid, "TOO_LARGE", error, ["1 MiB"])
        for query, reason in (("pageToken=x", "PAGE_TOKEN_INVALID"),
                              ("minPosition=x", "POSITION_MALFORMED"),
                              ("pageSize=x", "FIELD_INVALID"), ("pagesize=1", "FIELD_UNKNOWN"),
                              ("viewpoint.knownAt=%ff", "TEXT_NOT_UTF8"),
                              ("viewpoint.asOfUs=-1", "TIME_OUT_OF_RANGE")):
            error = self.get(f"/v1/customers/ana/timeline?{query}", status=400)
            self.expect(invalid, reason, error)
        self.expect(invalid, "TEXT_NOT_UTF8", self.get("/v1/customers/%ff", status=400))
        event = event_bytes(PURCHASE).replace(b"ana", b"an\xff")
        error = self.post("/v1/events:publish", event, status=400, headers={
            "ce-specversion": "1.0", "content-type": "application/protobuf"})
        self.expect(invalid, "PAYLOAD_MALFORMED", error, ["UTF-8"])

    def test_conflicts_and_what_is_unknown(self):
        self.rejects(6, "EVENT_ID_CONFLICT", eventId="shop:1")
        error = self.get("/v1/customers/nobody/erasure", status=404)
        self.expect(5, "CUSTOMER_UNKNOWN", error)
        self.expect(5, "PATH_UNKNOWN", self.get("/v1/nothing", status=404))
        self.expect(12, "VERB_UNKNOWN", self.get("/v1/events:publish", status=405))

    def test_positions_that_cannot_be_waited_for(self):
        position = self.publish(bought(5))["position"]
        log, _, offset = position.partition("@")
        ahead = f"{log}@{int(offset) + 9}"
        for field in ("minPosition", "viewpoint.knownAt"):
            error = self.get(f"/v1/customers/ana?{field}={ahead}", status=400)
            self.expect(3, "POSITION_MALFORMED", error)
        other = "00000000" + position[8:]
        error = self.get(f"/v1/customers/ana?minPosition={other}", status=500)
        self.expect(15, "POSITION_LOST", error)

    def test_what_a_person_must_see_to(self):
        text = (ROOT / "projections/rules/standard.textproto").read_text()
        rule = 'custom_kind { name: "x" by: CUSTOM_KIND_BY_CUSTOMER }'
        active = self.get("/v1/status")["rulesDigest"]
        error = self.post("/v1/rules:activate",
                          {"rulesText": text.replace("\nfold {", "\nfold { " + rule),
                           "expectedDigest": active}, status=400)
        self.expect(9, "RULES_NEED_REFOLD", error)
        self.post("/v1/customers/ana:erase", {"purpose": "asked for it"})
        error = self.publish(bought(7, note="likes tulips"))["error"]
        self.expect(9, "CUSTOMER_ERASED", error)

    def test_full_disk_is_told_with_when_to_come_back(self):
        self.live.stop()
        self.live = self.server("--disk-reserve", "1000")
        status, headers, body = self.ask("POST", "/v1/events:publish", {"touchpoint": bought(9)})
        self.assertEqual((status, headers["retry-after"]), (507, "1"))
        self.expect(8, "DISK_LOW", json.loads(body), ["--disk-reserve"])
        self.get("/v1/customers/ana")


if __name__ == "__main__":
    case.main()
