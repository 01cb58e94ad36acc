"""The roles file: who gets which role, and every mistake that closes the door."""

from __future__ import annotations

import pytest

from analytics.access import Grant, RolesError, RolesFile, roles_of

FILE = '''
[emails]
"anna@clinic.example" = "director"
"Ben@Clinic.example" = {role = "analyst", sites = ["North", " East "]}

[claims.groups]
"outcomes presenters" = "presenter"
"outcomes north" = {role = "analyst", sites = ["North"]}

[claims."https://clinic.example/department"]
board = "viewer"

[domains]
"clinic.example" = "viewer"
'''


def said(email=None, is_verified=True, **more):
    return {"email": email, "email_verified": is_verified, **more}


def role(claims, text=FILE):
    found = roles_of(text).grant(claims)
    return None if found is None else found.role


def test_an_email_a_claim_and_a_domain_give_roles():
    assert role(said("anna@clinic.example")) == "director"
    assert role({"groups": ["x", "outcomes presenters"]}) == "presenter"
    assert role({"groups": "outcomes presenters"}) == "presenter"
    assert role({"https://clinic.example/department": "board"}) == "viewer"
    assert role(said("carl@clinic.example")) == "viewer"


def test_sites_come_with_the_role():
    assert roles_of(FILE).grant(said("ben@clinic.example")) == Grant("analyst", frozenset({"North", "East"}))
    assert roles_of(FILE).grant(said("anna@clinic.example")).sites is None


def test_the_most_specific_wins():
    groups = {"groups": ["outcomes presenters"]}
    assert role(said("anna@clinic.example", **groups)) == "director", "an e-mail over a claim"
    assert role(said("carl@clinic.example", **groups)) == "presenter", "a claim over a domain"


def test_of_two_claims_the_one_written_first_wins():
    both = {"groups": ["outcomes north", "outcomes presenters"]}
    assert role(both) == "presenter"
    other = FILE.replace("outcomes presenters", "x").replace("outcomes north", "outcomes presenters")
    assert role(both, other.replace('"x"', '"outcomes north"')) == "presenter"
    assert roles_of(other.replace('"x"', '"outcomes north"')).grant(both).sites is None


@pytest.mark.parametrize("email", ["ANNA@clinic.example", "anna@CLINIC.EXAMPLE", "Anna@Clinic.Example"])
def test_capitals_of_an_email_do_not_count(email):
    assert role(said(email)) == "director"


@pytest.mark.parametrize("verified", [False, None, "false", "yes", 1, 0, "True", []])
def test_an_email_that_is_not_verified_counts_for_nothing(verified):
    assert role(said("anna@clinic.example", verified)) is None
    assert role({"email": "anna@clinic.example"}) is None


def test_verified_may_be_a_word():
    assert role(said("anna@clinic.example", "true")) == "director"


@pytest.mark.parametrize("email", [
    "carl@evil-clinic.example", "carl@clinic.example.evil.example", "carl@north.clinic.example", "clinic.example",
    "@clinic.example", "carl@evil.example@clinic.example", '"anna@clinic.example"@evil.example', "carl@clinic.example.",
    "carl@clinic.example ", "carl@clinicxexample", "carl@", "", None, 5, ["anna@clinic.example"],
    "anna@clinic.example\u200b", "anna@\u212alinic.example", "anna@clin\u0131c.example", "carl@cliniс.example",
])
def test_what_only_looks_like_a_known_address_gives_nothing(email):
    assert role(said(email)) is None


def test_letters_that_fold_to_ascii_are_other_letters():
    text = '[emails]\n"k@clinic.example" = "director"'
    assert role(said("K@clinic.example"), text) == "director"
    assert role(said("\u212a@clinic.example"), text) is None, "the Kelvin sign, whose small letter is k"


@pytest.mark.parametrize("value", ["Outcomes Presenters", "outcomes presenters ", 5, True, None, {"a": 1}, [["x"]]])
def test_a_claim_fits_to_the_letter(value):
    assert role({"groups": value}) is None


def test_nobody_else_has_access():
    assert role({}) is None and role(said("dora@elsewhere.example")) is None


@pytest.mark.parametrize(("text", "word"), [
    ("", "names nobody"), ("[emails]", "names nobody"), ("[emails", "not TOML"), ("x = 1", "none of"),
    ('[email]\n"a@b.example" = "director"', "none of"),
    ('emails = "director"', "emails is a table"), ("claims = 1", "table of tables"),
    ("claims.groups = 1", "is a table"),
    ('[emails]\n"a@b.example" = "boss"', "Entry 1 of emails: the role is one of"),
    ('[emails]\n"a@b.example" = 1', "Entry 1 of emails: write"),
    ('[emails]\n"a@b.example" = {sites = ["N"]}', "the role is one of"),
    ('[emails]\n"a@b.example" = {role = "analyst", site = ["N"]}', "write"),
    ('[emails]\n"a@b.example" = {role = "analyst", sites = []}', "one name or more"),
    ('[emails]\n"a@b.example" = {role = "analyst", sites = "N"}', "one name or more"),
    ('[emails]\n"a@b.example" = {role = "analyst", sites = [" "]}', "one name or more"),
    ('[emails]\n"a@b.example" = {role = "analyst", sites = [1]}', "one name or more"),
    ('[emails]\n"ab.example" = "viewer"', "not an e-mail"), ('[emails]\n"a@b@c.example" = "viewer"', "not an e-mail"),
    ('[emails]\n"a@" = "viewer"', "not an e-mail"), ('[emails]\n"*@b.example " = "viewer"', "not an e-mail"),
    ('[emails]\n"a@b.example" = "viewer"\n"A@B.example" = "director"', "twice"),
    ('[domains]\n"b.example" = "viewer"\n"B.example" = "director"', "twice"),
    ('[domains]\n"@b.example" = "viewer"', "not a domain"), ('[domains]\n"*.b.example" = "viewer"', "not a domain"),
    ('[domains]\nexample = "viewer"', "not a domain"), ('[domains]\n"a@b.example" = "viewer"', "not a domain"),
    ('[domains]\n"Gmail.com" = "viewer"', "anybody can have"),
    ('[claims.name]\nanna = "director"', "can write it themselves"),
    ('[claims.email]\n"a@b.example" = "director"', "belong in the part emails"),
    ('[claims.preferred_username]\nanna = "director"', "can write it themselves"),
])
def test_a_mistake_is_a_sentence_and_gives_nobody_access(text, word):
    with pytest.raises(RolesError, match=word) as raised:
        roles_of(text)
    assert "a@b" not in str(raised.value).lower() and "anna" not in str(raised.value)


def test_one_mistake_takes_the_others_entries_along():
    with pytest.raises(RolesError):
        roles_of(FILE + '"other.example" = "boss"\n')


def test_every_mistake_is_told_at_once():
    with pytest.raises(RolesError, match=r"Entry 2 of emails.*Entry 1 of domains"):
        roles_of('[emails]\n"a@b.example" = "viewer"\n"c@d.example" = "x"\n[domains]\n"y" = "viewer"')


def test_the_file_is_looked_at_anew(tmp_path):
    path = tmp_path / "roles.toml"
    file = RolesFile(path)
    with pytest.raises(RolesError, match="not there"):
        file.roles()
    path.write_text(FILE, encoding="utf-8")
    assert file.roles().grant(said("anna@clinic.example")).role == "director"
    assert file.roles() is file.roles(), "not read twice"
    path.write_text(FILE.replace("anna", "vera"), encoding="utf-8")
    assert file.roles().grant(said("anna@clinic.example")).role == "viewer", "by the domain alone"
    path.write_text("[emails", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(RolesError, match="not TOML"):
            file.roles()
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(RolesError, match="UTF-8"):
        file.roles()
    path.unlink()
    with pytest.raises(RolesError, match="not there"):
        file.roles()


@pytest.mark.parametrize("name", ["iss", "aud", "azp", "acr", "provider", "is_logged_in", "ISS"])
def test_no_role_hangs_on_what_is_said_of_everybody(name):
    with pytest.raises(RolesError, match="tells nobody from anybody"):
        roles_of(f'[claims.{name}]\n"https://id.example" = "director"\n')


@pytest.mark.parametrize("name", ["Name", "NICKNAME", "Email", "email_Verified"])
def test_capital_letters_make_no_other_claim(name):
    with pytest.raises(RolesError):
        roles_of(f'[claims.{name}]\n"x" = "director"\n')


@pytest.mark.parametrize("value", ["", " "])
def test_a_claim_without_a_value_gives_nothing(value):
    with pytest.raises(RolesError, match="without a value"):
        roles_of(f'[claims.groups]\n"{value}" = "director"\n')


@pytest.mark.parametrize("domain", [".clinic.example", "clinic.example.", "clínic.example", "clinic..example", "."])
def test_a_domain_that_could_never_fit_is_a_mistake(domain):
    with pytest.raises(RolesError, match="is not a domain"):
        roles_of(f'[domains]\n"{domain}" = "viewer"\n')


def test_nesting_without_end_is_a_mistake_and_no_failure():
    with pytest.raises(RolesError, match="nested too deeply"):
        roles_of("a = " + "[" * 5000)


def test_a_mark_at_the_start_of_the_file_is_none_of_its_words(tmp_path):
    path = tmp_path / "roles.toml"
    path.write_text('[emails]\n"a@clinic.example" = "viewer"\n', encoding="utf-8-sig")
    assert set(RolesFile(path).roles().emails) == {"a@clinic.example"}


@pytest.mark.parametrize("email", ["evil.example,x@clinic.example", "x\0@clinic.example", "<x>@clinic.example",
                                   "x\u202e@clinic.example", '"x"@clinic.example', "x y@clinic.example"])
def test_an_address_that_is_several_or_hides_something_counts_for_nothing(email):
    roles = roles_of('[domains]\n"clinic.example" = "viewer"\n')
    assert roles.grant({"email": email, "email_verified": True}) is None
    assert roles.grant({"email": "x.y+z'o@clinic.example", "email_verified": True}).role == "viewer"
