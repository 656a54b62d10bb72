#!/usr/bin/env python3
"""Layers: who may include whom, and who may open which door.

Reads tools/layers.txt. A line is a room, what it may include, and its doors:

    engine/log: engine/{table,model,base} proto | librdkafka: kafka_*.cc only

A room is a folder, or the files of one stem (`engine/engine` is engine/engine.h and .cc). It may
include itself, the rooms and files listed (`engine/*` is every room below engine), Abseil, the
standard library and POSIX. A third-party library needs a door: named after the bar, for the whole
room or for the files given. CMake targets obey the same list, and a main has under 200 lines.
"""
import re
import sys

import common
from common import Finding

LAYERS = "tools/layers.txt"
MAIN_LINES = 200

# Library -> how its headers begin. What is in no list is not known here.
LIBRARIES = {
    "rocksdb": ("rocksdb/",),
    "librdkafka": ("librdkafka/",),
    "libsodium": ("sodium.h", "sodium/"),
    "grpc": ("grpcpp/", "grpc/"),
    "boost": ("boost/",),
    "openssl": ("openssl/",),
    "toml++": ("toml++/", "toml.hpp"),
    "CLI11": ("CLI/",),
    "lz4": ("lz4.h", "lz4frame.h", "lz4hc.h"),
    "zlib": ("zlib.h",),
    "zstd": ("zstd.h",),
    "jemalloc": ("jemalloc/",),
    "spdlog": ("spdlog/",),
    "prometheus": ("prometheus/",),
    "thrift": ("thrift/",),
}
TEST_LIBRARIES = ("gtest/", "gmock/", "benchmark/", "rapidcheck", "google/")
POSIX = re.compile(
    r"(sys|netinet|arpa|linux|net)/\w+\.h"
    r"|(unistd|fcntl|signal|poll|dirent|errno|pthread|netdb|termios|dlfcn|sched|ifaddrs|execinfo"
    r"|spawn|string|stdint|stdlib|stdio|time|stddef|limits|assert|math|emmintrin|nmmintrin"
    r"|immintrin|x86intrin)\.h")
ROOT_FOLDERS = ("engine/", "projections/", "consumers/", "tests/", "proto/", "tools/", "examples/")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


class Room:
    def __init__(self, name, allowed, doors, line):
        self.name, self.allowed, self.doors, self.line = name, allowed, doors, line

    def holds(self, path):
        stem = path.rsplit(".", 1)[0]
        return path.startswith(self.name + "/") or stem == self.name


def read_layers(tree):
    rooms = []
    for number, line in enumerate(tree.lines(LAYERS), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        names, _, rest = line.partition(":")
        allowed, _, doors = rest.partition("|")
        entries = [e for word in allowed.split() for e in common.expand_braces(word)]
        for name in common.expand_braces(names.strip()):
            rooms.append(Room(name, entries, _read_doors(doors), number))
    return rooms


def _read_doors(text):
    """`rocksdb: a_*.cc b.cc only, lz4` -> {library: patterns, or None for the whole room}"""
    doors = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        library, _, files = part.partition(":")
        patterns = [w for w in files.split() if w != "only"]
        doors[library.strip()] = patterns or None
    return doors


def room_of(rooms, path):
    """The innermost room: `projections/catalog` before a folder that also fits."""
    fitting = [r for r in rooms if r.holds(path)]
    return max(fitting, key=lambda r: len(r.name), default=None)


def may_include(room, target, target_room):
    if room is target_room:
        return True
    for entry in room.allowed:
        if entry == "everything" or entry == target:
            return True
        if target_room and common.matches(target_room.name, entry):
            return True
        if common.matches(target, entry) and "*" in entry.rsplit("/", 1)[-1]:
            return True
    return False


def _library_of(header):
    for library, beginnings in LIBRARIES.items():
        if header.startswith(beginnings):
            return library
    return None


def _third_party(room, path, header):
    """What is wrong with including this header of somebody else's, or None."""
    if room.name == "tests":
        return None
    if header.startswith("absl/") or POSIX.fullmatch(header) or re.fullmatch(r"\w+", header):
        return None
    if header.startswith("google/protobuf/"):
        if "proto" in room.allowed:
            return None
        return f"{room.name} may not use protobuf: {LAYERS} does not give it `proto`"
    if header.startswith(TEST_LIBRARIES):
        return f"{header} is for tests only: move the code below tests/"
    library = _library_of(header)
    if library is None:
        return (f"{header} belongs to no library that is known here: use one of ours, or name it "
                f"in docs/dependencies.md and tools/check/layers.py")
    if library not in room.doors:
        return (f"{room.name} has no door to {library}: go through the room that has it "
                f"({LAYERS})")
    patterns = room.doors[library]
    inner = path[len(room.name) + 1:]
    if patterns and not any(common.matches(inner, p) for p in patterns):
        return (f"only {' '.join(patterns)} of {room.name} may include {library}: move the call "
                f"there")
    return None


def check_file(tree, rooms, path):
    findings = []
    room = room_of(rooms, path)
    if room is None:
        return [Finding(path, 0, f"belongs to no room of {LAYERS}: move it, or add the room")]
    text = tree.text(path)
    for match in INCLUDE.finditer(text):
        header, line = match[2], common.line_of(text, match.start())
        if header.startswith("rapport/v1/"):
            target_room = room_of(rooms, "proto/" + header)
            wrong = None
            if room.name != "tests" and not may_include(room, "proto", target_room):
                wrong = f"{room.name} may not include {header}: {LAYERS} does not give it `proto`"
            elif header.endswith(".grpc.pb.h"):
                wrong = _third_party(room, path, "grpcpp/grpcpp.h")
        elif header.startswith(ROOT_FOLDERS):
            target_room = room_of(rooms, header)
            wrong = None
            if not may_include(room, header, target_room):
                wrong = (f"{room.name} may not include {header}: ask for it through a room that "
                         f"line {room.line} of {LAYERS} allows")
        else:
            wrong = _third_party(room, path, header)
        if wrong:
            findings.append(Finding(path, line, wrong))
    return findings


def check_main_size(tree, path):
    if path.startswith("tests/") or not re.search(r"^int main\(", tree.text(path), re.MULTILINE):
        return []
    lines = len(tree.lines(path)) - 1
    if lines < MAIN_LINES:
        return []
    return [Finding(path, 0, f"a main of {lines} lines: keep it under {MAIN_LINES}, move work to "
                             f"a class")]


def check_targets(tree, rooms):
    """CMake: a library may depend on the libraries of rooms its folder may include."""
    calls = {}
    for path in tree.files:
        if path.rsplit("/", 1)[-1] != "CMakeLists.txt":
            continue
        folder = path.rpartition("/")[0]
        text = re.sub(r"#[^\n]*", "", tree.text(path))
        for match in re.finditer(r"rapport_library\(\s*(\w+)([^)]*)\)", text):
            depends = match[2].partition("DEPS")[2].split()
            calls[match[1]] = (folder, path, common.line_of(text, match.start()), depends)
    folders = {name: call[0] for name, call in calls.items()}
    folders.update(proto="proto", proto_services="proto")
    findings = []
    for name, (folder, path, line, depends) in calls.items():
        room = room_of(rooms, folder + "/x") or room_of(rooms, path_of_stem(rooms, name, folder))
        for target in depends:
            if target not in folders or room is None:
                continue
            inside = folders[target]
            if inside == folder or _may_link(room, rooms, inside):
                continue
            findings.append(Finding(path, line, f"{name} may not link {target}: {LAYERS} does not "
                                                f"let {room.name} include {inside}"))
    return findings


def path_of_stem(rooms, name, folder):
    """A target such as `catalog` in projections/ belongs to the room projections/catalog."""
    for stem in (f"{folder}/{name}", f"{folder}/{name.rpartition('_')[2]}"):
        if any(r.name == stem for r in rooms):
            return stem + ".h"
    return folder + "/x"


def _may_link(room, rooms, folder):
    target_room = room_of(rooms, folder + "/x")
    if target_room and may_include(room, folder, target_room):
        return True
    return any(entry == "everything" or entry.startswith(folder + "/") for entry in room.allowed)


def check(tree):
    rooms = read_layers(tree)
    files = [f for f in tree.named(*common.CODE) if f.startswith(ROOT_FOLDERS)]
    findings = []
    for path in files:
        findings += check_file(tree, rooms, path)
        findings += check_main_size(tree, path)
    findings += check_targets(tree, rooms)
    return findings, f"{len(files)} files in {len(rooms)} rooms"


if __name__ == "__main__":
    sys.exit(common.main("layers", check))
