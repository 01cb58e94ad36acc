"""Each method for each role, both sides: who may, and who is refused."""

from __future__ import annotations

import pytest

from analytics.access import NotAllowedError, Person
from analytics.store import SYSTEM, GoneError

ROLES = ("director", "analyst", "presenter", "viewer")
OWNER = Person("owner", "Olga", "analyst")
OTHERS = {role: Person(f"another {role}", role.title(), role) for role in ROLES}
FRAMES = {"assessments": b"1"}
FACTS = {"key": "k"}

ALLOWED = {
    "keep": {"director", "analyst"},
    "keep next": {"director", "analyst"},
    "all": {"director", "analyst", "presenter"},
    "one": {"director", "analyst", "presenter"},
    "versions": {"director", "analyst", "presenter"},
    "version": {"director", "analyst", "presenter"},
    "frames": {"director", "analyst", "presenter"},
    "rename": {"director"},
    "delete": {"director"},
    "delete_version": {"director"},
    "apply_retention": {"director"},
    "set_retention": {"director"},
    "entries": {"director"},
}
"""Which roles may do it to everybody's dataset that another person kept."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(request, tmp_path_factory):
    """One store for all cells of the table: what is refused changes nothing, what is not is made again."""
    from tests.store.conftest import Place

    server = request.getfixturevalue("server") if request.param == "postgresql" else None
    place = Place(tmp_path_factory.mktemp("persons") / "kept", server)
    yield place.store()
    place.close()


def call(store, method, version, person):
    of = store.datasets
    return {
        "keep": lambda: of.keep("May", FRAMES, FACTS, person),
        "keep next": lambda: of.keep("May", {"a": b"2"}, FACTS, person, dataset_id=version.dataset_id),
        "all": lambda: of.all(person),
        "one": lambda: of.one(version.dataset_id, person),
        "versions": lambda: of.versions(version.dataset_id, person),
        "version": lambda: of.version(version.id, person),
        "frames": lambda: of.frames(version.id, person),
        "rename": lambda: of.rename(version.dataset_id, "June", person),
        "delete": lambda: of.delete(version.dataset_id, person),
        "delete_version": lambda: of.delete_version(version.id, person),
        "apply_retention": lambda: of.apply_retention(9999, person),
        "set_retention": lambda: of.set_retention(9999, person),
        "entries": lambda: store.audit.entries(person),
    }[method]()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("method", ALLOWED)
def test_each_method_for_each_role(shared, method, role):
    version = shared.datasets.keep("May", FRAMES, FACTS, OWNER)
    log = shared.audit.entries(SYSTEM)
    if role in ALLOWED[method]:
        call(shared, method, version, OTHERS[role])
        return
    with pytest.raises(NotAllowedError):
        call(shared, method, version, OTHERS[role])
    assert shared.datasets.one(version.dataset_id, OWNER).latest == version
    assert shared.audit.entries(SYSTEM) == log


@pytest.mark.parametrize("method", ["rename", "delete", "delete_version"])
def test_who_kept_a_dataset_may_change_it_but_not_as_a_presenter(shared, method):
    version = shared.datasets.keep("May", FRAMES, FACTS, OWNER)
    with pytest.raises(NotAllowedError):
        call(shared, method, version, Person("owner", "Olga", "presenter"))
    call(shared, method, version, OWNER)


def test_anothers_private_dataset_is_as_if_it_were_not_there(shared):
    version = shared.datasets.keep("mine", FRAMES, FACTS, OWNER, is_private=True)
    missing = 10 ** 6
    for role in ("director", "analyst", "presenter"):
        person = OTHERS[role]
        assert version.dataset_id not in {one.id for one in shared.datasets.all(person)}
        assert shared.datasets.one(version.dataset_id, person) is shared.datasets.one(missing, person) is None
        assert shared.datasets.versions(version.dataset_id, person) == []
        assert told(lambda person=person: shared.datasets.frames(version.id, person)) == told(
            lambda person=person: shared.datasets.frames(missing, person))
    analyst = OTHERS["analyst"]
    for do in (lambda number: shared.datasets.rename(number, "x", analyst),
               lambda number: shared.datasets.delete(number, analyst),
               lambda number: shared.datasets.keep("x", FRAMES, FACTS, analyst, dataset_id=number)):
        assert told(lambda do=do: do(version.dataset_id)) == told(lambda do=do: do(missing))
    assert told(lambda: shared.datasets.delete_version(version.id, analyst)) == told(
        lambda: shared.datasets.delete_version(missing, analyst))
    with pytest.raises(GoneError):
        shared.datasets.keep("x", FRAMES, FACTS, OTHERS["director"], dataset_id=version.dataset_id)
    mine = shared.datasets.one(version.dataset_id, OWNER)
    assert mine.is_private and mine.latest == version and mine in shared.datasets.all(OWNER)
    assert shared.datasets.frames(version.id, OWNER) == FRAMES
    assert shared.datasets.version(version.id, OWNER) == version
    assert all(shared.datasets.version(version.id, OTHERS[role]) is None for role in ROLES[:3])
    shared.datasets.delete(version.dataset_id, OTHERS["director"])
    assert shared.datasets.one(version.dataset_id, OWNER) is None


def test_a_namesake_is_another_person(shared):
    version = shared.datasets.keep("mine", FRAMES, FACTS, OWNER, is_private=True)
    namesake = Person("another", OWNER.name, OWNER.role)
    assert shared.datasets.one(version.dataset_id, namesake) is None
    renamed = Person(OWNER.subject, "Olga Married", OWNER.role)
    assert shared.datasets.one(version.dataset_id, renamed).latest == version


def told(ask) -> str:
    with pytest.raises(GoneError) as raised:
        ask()
    return str(raised.value)
