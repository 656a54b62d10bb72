#!/usr/bin/env python3
"""Proves that each check can fail: every bad sample must be found, every good one must pass.

A check that never complains guards nothing. Samples are written into a folder of their own.
"""
import contextlib
import io
import os
import shutil
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.dirname(HERE)]

# pylint: disable=wrong-import-position
import acceptance
import common
import cpp
import docs
import format as format_check
import headers
import layers
import proto
import shell
import style
import tally
import words

LAYERS = """# room: may include | door
proto: -
engine/base: - | libsodium: hash.cc only
engine/table: engine/base | rocksdb: rocks_*.cc only
engine/log: engine/{table,base} proto
engine/store: engine/table engine/base
engine/history: engine/store/reader.h
projections/catalog: projections/* engine/base
projections/facts: engine/base/{check,hash}.h
tests: everything
"""
EVENT = """// An event.
syntax = "proto3";
package rapport.v1;
// What happened.
message Event {
  // Its id.
  string event_id = 1;
  // Free words.
  string note = 2 [(sensitive) = SENSITIVITY_FREE_TEXT];
}
"""
SERVICE = """// For everybody.
syntax = "proto3";
package rapport.v1;
// Looks.
service Looks {
  // Looks once.
  rpc Look(LookRequest) returns (LookResponse) {
    option (http) = { verb: "GET" path: "/v1/look" };
    option (role) = "reader";
  }
}
"""


class CheckTest(unittest.TestCase):
    """Writes samples and asks a check about them."""

    def setUp(self):
        self.root = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def tree(self):
        return common.Tree(self.root)

    def found(self, check):
        return [f"{f.path}:{f.line}: {f.message}" for f in check(self.tree())[0]]

    def finds(self, check, words_of_it, path, text):
        self.write(path, text)
        found = self.found(check)
        self.assertTrue(any(words_of_it in f and f.startswith(path) for f in found),
                        f"{words_of_it!r} not among {found}")

    def passes(self, check):
        self.assertEqual(self.found(check), [])


class LayersTest(CheckTest):
    def setUp(self):
        super().setUp()
        self.write("tools/layers.txt", LAYERS)

    def test_passes_what_the_list_allows(self):
        self.write("engine/log/a.cc", '#include <vector>\n#include "engine/table/t.h"\n'
                                      '#include "rapport/v1/event.pb.h"\n#include <sys/stat.h>\n')
        self.write("engine/table/rocks_t.cc", "#include <rocksdb/db.h>\n")
        self.write("engine/history/h.cc", '#include "engine/store/reader.h"\n')
        self.write("projections/catalog.h", '#include "projections/facts/f.h"\n')
        self.write("tests/a_test.cc", '#include "engine/log/a.h"\n#include <gtest/gtest.h>\n')
        self.passes(layers.check)

    def test_finds_upward_include(self):
        self.finds(layers.check, "engine/table may not include engine/log/a.h", "engine/table/t.cc",
                   '#include "engine/log/a.h"\n')

    def test_finds_sideways_include_of_other_file_than_the_listed(self):
        self.finds(layers.check, "may not include engine/store/keys.h", "engine/history/h.cc",
                   '#include "engine/store/keys.h"\n')
        self.finds(layers.check, "may not include engine/base/clock.h", "projections/facts/f.cc",
                   '#include "engine/base/clock.h"\n')

    def test_finds_contract_where_it_is_not_allowed(self):
        self.finds(layers.check, "may not include rapport/v1/event.pb.h", "engine/table/t.cc",
                   '#include "rapport/v1/event.pb.h"\n')

    def test_finds_closed_doors(self):
        self.finds(layers.check, "only rocks_*.cc", "engine/table/t.cc",
                   "#include <rocksdb/db.h>\n")
        self.finds(layers.check, "no door to rocksdb", "engine/log/a.cc",
                   "#include <rocksdb/db.h>\n")
        self.finds(layers.check, "no library that is known", "engine/log/b.cc",
                   "#include <folly/String.h>\n")
        self.finds(layers.check, "tests only", "engine/log/c.cc", "#include <gtest/gtest.h>\n")

    def test_finds_target_that_links_upward(self):
        self.write("engine/log/CMakeLists.txt", "rapport_library(engine_log SOURCES a.cc)\n")
        self.finds(layers.check, "engine_table may not link engine_log",
                   "engine/table/CMakeLists.txt",
                   "rapport_library(engine_table\n  SOURCES t.cc DEPS engine_log)\n")

    def test_finds_homeless_file_and_long_main(self):
        self.finds(layers.check, "belongs to no room", "engine/util/u.cc", "\n")
        self.finds(layers.check, "a main of", "engine/base/main.cc",
                   "int main() {\n" + "\n" * 200 + "}\n")


class HeadersTest(CheckTest):
    def test_finds_header_that_needs_another_first(self):
        self.finds(headers.check, "does not compile alone", "engine/a.h",
                   "#pragma once\nstd::string Name();\n")

    def test_passes_complete_header_and_remembers_it(self):
        self.write("engine/a.h", "#pragma once\n#include <string>\nstd::string Name();\n")
        self.passes(headers.check)
        self.assertIn("0 compiled", headers.check(self.tree())[1])
        self.write("engine/a.h", "#pragma once\nstd::string Name();\n")
        self.assertNotEqual(self.found(headers.check), [])


class StyleTest(CheckTest):
    HEADER = "// What it is.\n#pragma once\n"

    def test_passes_plain_code(self):
        self.write("engine/a.h", self.HEADER + "int Name();\n")
        self.write("engine/a.cc", '#include "engine/a.h"\n\n// 3 > 2\nint Name() { return 1; }\n')
        self.write("engine/CMakeLists.txt", "rapport_library(engine SOURCES a.cc)\n")
        self.passes(style.check)

    def test_finds_each_banned_call(self):
        samples = {
            "clock": "#include <chrono>", "random": "std::mt19937 r;",
            "floating-point": "double d;", "thread": "std::mutex m;",
            "file": "std::ifstream f;", "environment": 'getenv("A");',
            "locale": "std::tolower(c);", "hash-map": "std::unordered_map<int, int> m;",
            "regex": "std::regex r;", "printf": 'printf("x");', "c-string": "atoi(x);",
            "throwing-number": "std::stoi(x);", "exception": "throw 1;", "assert": "assert(x);",
            "console": "std::cout << 1;", "system-clock": "localtime(&t);", "c-random": "rand();",
            "shell": 'system("x");', "sleep": "usleep(1);",
            "using-namespace": "using namespace std;", "endl": "s << std::endl;"}
        unproven = {ban[0] for ban in style.BANS} - set(samples) - {"std-string-view"}
        self.assertEqual(unproven, set())
        for name, line in samples.items():
            self.finds(style.check, f"({name})", "engine/fold/a.cc", f"void A() {{\n{line}\n}}\n")
        self.finds(style.check, "(std-string-view)", "engine/a.h",
                   self.HEADER + "void A(std::string_view a);\n")

    def test_lets_pass_what_is_allowed_with_a_reason(self):
        self.write("engine/CMakeLists.txt", "x(a.cc)\n")
        line = "  FILE* f = popen(command);\n"
        self.write("engine/a.cc", "void A() {\n  // allow: shell, because it is the point\n" + line
                   + "}\n")
        self.passes(style.check)
        self.finds(style.check, "(shell)", "engine/a.cc",
                   "void A() {\n  // allow: shell, because\n" + line + "}\n")

    def test_does_not_take_words_and_comments_for_calls(self):
        self.write("engine/CMakeLists.txt", "x(a.cc)\n")
        self.write("engine/a.cc", '// printf(x) is old.\nconst char* kA = "throw rand()";\n')
        self.passes(style.check)

    def test_finds_long_lines_files_functions(self):
        self.finds(style.check, "101 columns", "engine/a.cc", "//" + "x" * 99 + "\n")
        self.finds(style.check, "501 lines", "engine/b.cc", "\n" * 500 + "int a;\n")
        body = "  a();\n" * 69
        self.finds(style.check, "a function of 71 lines", "engine/c.cc",
                   "namespace r {\nclass A {\n public:\n  A() : b_{1}, c_(2) {\n" + body
                   + "  }\n};\n}\n")
        self.finds(style.check, "a function of 71 lines", "tools/c.py",
                   "def a():\n" + "    b()\n" * 70)

    def test_finds_missing_banner_guard_and_threads(self):
        self.finds(style.check, "no banner", "engine/a.h", "#pragma once\n")
        self.finds(style.check, "no include guard", "engine/b.h", "// What.\n")
        self.finds(style.check, "Threads:", "engine/c.h",
                   self.HEADER + "class A {\n  virtual void B() = 0;\n};\n")
        self.finds(style.check, "no banner", "proto/a.proto", 'syntax = "proto3";\n')

    def test_finds_todo_without_owner(self):
        mark = "TO" + "DO"
        self.finds(style.check, "without an owner", "engine/a.cc", f"// {mark}: later\n")
        self.write("engine/a.cc", f"// {mark}(ana): with rules 2\n")
        self.assertFalse(any("owner" in f for f in self.found(style.check)))

    def test_finds_orphans(self):
        self.finds(style.check, "nobody includes", "engine/a.h", self.HEADER)
        self.finds(style.check, "no CMakeLists.txt names", "engine/a.cc", "int a;\n")


class FunctionsTest(unittest.TestCase):
    def test_reads_bodies_and_leaves_data_alone(self):
        text = ('const int kA[] = {\n1,\n2};\nstruct S {\n  int a = 0;\n  int B() const {\n'
                '    if (a) {\n    }\n    return R"(})"[0];\n  }\n};\nenum class E { kX };\n'
                "template <class T>\nvoid C(T t) {\n  auto f = [&] { return 1; };\n}\n")
        self.assertEqual([(first, lines) for first, lines, _ in cpp.functions(text)],
                         [(6, 5), (13, 4)])


class ProtoTest(CheckTest):
    def setUp(self):
        super().setUp()
        self.write("tests/fossils/.keep", "")

    def update(self):
        with contextlib.redirect_stdout(io.StringIO()):
            return proto.update(self.tree())

    def test_passes_good_contract_once_listed(self):
        self.write("proto/rapport/v1/event.proto", EVENT)
        self.write("proto/rapport/v1/look.proto", SERVICE)
        self.assertTrue(any("not listed" in f for f in self.found(proto.check)))
        self.assertEqual(self.update(), 0)
        self.passes(proto.check)

    def test_finds_changed_and_lost_numbers_and_refuses_to_update(self):
        path = "proto/rapport/v1/event.proto"
        self.write(path, EVENT)
        self.update()
        self.finds(proto.check, "take a new number", path,
                   EVENT.replace("string event", "bytes event"))
        self.assertEqual(self.update(), 1)
        self.finds(proto.check, "take a new number", path, EVENT.replace("event_id = 1", "id = 1"))
        gone = EVENT.replace("  // Its id.\n  string event_id = 1;\n", "")
        self.write(path, gone)
        self.assertTrue(any("is gone" in f for f in self.found(proto.check)))
        self.write(path, gone.replace("Event {", "Event {\n  reserved 1;"))
        self.passes(proto.check)

    def test_finds_missing_comments(self):
        for line in ("  // Its id.\n", "// What happened.\n"):
            self.finds(proto.check, "has no comment", "proto/rapport/v1/event.proto",
                       EVENT.replace(line, ""))
        self.finds(proto.check, "has no comment", "proto/rapport/v1/look.proto",
                   SERVICE.replace("  // Looks once.\n", ""))

    def test_finds_bad_types_and_clear_texts(self):
        path = "proto/rapport/v1/event.proto"
        self.finds(proto.check, "floating point", path,
                   EVENT.replace("string event", "double event"))
        self.finds(proto.check, "is a map", path,
                   EVENT.replace("string event_id", "map<string, int32> event_id"))
        self.finds(proto.check, "personal data", path,
                   EVENT.replace(" [(sensitive) = SENSITIVITY_FREE_TEXT]", ""))

    def test_finds_rpc_without_role_door_or_own_messages(self):
        path = "proto/rapport/v1/look.proto"
        self.finds(proto.check, "states no role", path, SERVICE.replace('"reader"', '"boss"'))
        self.finds(proto.check, "no HTTP door", path, SERVICE.replace("/v1/look", "/look"))
        self.finds(proto.check, "must take LookRequest", path, SERVICE.replace("LookReq", "Req"))

    def test_finds_other_first_message_and_unopened_kind(self):
        self.finds(proto.check, "first message", "proto/rapport/v1/event.proto",
                   EVENT.replace("// What", "// A.\nmessage A {}\n// What"))
        self.write("proto/rapport/v1/touchpoint.proto", EVENT.replace("message Event", "message T"))
        self.finds(proto.check, "has no field in Touchpoint", "proto/rapport/v1/kind.proto",
                   "// Kinds.\npackage rapport.v1;\n// K.\nenum Kind {\n  KIND_UNSPECIFIED = 0;\n"
                   "  KIND_PURCHASE_MADE = 10;\n}\n")

    def test_finds_bad_enums(self):
        self.finds(proto.check, "_UNSPECIFIED", "proto/rapport/v1/a.proto",
                   "// A.\n// K.\nenum Kind {\n  KIND_A = 0;\n}\n")
        self.finds(proto.check, "does not begin with", "proto/rapport/v1/a.proto",
                   "// A.\n// K.\nenum Kind {\n  KIND_UNSPECIFIED = 0;\n  A = 1;\n}\n")


class OtherChecksTest(CheckTest):
    def test_format_finds_unformatted_code(self):
        self.write(".clang-format", "BasedOnStyle: Google\n")
        self.finds(format_check.check, "tools/dev format", "engine/a.cc", "int   a ;\n")
        self.write("engine/a.cc", "int a;\n")
        self.passes(format_check.check)

    def test_shell_finds_unquoted_word(self):
        self.finds(shell.check, "SC2086", "tools/a", "#!/bin/bash\nrm $1\n")
        self.write("tools/a", '#!/bin/bash\nrm "$1"\n')
        self.passes(shell.check)

    def test_words_finds_mistakes_paths_and_hosts(self):
        self.finds(words.check, "spelling", "README.md", "We rec" + "ieve events.\n")
        self.finds(words.check, "path of one machine", "README.md", "See /r" + "oot/a.\n")
        self.finds(words.check, "package registry", "README.md", "From pyp" + "i.org.\n")
        self.write("README.md", "See build/root/a and $HOME/work/b.\n")
        self.passes(words.check)

    def test_docs_finds_dead_links_and_unknown_commands(self):
        self.write("tools/dev", "#!/bin/bash\ncase $1 in\n  build) ;;\n  help | -h) ;;\nesac\n")
        self.finds(docs.check, "leads nowhere", "README.md", "[a](docs/a.md)\n")
        self.finds(docs.check, "no such heading", "README.md", "# One\n[a](#two)\n")
        self.finds(docs.check, "no command fly", "README.md", "Run `tools/dev fly`.\n")
        self.finds(docs.check, "does not exist", "README.md", "See docs/format.md there.\n")
        self.finds(docs.check, "does not exist", "engine/a.cc", "// See docs/format.md there.\n")
        os.remove(os.path.join(self.root, "engine/a.cc"))
        self.finds(docs.check, "## Rejected", "docs/decisions/0001-a.md", "## Context\n")
        os.remove(os.path.join(self.root, "docs/decisions/0001-a.md"))
        self.finds(docs.check, "at most 40", "engine/log/README.md", "a\n" * 41)
        os.remove(os.path.join(self.root, "engine/log/README.md"))
        self.write("README.md", "# One\n[a](#one) [b](tools/dev) `tools/dev help`\n")
        self.passes(docs.check)

    def test_docs_finds_proofs_that_are_not_there(self):
        self.write("tests/a/a_test.cc", "TEST(Log, IsKept) {}\nTYPED_TEST_P(Both, Keep) {}\n"
                                        "TEST_P(\n    Log, IsLong) {}\n"
                                        "void Life::Check() { Kept::Other(); }\n"
                                        "// TEST(Log, IsOld)\nTEST(Log, DISABLED_IsOff) {}\n")
        self.write("tests/a/b_test.py", "class B:\n    def test_it(self):\n        test_that()\n")
        good = ("`tests/a/a_test.cc Log.IsKept Both.Keep Log.IsLong Life::Check`, `tests/a`, "
                "`tests/a/b_test.py test_it`\n")
        self.write("README.md", good)
        self.passes(docs.check)
        self.finds(docs.check, "tests/a/c_test.cc does not exist", "README.md",
                   "`tests/a/c_test.cc Log.IsKept`\n")
        for name in ("Log.IsGone", "Log.IsKep", "Both.IsKept", "Log.Is...", "Log.IsOld",
                     "Log.IsOff", "Life::Gone", "Check", "Log.IsKept,"):
            self.finds(docs.check, f"no test or function {name}:", "README.md",
                       f"`tests/a/a_test.cc Log.IsKept {name}`\n")
        self.finds(docs.check, "no test or function test_that", "README.md",
                   "`tests/a/b_test.py test_that`\n")
        self.finds(docs.check, "no test or function Log.IsKept", "README.md",
                   "`tests/a Log.IsKept`\n")

    def test_docs_finds_rows_without_proof(self):
        self.write("tests/a_test.cc", "TEST(Log, IsKept) {}\n")
        table = "| what | proof | missing |\n|---|---|---|\n"
        self.write("README.md", table + "| a | `tests/a_test.cc Log.IsKept` | |\n| b | | tools |\n")
        self.passes(docs.check)
        self.finds(docs.check, "README.md:4: names no proof", "README.md",
                   table + "| a | | much |\n| b | all tests | |\n")


class AcceptanceTest(CheckTest):
    def setUp(self):
        super().setUp()
        self.write("tests/acceptance.tsv", "id\tconcept\tkind\tmust\tproof\n"
                                           "000-01\tA\tb\tc\tstory\n000-02\tB\tb\tc\ttest\n")

    def judge(self, least=0):
        rows = acceptance.read_rows(self.root)
        return acceptance.judge(rows, *acceptance.collect(self.root), least)

    def test_counts_stories_and_tests(self):
        self.write("tests/a.story", "# A life.\ncovers: 000-1\n")
        self.write("tests/a_test.cc", "// covers: 000-01,\n//   000-02\nTEST(A, IsB) {}\n")
        self.assertEqual(self.judge(2), (2, []))
        covered, _ = acceptance.collect(self.root)
        self.assertEqual([c.test for c in covered["000-01"]], ["tests/a.story", "A.IsB"])

    def test_finds_unknown_and_unreadable_ids(self):
        self.write("tests/a.story", "covers: 009-01, 1-3\n")
        self.assertEqual(len(self.judge()[1]), 2)

    def test_finds_fewer_rows_than_before(self):
        self.write("tests/a.story", "covers: 000-01\n")
        self.assertIn("1 rows are covered, 2 were", self.judge(2)[1][0])

    def test_finds_row_held_by_a_test_that_never_runs(self):
        for test in ("TEST(A, DISABLED_IsB) {}", "TEST_F(DISABLED_A, IsB) {}",
                     'TEST(A, IsB) {\n  GTEST_SKIP() << "later";\n}'):
            self.write("tests/a_test.cc", f"// covers: 000-01\n{test}\n")
            self.assertIn("never runs", self.judge()[1][0])
        self.write("tests/b.story", "covers: 000-01\n")
        self.assertEqual(self.judge(1), (1, []))


class TallyTest(CheckTest):
    def test_counts_verdicts_and_takes_what_was_not_built_for_failed(self):
        self.write("a.xml", '<testsuite><testcase name="A" status="run" time="1"/>'
                            '<testcase name="B" status="fail"><failure/></testcase>'
                            '<testcase name="C" status="notrun"><skipped/></testcase>'
                            '<testcase name="D" status="disabled"/>'
                            '<testcase name="E_NOT_BUILT" status="notrun"><skipped/></testcase>'
                            "</testsuite>")
        verdicts = [t[1] for t in tally.read(os.path.join(self.root, "a.xml"))]
        self.assertEqual(verdicts, ["passed", "failed", "skipped", "skipped", "failed"])


if __name__ == "__main__":
    said = io.StringIO()
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = unittest.TextTestRunner(stream=said).run(suite)
    if not result.wasSuccessful():
        print(said.getvalue())
    verdict = "ok" if result.wasSuccessful() else "failed"
    print(f"{verdict:<9} selftest   {result.testsRun} proofs that checks fail when they must")
    sys.exit(0 if result.wasSuccessful() else 1)
