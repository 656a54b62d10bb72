"""Writes `rapport.v1.Event` bytes and CloudEvents headers as a foreign publisher does: by hand.

    record = record_of(touchpoint)          # a touchpoint as history.py makes them
    record = record_of(touchpoint, bare=False)   # id, source and customer only in headers and key

Shares no code with the program, so it also proves what the documentation says about the bytes.
Fields are written in the order of their numbers, empty ones not at all.
"""
import base64
import datetime
import json
import struct

CHANNELS = {"CHANNEL_WEBSITE": 1, "CHANNEL_EMAIL": 2, "CHANNEL_PHONE": 3, "CHANNEL_CHAT": 9}
FORMS = {"REVERSAL_FORM_RETURN": 1, "REFERRAL_FORM_RECOMMENDATION": 1}
# JSON name: (number, name, payload fields as (number, how, JSON name))
KINDS = {
    "purchaseMade": (10, "PurchaseMade", [(1, "text", "order"), (2, "money", "amount"),
                                          (3, "items", "items")]),
    "purchaseReversed": (11, "PurchaseReversed", [(1, "text", "order"), (2, "money", "amount"),
                                                  (3, "form", "form")]),
    "complaintRaised": (50, "ComplaintRaised", [(1, "text", "case"), (2, "number", "severity")]),
    "complaintAcknowledged": (51, "ComplaintAcknowledged", [(1, "text", "case")]),
    "complaintResolved": (54, "ComplaintResolved", [(1, "text", "case"), (2, "text", "remedy")]),
    "thanksGiven": (80, "ThanksGiven", []),
    "referralMade": (140, "ReferralMade", [(1, "text", "referral"), (3, "form", "form"),
                                           (6, "flag", "consent")]),
}


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def number_field(field, value):
    return varint(field << 3) + varint(int(value))


def bytes_field(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value


def text_field(field, value):
    return bytes_field(field, value.encode())


def money(amount):
    return number_field(1, amount["micros"]) + text_field(2, amount["currency"])


def item(line):
    return (text_field(1, line["sku"]) + number_field(2, line["quantityMilli"])
            + bytes_field(3, money(line["amount"])))


WRITERS = {
    "text": text_field,
    "money": lambda field, value: bytes_field(field, money(value)),
    "items": lambda field, value: b"".join(bytes_field(field, item(line)) for line in value),
    "form": lambda field, value: number_field(field, FORMS[value]),
    "number": number_field,
    "flag": number_field,
}


def detail_of(touchpoint):
    """(JSON name, value) of what happened."""
    return next((name, touchpoint[name]) for name in KINDS if name in touchpoint)


def payload_of(name, value):
    return b"".join(WRITERS[how](field, value[key]) for field, how, key in KINDS[name][2]
                    if key in value)


def micros(moment):
    at = datetime.datetime.fromisoformat(moment.replace("Z", "+00:00"))
    return int(at.timestamp()) * 1_000_000


def event_bytes(touchpoint, bare=True):
    """The Event; when not `bare`, without what headers and key say."""
    name, value = detail_of(touchpoint)
    out = b""
    if bare:
        out += text_field(1, touchpoint["eventId"]) + text_field(2, touchpoint["customerId"])
        out += varint(3 << 3 | 1) + struct.pack("<q", micros(touchpoint["occurredAt"]))
    out += number_field(4, KINDS[name][0])
    payload = payload_of(name, value)
    if payload:
        out += bytes_field(5, payload)
    if bare:
        out += text_field(6, touchpoint["source"])
    if "channel" in touchpoint:
        out += number_field(7, CHANNELS[touchpoint["channel"]])
    return out


def cloud_event_headers(touchpoint):
    name, _ = detail_of(touchpoint)
    return {"content-type": "application/protobuf", "ce_specversion": "1.0",
            "ce_id": touchpoint["eventId"], "ce_source": touchpoint["source"],
            "ce_type": "rapport.v1." + KINDS[name][1], "ce_time": touchpoint["occurredAt"],
            "ce_subject": touchpoint["customerId"]}


def structured_record_of(touchpoint, bare=True):
    """The same as a CloudEvent in JSON: the touchpoint, or the bytes when `bare`."""
    headers = cloud_event_headers(touchpoint)
    text = {name.removeprefix("ce_"): value for name, value in headers.items()
            if name.startswith("ce_")}
    if bare:
        text["data_base64"] = base64.b64encode(event_bytes(touchpoint)).decode()
    else:
        text["data"] = touchpoint
    return {"key": touchpoint["customerId"], "value": json.dumps(text).encode().hex(),
            "headers": {"content-type": "application/cloudevents+json; charset=UTF-8"}}


def record_of(touchpoint, bare=True, headers=None):
    """One record as the foreign producers take it on stdin: key, value in hex, headers."""
    if headers is None:
        headers = {} if bare else cloud_event_headers(touchpoint)
    return {"key": touchpoint["customerId"], "value": event_bytes(touchpoint, bare).hex(),
            "headers": headers}
