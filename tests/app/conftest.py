"""What makes a run of a page cheap, and the same on a busy machine, without changing what it shows."""

from __future__ import annotations

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from analytics.app import intake, recipe_box, widgets
from analytics.store.store import EVERYBODY


@pytest.fixture(scope="session", autouse=True)
def quick_runs():
    """Installed components are looked for once, a third of a second, and no browser is there to be waited for.

    What is read again is waited for however busy this machine is: else a page would show how far the reading is.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        patch.setattr(widgets, "let_the_browser_draw", lambda: None)
        patch.setattr(intake, "SHOW_PROGRESS_AFTER", 60)
        yield


@pytest.fixture(scope="module", autouse=True)
def nothing_kept():
    """What the tests of a file keep in the store, decks and recipes, is not there for those of the next."""
    yield
    recipe_box.store().forget(EVERYBODY)
