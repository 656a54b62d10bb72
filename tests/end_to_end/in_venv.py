"""For tests that read files with other people's packages: goes on in build/venv, which has them.

    import in_venv
    in_venv.enter()
    import duckdb
"""
import os
import sys

from broker import VENV
from program import Failed


def enter():
    """Begins the program anew with the interpreter of build/venv, unless that is what runs it."""
    if sys.prefix == str(VENV.parents[1]):
        return
    if not VENV.exists():
        raise Failed(f"{VENV} is missing: run tools/dev test, which installs requirements.txt")
    os.execv(VENV, [str(VENV), "-B", *sys.argv])
