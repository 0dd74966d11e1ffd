"""The coverage page: what promises rest on at their weakest, and systems that nothing tells of."""

from dataclasses import replace

import pytest
from tests.web.conftest import MEASURE
from tests.world import account, browser

from upheld.accounts.role import Role
from upheld.checks import library
from upheld.checks.measure import Kind
from upheld.checks.verdict import Outcome, State
from upheld.sources import configured
from upheld.sources.collecting import collect
from upheld.verdicts.standing import documents
from upheld.web.coverage import rests_on

PASS = Outcome("a", "a", True, "passes")


def promise(judged, state):
    judged(state, PASS)
    found = next(each for document in documents() for each in document.promises if any(one.id == MEASURE for one in each.measures))
    return replace(found, measures=tuple(each for each in found.measures if each.id == MEASURE))


@pytest.mark.parametrize(
    ("state", "kind", "expected"),
    [
        (State.UPHELD, "ldap", "tested"),
        (State.BROKEN, "ldap", "tested"),
        (State.UPHELD, "registers", "recorded"),
        (State.UNPROVEN, "ldap", "unproven"),
    ],
)
def test_a_promise_rests_on_its_weakest(judged, state, kind, expected):
    assert rests_on(promise(judged, state), library.shipped(), {"directory": kind}) == expected


def test_what_somebody_vouches_for_is_attested(judged):
    attested = {MEASURE: replace(library.shipped()[MEASURE], kind=Kind.ATTESTED)}
    assert rests_on(promise(judged, State.UPHELD), attested, {"directory": "ldap"}) == "attested"


def test_a_promise_with_a_measure_never_judged_is_unproven(judged):
    found = promise(judged, State.UPHELD)
    never = replace(found.measures[0], id="other/one", verdict=None)
    assert rests_on(replace(found, measures=(*found.measures, never)), library.shipped(), {"directory": "ldap"}) == "unproven"


def test_systems_that_nothing_tells_of_come_first(ledger, tmp_path):
    lists = {"systems": "id,name\ncrm,Customers\nerp,Orders\n", "accounts": "id,system_id,user_name\n1,crm,ada\n"}
    for table, text in lists.items():
        (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
        configured.add(table, "list", {"table": table, "file": str(tmp_path / f"{table}.csv")})
        collect(configured.named(table))
    page = browser(account("lea", Role.SECURITY_LEAD)).get("/coverage/").content.decode()
    assert "Of 2 systems that are listed, no source tells anything of 1." in page
    assert page.index("Orders") < page.index("Customers")
    assert "Customers" not in browser(account("olga", Role.OWNER)).get("/coverage/").content.decode()
