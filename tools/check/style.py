#!/usr/bin/env python3
"""Style: measures, banners, banned calls, owners of TODOs, files that nobody builds or includes.

Rules are in CONTRIBUTING.md. A line that must break a ban says so, on itself or just above, with
its reason, after which this check lets it pass:

    // allow: system-clock, because this is the door to the machine's clock
"""
import ast
import re
import sys

import common
import cpp
from common import Finding

LINE_MAX, FILE_MAX, FUNCTION_MAX, REASON_MIN = 100, 500, 70, 8
PRODUCT = ("engine/", "projections/", "consumers/")
# The commands print: everything else returns what they print.
NOT_COMMANDS = ("engine/", "projections/", "consumers/edge/", "consumers/transactions/",
                "consumers/analytics/", "consumers/support/")
MEASURED = (".h", ".cc", ".proto", ".py", ".sh", ".cmake", "CMakeLists.txt")

# Where the same input must give the same bytes on every machine, every time.
DETERMINISTIC = ("engine/event/", "engine/fold/", "projections/")

# (name, pattern, what to use instead, where, except where)
BANS = [
    ("clock", r"\b(Clock\b|NowMicros|std::chrono|absl::Now|gettimeofday|clock_gettime)"
     r"|#include <(chrono|ctime|time\.h)>", "take the moment as an argument", DETERMINISTIC, ()),
    ("random", r"\b(std::(mt19937|random_device|uniform_)\w*|absl::(BitGen|Uniform)|randombytes\w*)"
     r"|#include <random>", "derive it from the event id", DETERMINISTIC, ()),
    ("floating-point", r"\b(float|double)\b|#include <cmath>|\bstd::sto[df]\b",
     "use engine/base/fixed_point.h", DETERMINISTIC, ()),
    ("thread", r"\bstd::(thread|jthread|mutex|atomic|condition_variable|async)\b|absl::Mutex"
     r"|\bthread_local\b|#include <(thread|mutex|atomic|future)>",
     "keep state in the facts; the caller owns the thread", DETERMINISTIC, ()),
    ("file", r"\bstd::([io]?fstream|filesystem)\b|\bfopen\b|#include <(fstream|filesystem|cstdio)>",
     "let the caller read the file and hand in the text", DETERMINISTIC, ()),
    ("environment", r"\b(getenv|setenv)\b", "make it a rule or an option", DETERMINISTIC, ()),
    ("locale", r"\bstd::(locale|tolower|toupper|isalpha|isdigit|isspace)\b|\bsetlocale\b",
     "use absl/strings/ascii.h", DETERMINISTIC, ()),
    ("hash-map", r"\b(unordered_(map|set)|(flat|node)_hash_(map|set)|std::hash)\b",
     "use a sorted vector or std::map: iteration order must not show", DETERMINISTIC, ()),
    ("regex", r"\bstd::(basic_)?regex\b|#include <regex>",
     "write the few lines of parsing: std::regex is slow and can overflow the stack", PRODUCT, ()),
    ("printf", r"\b(v?s?n?printf|fprintf|vfprintf|sprintf|vsprintf)\s*\(",
     "use absl::StrCat or absl::StrFormat", NOT_COMMANDS, ("engine/base/check.cc",)),
    ("c-string", r"\b(strcpy|strcat|strtok|sscanf|ato[ifl]l?|gets)\s*\(",
     "use absl::SimpleAtoi, absl::StrSplit or a string_view", PRODUCT, ()),
    ("throwing-number", r"\bstd::sto(i|l|ll|ul|ull)\b", "use absl::SimpleAtoi, which cannot throw",
     PRODUCT, ()),
    ("exception", r"\bthrow\b(?!\(\)| std::bad_alloc)", "return absl::Status", PRODUCT, ()),
    ("assert", r"(?<![\w_])assert\s*\(", "use RAPPORT_CHECK, which is on in release", PRODUCT, ()),
    ("console", r"\bstd::c(out|err|in)\b", "return the text; commands print it",
     ("engine/", "projections/"), ()),
    ("system-clock", r"\bsystem_clock\b|\bgettimeofday\b"
     r"|\b(gmtime|localtime|mktime|strftime)(_r)?\s*\(", "use Clock and engine/base/time.h",
     PRODUCT, ("engine/base/clock.cc",)),
    ("c-random", r"(?<![\w:.>])s?rand\s*\(|\bstd::s?rand\b", "use a generator with a seed", (), ()),
    ("shell", r"(?<![\w:.>])(system|popen)\s*\(", "call the library, or posix_spawn", PRODUCT, ()),
    ("sleep", r"\b(sleep_for|sleep_until|usleep|nanosleep|absl::SleepFor)\b|(?<![\w.>:])sleep\s*\(",
     "wait for the condition itself, with a deadline", ("tests/", *DETERMINISTIC), ()),
    ("std-string-view", r"\bstd::string_view\b", "use absl::string_view in headers", (".h",), ()),
    ("using-namespace", r"\busing namespace std\b", "name what is used", (), ()),
    ("endl", r"\bstd::endl\b", "write '\\n'", (), ()),
]
BANS = [(name, re.compile(pattern), cure, where, but) for name, pattern, cure, where, but in BANS]
ALLOW = re.compile(r"(?://|#)\s*allow: ([\w-]+), because (.*)")
# XXX alone is also ISO 4217's "no currency".
TODO = re.compile(r"\b(TODO|FIXME|HACK|XXX(?=[:(]))(?!\w)(\([\w.-]+\):)?")


def _applies(path, where):
    if not where:
        return True
    return path.startswith(tuple(w for w in where if w.endswith("/"))) or \
        path.endswith(tuple(w for w in where if w.startswith(".")))


def _allowed(lines, number, name):
    """The line itself, or the comment block right above it, gives leave and a reason."""
    at = number - 1
    while at >= 0:
        match = ALLOW.search(lines[at])
        if match and match[1] == name and len(match[2].strip()) >= REASON_MIN:
            return True
        at -= 1
        if at < 0 or not lines[at].lstrip().startswith(("//", "#")):
            return False
    return False


def check_bans(path, text):
    lines = text.split("\n")
    code = cpp.without_comments(text).split("\n")
    findings = []
    for name, pattern, cure, where, but in BANS:
        if path in but or not _applies(path, where):
            continue
        for number, line in enumerate(code, 1):
            match = pattern.search(line)
            if match and not _allowed(lines, number, name):
                findings.append(Finding(path, number, f"{match[0].strip()} is banned here ({name}):"
                                                      f" {cure}"))
    return findings


def check_measures(path, text):
    lines = text.rstrip("\n").split("\n")
    findings = []
    if len(lines) > FILE_MAX:
        findings.append(Finding(path, 0, f"{len(lines)} lines, at most {FILE_MAX}: split the file "
                                         f"by what its parts are about"))
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_MAX and "http" not in line:
            findings.append(Finding(path, number, f"{len(line)} columns, at most {LINE_MAX}: break "
                                                  f"the line"))
        if line != line.rstrip():
            findings.append(Finding(path, number, "blanks at the end of the line: take them away"))
    if text and not text.endswith("\n"):
        findings.append(Finding(path, len(lines), "no newline at the end: add it"))
    return findings


def check_functions(path, text):
    if path.endswith(".py"):
        nodes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
        found = [(n.lineno, n.end_lineno - n.lineno + 1, n.name) for n in nodes]
    elif path.endswith(common.CODE):
        found = cpp.functions(text)
    else:
        return []
    return [Finding(path, first, f"a function of {lines} lines, at most {FUNCTION_MAX}: give its "
                                 f"steps names ({head[:50]})")
            for first, lines, head in found if lines > FUNCTION_MAX]


def check_banner(path, text):
    lines = text.split("\n")
    length = next((n for n, line in enumerate(lines) if not line.startswith("//")), len(lines))
    findings = []
    if path.endswith(".h"):
        is_seam = path.startswith("engine/") and re.search(r"virtual[^;{]*= 0;", text)
        banner = "\n".join(lines[:length])
        if length < 1:
            findings.append(Finding(path, 1, "no banner: begin with what this is and what it never "
                                             "does, as // comment"))
        elif is_seam and "Threads:" not in banner:
            findings.append(Finding(path, 1, "the banner of a seam says how threads may call it: "
                                             "add `// Threads: ...`"))
        if "#pragma once" not in text:
            findings.append(Finding(path, length + 1, "no include guard: add `#pragma once`"))
    elif path.endswith(".proto") and length < 1:
        findings.append(Finding(path, 1, "no banner: begin with a // comment on what this file is"))
    return findings


def check_todos(path, lines):
    findings = []
    for number, line in enumerate(lines, 1):
        match = TODO.search(line)
        if match and not (match[1] == "TODO" and match[2]):
            findings.append(Finding(path, number, f"{match[1]} without an owner: do it, or write "
                                                  f"`TODO(name): what`"))
    return findings


def check_orphans(tree):
    """Headers nobody includes, sources that no CMakeLists.txt names."""
    code = tree.named(*common.CODE)
    included = set()
    for path in code:
        included.update(re.findall(r'#\s*include "([^"]+)"', tree.text(path)))
    lists = {f: tree.text(f) for f in tree.files if f.rsplit("/", 1)[-1] == "CMakeLists.txt"}
    findings = []
    for path in code:
        if path.endswith(".h"):
            if path not in included:
                findings.append(Finding(path, 0, "nobody includes this header: use or delete it"))
        elif not _is_listed(path, lists):
            findings.append(Finding(path, 0, "no CMakeLists.txt names this file: add it to its "
                                             "folder's target, or delete it"))
    return findings


def _is_listed(path, lists):
    parts = path.split("/")
    for depth in range(len(parts) - 1, -1, -1):
        text = lists.get("/".join(parts[:depth] + ["CMakeLists.txt"]))
        inner = "/".join(parts[depth:])
        if text and re.search(r"(?<![\w./])" + re.escape(inner) + r"(?![\w.])", text):
            return True
    return False


def check(tree):
    findings = []
    files = [f for f in tree.named(*MEASURED) if tree.is_text(f)]
    files += [f for f in tree.files if f not in files and tree.is_text(f)
              and re.match(r"#!.*\b(ba)?sh\b|#!.*python", tree.text(f))]
    for path in files:
        text = tree.text(path)
        findings += check_measures(path, text)
        findings += check_functions(path, text)
        if not path.startswith("tools/check/"):
            findings += check_todos(path, text.split("\n"))
        if path.endswith((".h", ".proto")):
            findings += check_banner(path, text)
        if path.endswith(common.CODE):
            findings += check_bans(path, text)
    findings += check_orphans(tree)
    return sorted(findings), f"{len(files)} files"


if __name__ == "__main__":
    sys.exit(common.main("style", check))
