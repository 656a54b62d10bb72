#!/usr/bin/env python3
"""The contract: comments, roles and HTTP doors, sensitive fields, numbers that are never reused.

Bytes on the log are read for ever, so each number that was ever released stands in
tests/fossils/proto_numbers.txt, one line `message.number = name : type`, and the list only grows:

    tools/check/proto.py --update      adds what is new; refuses what changed

A field that is no longer wanted is removed and its number `reserved`; its line stays.
"""
import re
import sys

import common
import protos
from common import Finding

NUMBERS = "tests/fossils/proto_numbers.txt"
ROLES = {"publisher", "reader", "worker", "analyst", "operator", "eraser", "any"}
COMMENTED = {"message", "enum", "service", "rpc", "field", "option"}

# Texts that may never stand on the log in clear, in either spelling.
SENSITIVE = {"rapport.v1.Event.note", "rapport.v1.Touchpoint.note",
             "rapport.v1.ProfileRecorded.name", "rapport.v1.AliasLinked.value",
             "rapport.v1.ContactPersonRecorded.name"}


def read(tree):
    """-> (files, findings about what cannot be read)"""
    files, findings = [], []
    for path in tree.named(".proto"):
        if not path.startswith("proto/"):
            continue
        try:
            files.append(protos.ProtoFile(path, tree.text(path)))
        except ValueError as error:
            place, line, message = str(error).split(":", 2)
            findings.append(Finding(place, int(line), message.strip() + ": write it as the others"))
    return files, findings


def check_comments(declarations):
    return [Finding(d.path, d.line, f"{d.kind} {d.name} has no comment: say what it is, its unit "
                                    f"and limit")
            for d in declarations if d.kind in COMMENTED and not d.comment]


def check_types(declarations):
    findings = []
    for d in declarations:
        if d.kind == "field" and re.search(r"\b(float|double)\b", d.type):
            findings.append(Finding(d.path, d.line, f"{d.name} is floating point: use an integer "
                                                    f"with its unit in the name"))
        if d.kind == "field" and d.type.startswith("map"):
            findings.append(Finding(d.path, d.line, f"{d.name} is a map, whose bytes have no order:"
                                                    f" use a repeated message sorted by key"))
        if d.kind == "field" and d.name in SENSITIVE and "(sensitive)" not in d.options:
            findings.append(Finding(d.path, d.line, f"{d.name} may hold personal data: mark it "
                                                    f"[(sensitive) = ...]"))
    return findings


def check_enums(declarations):
    findings, first_of = [], set()
    for d in declarations:
        if d.kind != "value":
            continue
        owner = d.name.rpartition(".")[0]
        prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", owner.rpartition(".")[2]).upper() + "_"
        value = d.name.rpartition(".")[2]
        if not value.startswith(prefix):
            findings.append(Finding(d.path, d.line, f"{value} does not begin with {prefix}: values "
                                                    f"of all enums share one space"))
        if owner not in first_of and (d.number != 0 or not value.endswith("_UNSPECIFIED")):
            findings.append(Finding(d.path, d.line, f"the first value of {owner} must be {prefix}"
                                                    f"UNSPECIFIED = 0"))
        first_of.add(owner)
    return findings


def check_rpcs(declarations):
    findings = []
    for d in declarations:
        if d.kind != "rpc":
            continue
        name = d.name.rpartition(".")[2]
        asks, answers = d.type.replace("stream ", "").split(" -> ")
        if (asks, answers) != (name + "Request", name + "Response"):
            findings.append(Finding(d.path, d.line, f"rpc {name} must take {name}Request and give "
                                                    f"{name}Response"))
        role = re.search(r'\(role\)\s*=\s*"([\w, ]*)"', d.options)
        if not role or not set(role[1].split(", ")) <= ROLES:
            findings.append(Finding(d.path, d.line, f"rpc {name} states no role: add option (role),"
                                                    f" one of {', '.join(sorted(ROLES))}"))
        path = re.search(r'\(http\)\s*=\s*\{[^}]*path:\s*"([^"]*)"', d.options)
        if not d.type.startswith("stream ") and (not path or not path[1].startswith("/v1/")):
            findings.append(Finding(d.path, d.line, f"rpc {name} has no HTTP door: add option "
                                                    f"(http) with a path below /v1/"))
    return findings


def check_event(files):
    """Message 0 of event.proto is Event; Touchpoint opens kind N in field 1000 + N."""
    findings, by_path = [], {f.path.rpartition("/")[2]: f for f in files}
    event = by_path.get("event.proto")
    if event:
        messages = [d for d in event.declarations if d.kind == "message"]
        if not messages or messages[0].name != "rapport.v1.Event":
            findings.append(Finding(event.path, 0, "Event must stay the first message of this file:"
                                                   " publishers write its index on every record"))
    kind, touchpoint = by_path.get("kind.proto"), by_path.get("touchpoint.proto")
    if not kind or not touchpoint:
        return findings
    kinds = {d.name.rpartition(".KIND_")[2].lower(): d for d in kind.declarations
             if d.kind == "value" and d.number}
    opened = {d.name.rpartition(".")[2]: d for d in touchpoint.declarations
              if d.kind == "field" and d.number > 1000}
    for name in sorted(set(kinds) | set(opened)):
        if name not in opened:
            findings.append(Finding(kinds[name].path, kinds[name].line, f"kind {name} has no field "
                                    f"in Touchpoint: add it with number 1000 + kind"))
        elif name not in kinds or opened[name].number != 1000 + kinds[name].number:
            findings.append(Finding(opened[name].path, opened[name].line, f"{name} must have the "
                                    f"number 1000 + its kind"))
    return findings


def numbers_of(declarations):
    """-> {`owner.number`: (`name : type`, declaration)} of all fields and values"""
    found = {}
    for d in declarations:
        if d.kind in ("field", "value", "option"):
            owner, _, name = d.name.rpartition(".")
            key = f"{owner}.{'option.' if d.kind == 'option' else ''}{d.number}"
            # Of several names of one number (allow_alias, for protoc) the first is the one kept.
            found.setdefault(key, (f"{name} : {d.type or 'value'}", d))
    return found


def read_numbers(tree):
    """-> {`owner.number`: (`name : type`, line)}"""
    listed = {}
    if NUMBERS in tree.files:
        for number, line in enumerate(tree.lines(NUMBERS), 1):
            if line and not line.startswith("#"):
                key, _, what = line.partition(" = ")
                listed[key] = (what, number)
    return listed


def check_numbers(files, declarations, listed):
    """-> (findings about what changed, keys that are new)"""
    now, findings = numbers_of(declarations), []
    reserved = [r for f in files for r in f.reserved]
    for key, (what, line) in listed.items():
        owner, _, number = key.rpartition(".")
        if key not in now:
            if not any(r.owner == owner and r.first <= int(number) <= r.last for r in reserved):
                findings.append(Finding(NUMBERS, line, f"{key} ({what}) is gone: write `reserved "
                                                       f"{number};` where it was, for ever"))
        elif now[key][0] != what:
            d = now[key][1]
            findings.append(Finding(d.path, d.line, f"number {key} was `{what}` and is now "
                                                    f"`{now[key][0]}`: take a new number"))
    return findings, [key for key in now if key not in listed]


def update(tree):
    files, findings = read(tree)
    declarations = [d for f in files for d in f.declarations]
    listed = read_numbers(tree)
    changed, new = check_numbers(files, declarations, listed)
    for finding in findings + changed:
        print(f"{finding.path}:{finding.line}: {finding.message}")
    if findings or changed:
        return 1
    now = numbers_of(declarations)
    lines = [f"{key} = {what}" for key, (what, _) in listed.items()]
    lines += [f"{key} = {now[key][0]}" for key in new]
    lines.sort(key=lambda line: re.sub(r"\.(-?\d+) =", lambda m: f".{int(m[1]):09d} =", line))
    with open(tree.path(NUMBERS), "w", encoding="utf-8") as file:
        file.write("# Every number ever released: message.number = name : type.\n"
                   "# Grows by `tools/check/proto.py --update`; lines are never changed or removed."
                   "\n" + "\n".join(lines) + "\n")
    print(f"{NUMBERS}: {len(lines)} numbers, {len(new)} new")
    return 0


def check(tree):
    files, findings = read(tree)
    declarations = [d for f in files for d in f.declarations]
    findings += check_comments(declarations) + check_types(declarations)
    findings += check_enums(declarations) + check_rpcs(declarations) + check_event(files)
    changed, new = check_numbers(files, declarations, read_numbers(tree))
    findings += changed
    if new:
        findings.append(Finding(NUMBERS, 0, f"{len(new)} numbers are not listed, {new[0]} first: "
                                            f"run tools/check/proto.py --update, review the "
                                            f"lines"))
    return findings, f"{len(files)} files, {len(numbers_of(declarations))} numbers"


if __name__ == "__main__":
    if "--update" in sys.argv[1:]:
        sys.exit(update(common.Tree(common.ROOT)))
    sys.exit(common.main("proto", check))
