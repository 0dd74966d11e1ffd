import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, account, at, on, service
from tests.mutants import survivors

MEASURE = "compliance/seats_within_licence"


def licence(number: str = "1", seats: int | None = 2, **more: object) -> Made:
    return {
        "id": number,
        "product_id": "cad",
        "title": "CAD",
        "counted": "hosts",
        "seats": seats,
        "packages": ["cad", "cad-bin"],
        "from_on": on("2020-01-01"),
        **more,
    }


def users(number: str = "1", seats: int | None = 1, **more: object) -> Made:
    return licence(number, seats, **{"counted": "users", "packages": [], "system_id": "crm", **more})


def installed(host: str, name: str = "cad", **more: object) -> Made:
    return {"id": f"{host}/{name}", "system_id": host, "manager": "dpkg", "name": name, **more}


def given(*licences: Made, packages: list[Made] | None = None, accounts: list[Made] | None = None) -> dict:
    both = [installed("a"), installed("a", "cad-bin"), installed("b"), installed("c", "vim")]
    return {
        "licences": list(licences),
        "packages": both if packages is None else packages,
        "accounts": [] if accounts is None else accounts,
    }


def failing(why: str, counted: str = "hosts") -> object:
    return broken(1, [(f"test/cad/{counted}", why)])


CASES = {
    "upheld": Case(upheld(1), **given(licence())),
    "one too many": Case(failing("2 hosts, but licences in force cover 1"), **given(licence(seats=1))),
    "they add up": Case(upheld(1), **given(licence(seats=1), licence("2", 1))),
    "without a limit": Case(upheld(1), **given(licence(seats=1), licence("2", None))),
    "an old one without a limit": Case(
        failing("2 hosts, but licences in force cover 1"), **given(licence(seats=1), licence("2", None, until_on=on("2026-05-03")))
    ),
    "over": Case(failing("2 hosts, but licences in force cover 0"), **given(licence(until_on=on("2026-05-03")))),
    "last day": Case(at_risk(1, flips_at=at("2026-05-05")), **given(licence(until_on=on("2026-05-04")))),
    "one ends after the other": Case(
        at_risk(1, flips_at=at("2026-05-05")),
        **given(licence(until_on=on("2026-05-04")), licence("2", until_on=on("2027-05-04")), licence("0", until_on=on("2025-01-01"))),
    ),
    "ends, but nobody uses it": Case(upheld(1), **given(licence(until_on=on("2026-05-04")), packages=[])),
    "not yet": Case(failing("2 hosts, but licences in force cover 0"), **given(licence(from_on=on("2026-05-05")))),
    "first day": Case(upheld(1), **given(licence(from_on=on("2026-05-04")))),
    "nobody uses it": Case(upheld(1), **given(licence(seats=0), packages=[])),
    "users": Case(
        upheld(1),
        **given(users(), accounts=[account("ada"), account("bob", enabled=False), service("ci"), account("eve", system_id="wiki")]),
    ),
    "a user too many": Case(
        failing("2 users, but licences in force cover 1", "users"), **given(users(), accounts=[account("ada"), account("bob")])
    ),
    "a user who may be disabled": Case(
        unproven("1 of 1 users, and 1 that may count", 1),
        **given(users(), accounts=[account("ada"), account("bob", enabled=None)]),
    ),
    "may be a person's": Case(
        unproven("1 of 1 users, and 1 that may count", 1), **given(users(), accounts=[account("ada"), account("bob", kind=None)])
    ),
    "enough for all that may count": Case(upheld(1), **given(users(seats=2), accounts=[account("ada"), account("bob", kind=None)])),
    "hosts have no users": Case(upheld(1), **given(licence(system_id="crm"), accounts=[account("ada"), account("bob"), account("eve")])),
    "users are on no hosts": Case(upheld(1), **given(users(packages=["cad"]), accounts=[account("ada")])),
    "both": Case(upheld(2), **given(users(), licence("2"), accounts=[account("ada")])),
    "another product": Case(upheld(2), **given(licence(), licence("2", 0, product_id="erp", packages=["erp"]))),
    "another register's": Case(
        broken(2, [("x/cad/hosts", "2 hosts, but licences in force cover 1")]), **given(licence(), licence("2", 1, source="x"))
    ),
    "no licence": Case(unproven("in scope"), **given()),
    "stale": Case(unproven("stale"), stale=["packages"], **given(licence())),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
