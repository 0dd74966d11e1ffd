"""Every address of the urlconf, as everybody: one that nobody classified answers nobody, and fails here."""

import re
from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from tests.world import account, browser, person, world

from upheld import urls
from upheld.accounts.role import Role, Verb, right
from upheld.web.access import ADDRESSES, Asks, Open, access_of

EXAMPLES = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000", "str": "x", "slug": "x", "path": "x"}
REAL = {
    "document": "/documents/iso/",
    "promise": "/promises/iso:4.1.4/",
    "measure": "/measures/authorization/leavers_removed/",
    "table": "/evidence/tables/accounts/",
}


def addresses() -> list[tuple[str, str]]:
    """Every address as (name, an example of it): real ones where a page needs something that exists."""
    return sorted((name, REAL.get(name, "/" + example)) for name, example in walk(get_resolver().url_patterns, "", ""))


def walk(patterns: list[URLPattern | URLResolver], names: str, path: str) -> Iterator[tuple[str, str]]:
    for each in patterns:
        here = path + re.sub(r"<(?:(\w+):)?\w+>", lambda found: EXAMPLES[found[1] or "str"], str(each.pattern))
        if isinstance(each, URLResolver):
            yield from walk(each.url_patterns, f"{names}{each.namespace}:" if each.namespace else names, here)
        else:
            yield f"{names}{each.name}", here


# These come with extras, and say that they are not there while they are not.
ABSENT = {name for name, needs in {"saml_*": "onelogin", "scim": "scim2_server"}.items() if find_spec(needs) is None}
ALL = [(name, path) for name, path in addresses() if name not in ABSENT]


@pytest.mark.parametrize("name", sorted({name for name, _ in ALL}))
def test_every_address_is_classified(name):
    assert access_of(name) is not None, f"say in web/access.py who may ask for {name}"


def test_what_is_classified_exists():
    names = {name for name, _ in ALL}
    for known in ADDRESSES.keys() - ABSENT:
        assert any(name == known or (known.endswith("*") and name.startswith(known[:-1])) for name in names), known


def test_a_right_that_is_asked_for_is_in_the_table():
    for access in ADDRESSES.values():
        if isinstance(access, Asks):
            assert right(access.verb, access.thing)


def test_nobody_is_shown_more_than_the_way_in(ledger):
    world()
    stranger = browser(None)
    for name, path in ALL:
        answer = stranger.get(path)
        if access_of(name) is Open.ANYONE:
            assert answer.status_code in (200, 302, 401, 404, 405), (name, answer.status_code)
        elif path.startswith("/api/"):
            assert answer.status_code == 401, (name, answer.status_code)
        else:
            assert (answer.status_code, answer.headers.get("Location", "").partition("?")[0]) == (302, "/sign-in/"), name
        assert b"Alice" not in answer.content and b"alice@" not in answer.content, name


def test_somebody_without_a_role_sees_nothing_but_their_own_account(ledger):
    charlie = browser(world().charlie)
    for name, path in ALL:
        answer = charlie.get(path)
        if isinstance(access_of(name), Asks):
            assert answer.status_code in (401, 403), (name, answer.status_code)
        else:
            assert answer.status_code in (200, 302, 401, 403, 404, 405), (name, answer.status_code)
        assert b"alice@" not in answer.content, name


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SECURITY_LEAD, Role.DPO, Role.MANAGER, Role.OWNER, Role.EMPLOYEE, Role.AUDITOR])
def test_each_role_is_answered_where_the_table_says_so_and_nowhere_else(ledger, role):
    somebody = account("somebody", role)
    here, rights = browser(somebody), person(somebody)
    for name, path in ALL:
        access = access_of(name)
        answer = here.get(path)
        assert answer.status_code < 500, (name, answer.status_code)
        if isinstance(access, Asks) and not access.lets(rights):
            assert answer.status_code == 403, (name, answer.status_code)
        elif isinstance(access, Asks) and access.verb is Verb.SEE:
            assert answer.status_code != 403 or name == "population-csv", (name, answer.status_code)


def test_an_address_that_nobody_classified_answers_nobody(ledger, monkeypatch):
    dana = browser(world().dana)
    assert dana.get("/ledger/").status_code == 200
    monkeypatch.delitem(ADDRESSES, "ledger")
    assert dana.get("/ledger/").status_code == 404


def test_whoever_lacks_the_second_factor_sets_it_up_and_sees_nothing_else(ledger):
    dana = browser(world().dana, second_factor=False)
    for name, path in ALL:
        answer = dana.get(path)
        if access_of(name) not in (Open.ANYONE, Open.SETTING_UP):
            assert (answer.status_code, answer.headers["Location"]) == (302, "/account/second-factor/"), name
    assert b"Ledger" not in dana.get("/account/second-factor/").content


def test_auditors_need_no_second_factor_unless_the_company_says_so(ledger):
    bob = world().bob
    assert browser(bob, second_factor=False).get("/ledger/").status_code == 200
    (ledger.root / "sign-in.toml").write_text('second_factor = "everybody"\n')
    assert browser(bob, second_factor=False).get("/ledger/").headers["Location"] == "/account/second-factor/"


def test_the_urlconf_is_the_one_that_is_served():
    assert get_resolver().url_patterns is urls.urlpatterns
