"""Who gets what where people sign in: every role at every way in, by signed cookies and forged messages, then once
through a real OpenID provider in a browser.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from analytics.access import sign_out_time, subject_of
from analytics.store import Store
from tests.browser.conftest import ROOT, free_port
from tests.browser.signed_in import PEOPLE, ROLES, Somebody, claims_of, clinic_folder

ALL_PAGES = ("overview", "groups", "compare", "counting", "over_time", "trends", "safety", "courses", "data", "methods")
RESULTS = "43 of 57"
NO_PROVIDER = "http://localhost:1"


@pytest.fixture(scope="module")
def provider(tmp_path_factory):
    """The address of an OpenID provider; of none where the tests' is not installed."""
    if importlib.util.find_spec("oidc_provider_mock") is None:
        yield NO_PROVIDER
        return
    users = [json.dumps({"sub": name, "email": f"{name}@clinic.example", "email_verified": name != "otto",
                         "name": name.title()}) for name in ("dora", "pia", "nora", "vera", "otto")]
    port = free_port()
    with (tmp_path_factory.mktemp("provider") / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "oidc_provider_mock", "--port", str(port),
             *(part for user in users for part in ("--user-claims", user))], stdout=log, stderr=subprocess.STDOUT)
    yield f"http://localhost:{port}"
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def folder(tmp_path_factory, provider):
    return clinic_folder(tmp_path_factory.mktemp("clinic"), provider)


@pytest.fixture(scope="module")
def clinic(start, folder):
    return start((str(folder / "scores.csv"),), cwd=folder)


@pytest.fixture
def roles(folder):
    """The roles file, which a test may change."""
    path = folder / ".streamlit" / "roles.toml"
    yield path
    path.write_text(ROLES, encoding="utf-8")


@pytest.fixture(scope="module")
def people(clinic):
    """Everybody who knocks: the roles, and those who must be nobody."""
    now = int(time.time())
    found = {role: Somebody(clinic, claims_of(name)) for role, name in PEOPLE.items()}
    odd = {
        "nobody": {}, "a stranger": claims_of("x", email="x@elsewhere.example"),
        "a look-alike": claims_of("y", email="dora@evil-clinic.example"),
        "not verified": claims_of("dora", email_verified=False), "expired": claims_of("dora", exp=now - 1),
        "signed out": claims_of("sam", email="Anna@clinic.example"), "without times": claims_of("dora", exp=None),
    }
    Store().signed_out.sign_out(subject_of(odd["signed out"]), sign_out_time(odd["signed out"], datetime.now(UTC)))
    found |= {name: Somebody(clinic, claims) for name, claims in odd.items()}
    return found | {"forged": Somebody(clinic, claims_of("dora"), secret="another" * 9)}


@pytest.fixture(scope="module")
def seen(people):
    """What somebody is sent of a page, asked for once: ``seen(name, page)``."""
    @functools.cache
    def of(name, page="overview"):
        return people[name].sees(page)

    return of


DIRECTOR, ANALYST, PRESENTER = {"director"}, {"director", "analyst"}, {"director", "analyst", "presenter"}
NORTH = {"north analyst"}, {"north analyst", "north presenter"}


def got(people, has):
    """Who has something."""
    return {name for name, somebody in people.items() if has(somebody)}


PAGES = {
    "overview": (PRESENTER | NORTH[1], 'For whom'), "groups": (PRESENTER | NORTH[1], "groups.csv"),
    "compare": (PRESENTER | NORTH[1], None), "counting": (PRESENTER | NORTH[1], None),
    "over_time": (PRESENTER | NORTH[1], None), "trends": (PRESENTER | NORTH[1], None),
    "safety": (PRESENTER | NORTH[1], None), "methods": (PRESENTER | NORTH[1], None),
    "courses": (ANALYST | NORTH[0], "courses.csv"), "data": (ANALYST | NORTH[0], "Drop files of one clinic"),
    "deck": (PRESENTER | NORTH[1], None), "present": (PRESENTER | NORTH[1], None),
}
REFUSED = ("You are not signed in", "Sign in with the account", "has run out", "You were signed out",
           "given you a role", "Open the link you were sent", "does not say who you are", "No data of your sites",
           "is not part of your role")


@pytest.mark.parametrize("page", [name for name, (_, mark) in PAGES.items() if mark])
def test_a_page_is_for_the_roles_that_have_it(people, seen, page):
    expected, mark = PAGES[page]
    came = {name: seen(name, page) for name in people}
    assert {name for name, one in came.items() if mark in one} == expected
    assert {name for name, one in came.items() if not any(word in one for word in REFUSED)} == expected


def test_each_role_is_offered_exactly_its_pages(people, seen):
    without = tuple(name for name in ALL_PAGES if name not in ("courses", "data"))
    for name in people:
        expected = ALL_PAGES if name in ANALYST | NORTH[0] else without if name in PRESENTER | NORTH[1] else ()
        pages = seen(name).pages
        assert tuple(page for page in pages if page in ALL_PAGES) == expected, name
        assert pages if expected else not pages, name


def test_numbers_are_of_a_persons_sites(people, seen):
    assert {name for name in people if RESULTS in seen(name)} == PRESENTER
    assert {name for name in people if "22 of 30" in seen(name)} == NORTH[1]


def test_rows_are_for_the_roles_that_have_them_and_of_their_sites(people, seen):
    came = {name: seen(name, "courses") for name in people}
    assert {name for name, one in came.items() if "NN001" in one} == ANALYST | NORTH[0]
    for code in ("SS001", "BB001", "UU001"):
        assert {name for name, one in came.items() if code in one} == ANALYST, code


def test_no_other_page_sends_a_patients_code_to_who_may_not_see_rows(seen):
    for name in ("presenter", "north presenter", "viewer", "a stranger"):
        for page in ("overview", "safety", "methods", "deck", "defend"):
            came = seen(name, page)
            assert not any(code in came for code in ("NN0", "SS0", "BB0", "UU0")), (name, page)


def test_no_page_names_another_site_to_who_is_limited_to_one(seen):
    for name in NORTH[1]:
        for page in PAGES:
            came = seen(name, page)
            assert not any(text in came for text in ("SS0", "BB0", "UU0", "57 patients", "of 57")), (name, page)
            assert page == "data" or "South" not in came, (name, page)


def test_a_download_is_for_the_person_it_was_made_for(people, seen):
    for page, file, expected in (("courses", "courses.csv", ANALYST | NORTH[0]),
                                 ("groups", "groups.csv", PRESENTER | NORTH[1])):
        mine = {name: seen(name, page).download(file) for name in people}
        assert {name for name, address in mine.items() if address} == expected
        for name, address in mine.items():
            if address:
                assert got(people, lambda one, address=address: one.asks(address)[0] == 200) == {name}
    rows = people["north analyst"].asks(seen("north analyst", "courses").download("courses.csv"))[1]
    assert b"NN001" in rows and not any(code in rows for code in (b"SS", b"BB", b"UU"))


def test_two_persons_in_one_browser_are_two(people):
    first, second = people["director"], replace(people["analyst"], browser=people["director"].browser)
    address = first.sees("courses").download("courses.csv")
    assert first.asks(address)[0] == 200 and second.asks(address)[0] == 404


def test_files_are_loaded_by_those_who_may_and_into_their_own_session(people):
    with people["director"].line() as directors:
        directors.rerun()
        for name, somebody in people.items():
            with somebody.line() as line:
                line.rerun()
                is_allowed = name in PRESENTER | NORTH[1]  # a presenter loads a template for slides
                if name == "elsewhere":
                    is_allowed = True  # an analyst who has no data yet
                assert (somebody.uploads(line.session) in (200, 204)) is is_allowed, name
            assert (somebody.uploads(directors.session) in (200, 204)) is (name == "director"), name


def test_nobody_goes_on_in_anothers_session(people):
    with people["director"].line() as line:
        session = line.rerun("courses").session
        for name, somebody in people.items():
            if name != "director":
                with somebody.line(session) as other:
                    assert other.rerun("shares").session not in ("", session), name
        with replace(people["director"], browser="x" * 43).line(session) as other:
            assert other.rerun().session != session, "the same person in another browser"
    with people["director"].line(session) as again:
        assert again.rerun().session == session, "the same person in the same browser"


@pytest.mark.parametrize("path", ["/media/0.csv", "/component/x/y", "/_stcore/bidi-components/x/y",
                                  "/_stcore/metrics", "/_stcore/agent/interact"])
def test_what_needs_no_sign_in_in_streamlit_is_closed(people, path):
    assert got(people, lambda one: one.asks(path)[0] != 404) == set()


def test_a_role_that_is_taken_away_is_gone_at_the_next_message(people, roles):
    anna = people["analyst"]
    with anna.line() as line, anna.line() as idle:
        came = line.rerun("courses")
        idle.rerun("courses")
        address, fragments = came.download("courses.csv"), came.fragments
        assert "NN001" in came and fragments
        within = [line.rerun("courses", fragment_id=one) for one in fragments]
        assert any("NN001" in one for one in within), "a fragment alone has rows"
        roles.write_text(ROLES.replace("anna@", "hanna@"), encoding="utf-8")
        for fragment in fragments:
            for one in (line, idle):
                after = one.rerun("courses", fragment_id=fragment)
                assert "Open the link you were sent" in after and "NN" not in after
        assert anna.asks(address)[0] in (403, 404) and anna.uploads(line.session) == 403
        assert line.says({"file_urls_request": {"request_id": "1", "file_names": ["x"]}}) == b""
        roles.write_text(ROLES.replace('= "analyst"', '= "presenter"', 1), encoding="utf-8")
        after = line.rerun("courses", fragment_id=fragments[0])
        assert "not part of your role" in after and "NN001" not in after and "courses" not in after.pages
        assert anna.asks(address)[0] == 403, "a download with rows, though results are still hers"


def test_sites_that_are_taken_away_take_downloads_along(people, roles):
    nora = people["north analyst"]
    address = nora.sees("courses").download("courses.csv")
    assert nora.asks(address)[0] == 200
    roles.write_text(ROLES.replace('["North"]', '["South"]', 1), encoding="utf-8")
    assert nora.asks(address)[0] == 403
    seen = nora.sees("courses")
    assert "SS001" in seen and "NN001" not in seen


def test_a_mistake_in_the_roles_file_closes_the_door(people, roles, clinic):
    roles.write_text(ROLES + '"other.example" = "boss"\n', encoding="utf-8")
    for name in ("director", "viewer"):
        seen = people[name].sees()
        assert "Nobody is let in at the moment" in seen and RESULTS not in seen
    assert "the role is one of" in clinic.said() and "clinic.example" not in clinic.said()
    roles.unlink()
    assert "Nobody is let in at the moment" in people["director"].sees()
    roles.write_text(ROLES, encoding="utf-8")
    assert RESULTS in people["director"].sees()


def test_a_sign_in_ends_while_its_page_is_open(clinic):
    dora = Somebody(clinic, claims_of("dora", exp=int(time.time()) + 4))
    with dora.line() as line:
        seen = line.rerun("courses")
        address, fragment = seen.download("courses.csv"), seen.fragments[0]
        assert "NN001" in seen
        time.sleep(max(dora.claims["exp"] - time.time(), 0) + 0.1)
        after = line.rerun("courses", fragment_id=fragment)
        assert "has run out" in after and "NN001" not in after
        assert dora.asks(address)[0] == 404


def test_a_sign_out_ends_every_earlier_sign_in_of_the_person(clinic):
    one, other = (Somebody(clinic, claims_of("anna", sub="twice", iat=int(time.time()) - 9)) for _ in range(2))
    with other.line() as line:
        seen = line.rerun("courses")
        Store().signed_out.sign_out(subject_of(one.claims), sign_out_time(one.claims, datetime.now(UTC)))
        for fragment in ("", seen.fragments[0]):
            after = line.rerun("courses", fragment_id=fragment)
            assert "You were signed out" in after and "NN001" not in after
    later = replace(one, claims=one.claims | {"iat": int(time.time()) + 1})
    assert RESULTS in later.sees()


def test_messages_that_nobody_needs_are_not_taken(people):
    with people["director"].line() as line:
        line.rerun()
        assert line.says({"clear_cache": True}, {"set_run_on_save": True}, {"load_git_info": True},
                         {"backend_operation_request": {"request_id": "1", "session_id": line.session}}) == b""
        asked = {"request_id": "1", "file_names": ["x"], "session_id": line.session}
        assert line.says({"file_urls_request": asked}) != b""


def test_a_forged_page_or_state_gives_a_viewer_nothing(people):
    with people["director"].line() as line:
        fragments = line.rerun("courses").fragments
    for state in ({"page_script_hash": "0" * 32}, {"fragment_id": fragments[0]}, {"query_string": "au=inside&v=1"}):
        seen = people["viewer"].sees("courses", **state)
        assert "Open the link you were sent" in seen and "NN001" not in seen


def test_without_the_page_of_our_own_nobody_is_signed_in(people, clinic):
    from websockets.sync.client import connect

    from tests.browser.signed_in import Line

    with connect(clinic.address.replace("http", "ws") + "/_stcore/stream",
                 additional_headers={"Cookie": people["director"].cookie()}) as socket:
        assert RESULTS not in Line(socket).rerun()


def test_sign_in_set_up_by_half_ends_the_start_in_sentences(tmp_path):
    folder = clinic_folder(tmp_path, "http://localhost:1")
    roles = folder / ".streamlit" / "roles.toml"
    roles.write_text(ROLES.replace('"director"', '"boss"'), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard.py"), "--server.headless", "true",
         "--server.port", str(free_port())], cwd=folder, capture_output=True, text=True, timeout=120,
        env=os.environ | {"HOME": str(folder)})
    assert ran.returncode != 0 and "Traceback" not in ran.stderr + ran.stdout
    assert "Entry 1 of emails: the role is one of" in ran.stderr and "clinic.example" not in ran.stderr


# --- through a real provider -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(provider, clinic):
    """The same dashboard, once its provider answers."""
    if provider == NO_PROVIDER:
        pytest.skip("The OpenID provider of the tests is not installed: pip install oidc-provider-mock.")
    for _ in range(300):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{provider}/.well-known/openid-configuration", timeout=5).close()
            return clinic
        time.sleep(0.1)
    raise AssertionError("The provider did not answer in 30 seconds.")


WITHOUT_ROWS = tuple(one for one in ALL_PAGES if one not in ("courses", "data"))
ROUND_TRIPS = {
    "dora": (ALL_PAGES, RESULTS), "nora": (ALL_PAGES, "22 of 30"), "pia": (WITHOUT_ROWS, RESULTS),
    "vera": ((), "Open the link you were sent"), "otto": ((), "given you a role"),
}


def signs_in(page, server, name):
    """Sign in by the button and the provider's own page."""
    page.goto(server.address)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_url(server.address + "/**")


def test_one_after_another_signs_in_and_out_again_in_one_browser(real, open_page, watch):
    page = open_page()
    # The provider's own pages ask for a style sheet elsewhere.
    page.route("**/*jsdelivr*/**", lambda route: route.fulfill(body="", content_type="text/css"))
    for name, (pages, shown) in ROUND_TRIPS.items():
        signs_in(page, real, name)
        page.get_by_text(shown).first.wait_for(timeout=60_000)
        links = page.locator("[data-testid=stSidebarNavLink]").evaluate_all(
            "all => all.map(one => new URL(one.href).pathname)")
        offered = [path.strip("/") or "overview" for path in links]
        assert [one for one in offered if one in ALL_PAGES] == list(pages), name
        assert shown == RESULTS or page.get_by_text(RESULTS).count() == 0, "of who was there before nothing is left"
        cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
        assert cookies["_streamlit_user"]["httpOnly"]
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/oauth2/end_session**")
        if name == "dora":
            page.context.add_cookies([cookies["_streamlit_user"]])
            page.goto(real.address)
            page.get_by_text("You were signed out").wait_for()
            assert page.get_by_text(RESULTS).count() == 0, "a copied cookie"
    watch.hosts.discard("cdn.jsdelivr.net")
