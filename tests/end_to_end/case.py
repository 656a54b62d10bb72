"""How an end-to-end test begins: `python3 some_test.py --program PROGRAM [TEST ...]`.

    class ThingTest(Case):
        def test_server_answers(self):
            with self.server() as server: ...

    if __name__ == "__main__":
        case.main()

Exit status 0 when all passed, 77 when all were skipped, which CTest counts as skipped.
"""
import argparse
import pathlib
import sys
import tempfile
import time
import unittest

from program import Failed, Server, expect, run_program

SKIPPED = 77
options = argparse.Namespace()


class Case(unittest.TestCase):
    """A test with a folder of its own; ends what it started."""

    failureException = AssertionError
    longMessage = True

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="rapport_e2e_")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    @property
    def program(self):
        return options.program

    def file(self, name, text):
        """Writes a file into the test's folder; its path."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def server(self, *flags, name="data"):
        """A server that is started now and stopped with the test."""
        server = Server(self.program, self.folder / name, *flags)
        self.enterContext(server)
        return server

    def run_rapport(self, *words, stdin=None, code=0, timeout=300):
        """Runs a command that needs no server; its stdout."""
        return expect(run_program(self.program, *words, stdin=stdin, timeout=timeout), code)

    def refused(self, code, *words, stdin=None, says=(), within=30):
        """Runs a command that must fail with one sentence on stderr that holds all of `says`."""
        begun = time.monotonic()
        done = run_program(self.program, *words, stdin=stdin, timeout=within + 30)
        took = time.monotonic() - begun
        told = [line for line in done.stderr.splitlines() if line.strip()]
        what = f"`{' '.join(map(str, words))}` said {done.stderr!r} and {done.stdout[-500:]!r}"
        self.assertEqual(done.returncode, code, f"exit code; {what}")
        self.assertEqual(len(told), 1, f"one sentence; {what}")
        self.assertTrue(told[0].startswith("rapport: "), f"begins with the program; {what}")
        for word in says:
            self.assertIn(word, told[0], what)
        self.assertLess(took, within, f"seconds; {what}")
        return told[0]


def main(*add_arguments):
    """Reads the command line, runs the tests of the file that is run, ends the process."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("tests", nargs="*", help="only these, as Class.test_name")
    for add in add_arguments:
        add(parser)
    parser.parse_args(namespace=options)
    if not options.program.exists():
        parser.error(f"{options.program} is missing; build the target rapport first")
    loader = unittest.defaultTestLoader
    module = sys.modules["__main__"]
    suite = (loader.loadTestsFromNames(options.tests, module) if options.tests
             else loader.loadTestsFromModule(module))
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    if not result.wasSuccessful() or result.testsRun == 0:
        sys.exit(1)
    sys.exit(SKIPPED if len(result.skipped) == result.testsRun else 0)


__all__ = ["Case", "Failed", "main", "options"]
