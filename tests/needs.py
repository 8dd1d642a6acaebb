"""Marks for tests that need a program which a fresh machine may lack.

Without the program the test is skipped and the reason is printed; under
`MAINAKAGI_TEST_ALL=1` (set by `.ci/run`, which installs the programs) it fails instead.
"""

from __future__ import annotations

import os
import shutil

import pytest


def needs(program: str) -> pytest.MarkDecorator:
    """A mark that skips unless `program` is on the PATH."""
    missing = shutil.which(program) is None and os.environ.get("MAINAKAGI_TEST_ALL") != "1"
    return pytest.mark.skipif(missing, reason=f"{program} is not installed")
