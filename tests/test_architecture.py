"""The arrows between the rooms, and which third-party package lives where."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "analytics").rglob("*.py"))

FLOORS = (
    {"access"},
    {"definitions", "statistics", "store"},
    {"ingest", "courses"},
    {"results"},
    {"wording"},
    {"figures"},
    {"reports"},
    {"app", "__main__"},
)

HOME = {
    "streamlit": {"app"},
    "starlette": {"app"},
    "plotly": {"figures"},
    "scipy": {"statistics"},
    "statsmodels": {"statistics"},
    "pyarrow": {"ingest"},
    "python_calamine": {"ingest"},
    "sqlalchemy": {"store"},
    "platformdirs": {"store"},
    "alembic": {"store"},
    "argon2": {"store"},
    "psycopg": {"store"},
    "psutil": {"app"},
    "authlib": {"app"},
    "lxml": {"ingest"},
    "tomli_w": {"ingest"},
    "xlsxwriter": {"reports"},
    "pptx": {"reports"},
    "reportlab": {"reports"},
}
"""Third-party packages that stay in their room; NumPy and pandas go everywhere below the app."""


def room_of(path: Path) -> str:
    first = path.relative_to(ROOT / "analytics").parts[0]
    return first.removesuffix(".py")


def floor_of(room: str) -> int:
    return next(floor for floor, rooms in enumerate(FLOORS) if room in rooms)


@cache
def imports_of(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
            assert node.level == 0, f"{path.name} imports relatively"
    return names


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports():
    """Every import of every module: the module, its room, and the name that it imports."""
    return [(names(path), room_of(path), name) for path in MODULES for name in sorted(imports_of(path))]


def test_a_room_imports_only_from_lower_floors():
    wrong = []
    for path, room, name in imports():
        parts = name.split(".")
        if room == "__init__" or parts[0] != "analytics" or len(parts) < 2 or parts[1] == room:
            continue
        if parts[1].startswith("__version"):
            continue
        if floor_of(parts[1]) >= floor_of(room):
            wrong.append(f"{path} imports {name}")
    assert wrong == []


def test_a_third_party_package_stays_in_its_room():
    wrong = [f"{path} imports {name}" for path, room, name in imports()
             if (home := HOME.get(name.split(".")[0])) is not None and room not in home]
    assert wrong == []


def test_every_room_has_a_floor():
    for path in MODULES:
        assert room_of(path) == "__init__" or floor_of(room_of(path)) >= 0


def test_there_is_no_drawer_for_odds_and_ends():
    assert not {path.stem for path in MODULES} & {"utils", "helpers", "common", "misc"}


def test_session_state_and_the_address_are_touched_in_one_file():
    for path in MODULES:
        if names(path) != "analytics/app/state.py":
            text = path.read_text(encoding="utf-8")
            assert "session_state" not in text, names(path)
            assert "query_params" not in text, names(path)


def test_caching_stays_in_one_file():
    for path in MODULES:
        if names(path) != "analytics/app/loading.py":
            assert "cache_" not in path.read_text(encoding="utf-8").replace("@functools.cache_", ""), names(path)
