"""A few of the kills of ``benchmarks/store_kills.py``."""

from __future__ import annotations

import os

import pytest

from tests import postgresql
from tests.store.killing import KINDS, Killer

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is no kill -9")


def test_after_kills_at_any_moment_the_store_holds_what_it_promised(tmp_path):
    killer = Killer(tmp_path, seed=3)
    for kind in (*KINDS, *KINDS):
        killer.kill(kind)
    killer.close()
    # Where a kill comes is chance; none of eight in the middle of something would be no test.
    assert killer.interrupted.total() > killer.interrupted["between"]


def test_after_kills_of_program_and_server_postgresql_holds_what_it_promised(tmp_path):
    why_not = postgresql.why_not()
    if why_not:
        pytest.skip(why_not)
    server = postgresql.PostgreSQL(is_safe=True)
    try:
        killer = Killer(tmp_path, 3, server)
        for kind in KINDS:
            killer.kill(kind)
        killer.kill("loading", of_server=True)
        killer.close()
    finally:
        server.stop()
