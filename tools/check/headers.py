#!/usr/bin/env python3
"""Headers compile alone: each is the only include of an otherwise empty source.

Generates the contract's headers into build/check/proto first. What compiled once is remembered in
build/check/headers.json under a hash of the header and of all it includes from the tree, so that
only changed headers cost anything; a fresh clone gets the rest from ccache. CXX chooses the
compiler, g++ otherwise.
"""
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

import common
from common import Finding

CACHE, GENERATED = "build/check/headers.json", "build/check/proto"
SOURCES = "build/check/headers"
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers"]


def _hash(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def closure(tree, path, known, seen=None):
    """The header and what it includes from the tree, directly or not."""
    seen = seen if seen is not None else set()
    if path in seen or path not in known:
        return seen
    seen.add(path)
    for included in INCLUDE.findall(tree.text(path)):
        closure(tree, included, known, seen)
    return seen


def generate(tree):
    """Messages and services as headers; returns a hash of the contract, or raises with the cure."""
    protos = [f for f in tree.named(".proto") if f.startswith("proto/")]
    digest = _hash(*(p + "\0" + tree.text(p) for p in protos))
    target, stamp = tree.path(GENERATED), tree.path(GENERATED + "/digest")
    if not protos:
        return digest
    if os.path.exists(stamp) and open(stamp, encoding="utf-8").read() == digest:
        return digest
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    command = ["protoc", "-I", tree.path("proto"), f"--cpp_out={target}"]
    plugin = shutil.which("grpc_cpp_plugin")
    if plugin:
        command += [f"--grpc_out={target}", f"--plugin=protoc-gen-grpc={plugin}"]
    run = subprocess.run(command + [tree.path(p) for p in protos], capture_output=True, text=True,
                         check=False)
    if run.returncode != 0:
        raise RuntimeError("protoc: " + run.stderr.strip().split("\n")[0])
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(digest)
    return digest


def compile_alone(tree, path):
    """None, or the compiler's first error."""
    source = f"{SOURCES}/{path}.cc"
    os.makedirs(os.path.dirname(tree.path(source)), exist_ok=True)
    with open(tree.path(source), "w", encoding="utf-8") as file:
        file.write(f'#include "{path}"\n')
    # Compiled and not only parsed, because ccache keeps objects.
    command = [os.environ.get("CXX", "g++"), "-std=c++20", "-O0", *WARNINGS, "-I", ".",
               "-isystem", GENERATED, "-c", source, "-o", source + ".o"]
    if shutil.which("ccache"):
        command.insert(0, "ccache")
    run = subprocess.run(command, capture_output=True, text=True, cwd=tree.root, check=False)
    if run.returncode == 0:
        return None
    errors = [line for line in run.stderr.split("\n") if "error:" in line]
    return (errors or run.stderr.split("\n"))[0].strip()


def load(tree):
    try:
        with open(tree.path(CACHE), encoding="utf-8") as file:
            return set(json.load(file))
    except (OSError, ValueError):
        return set()


def save(tree, keys):
    os.makedirs(os.path.dirname(tree.path(CACHE)), exist_ok=True)
    with open(tree.path(CACHE) + ".new", "w", encoding="utf-8") as file:
        json.dump(sorted(keys), file)
    os.replace(tree.path(CACHE) + ".new", tree.path(CACHE))


def check(tree):
    try:
        contract = generate(tree)
    except (RuntimeError, OSError) as error:
        return [Finding("proto", 0, f"{error}; correct it, or run tools/dev setup")], "no headers"
    headers = tree.named(".h")
    known, good, wanted = set(headers), load(tree), {}
    for path in headers:
        parts = sorted(closure(tree, path, known))
        wanted[path] = _hash(path, contract, *(p + "\0" + tree.text(p) for p in parts))
    due = [path for path in headers if wanted[path] not in good]
    findings = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, error in zip(due, pool.map(lambda p: compile_alone(tree, p), due)):
            if error is None:
                good.add(wanted[path])
            else:
                findings.append(Finding(path, 0, f"does not compile alone: {error}; include what "
                                                 f"it uses"))
    save(tree, good & set(wanted.values()))
    return findings, f"{len(headers)} headers, {len(due)} compiled"


if __name__ == "__main__":
    sys.exit(common.main("headers", check))
