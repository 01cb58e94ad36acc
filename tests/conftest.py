"""Every test run keeps its recipes in a folder of its own, never in a person's."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_FOLDER = tempfile.mkdtemp(prefix="ketamine-outcomes-tests-")
os.environ["KETAMINE_OUTCOMES_STORE"] = _FOLDER
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
