from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "backup/access_minimal"
NETWORKS = {"backup_networks": ["10.1.", "192.0.2.7", "172.16.4.", "11."]}


def reader(who: str = "backup", store: str = "r", access: str = "read", **more: Any) -> Made:
    return {"id": f"{store}/{who}/{access}", "store_id": store, "principal": who, "access": access, **more}


def listed(who: str = "backup", store: str = "r", **more: Any) -> Made:
    """Asked for by Ada, approved by Bob."""
    said = {
        "id": f"{store}/{who}",
        "store_id": store,
        "principal": who,
        "access": "read",
        "asked_by_id": "E-ada",
        "approved_by_id": "E-bob",
    }
    return {**said, "approved_at": at("2026-01-01"), "until_on": None, **more}


def download(**more: Any) -> Made:
    said = {"id": "1", "store_id": "r", "principal": "ada", "address": "10.1.2.3", "outside": None, "at": at("2026-05-01")}
    return {**said, **more}


def given(*readers: Made, lists: tuple[Made, ...] = (), downloads: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """The store r beside the store s, in which all is in order."""
    return {
        "backups": [{"id": f"{store}{number}", "system_id": "crm", "repository": store} for store in "rs" for number in "12"],
        "store_readers": [reader(), reader("root", "s"), *readers],
        "approved_readers": [listed(), listed("root", "s"), *lists],
        "store_downloads": list(downloads),
        "parameters": NETWORKS,
        **more,
    }


def fault(said: str = "is not on the list", subject: str = "reader/test/r/eve/read", population: int = 5) -> Any:
    return broken(population, [(subject, said)])


EVE = reader("eve")
FROM = "download/test/1"
CASES = {
    "upheld": Case(upheld(4), **given()),
    "not on the list": Case(broken(5, [("reader/test/r/eve/read", "is not on the list")], "eve reads r"), **given(EVE)),
    "on the list": Case(upheld(5), **given(EVE, lists=(listed("eve"),))),
    "on another list": Case(fault(), **given(EVE, lists=(listed("eve", "s"),))),
    "somebody else on the list": Case(fault(), **given(EVE, lists=(listed("ben"),))),
    "may change it": Case(fault(), **given(EVE, lists=(listed("eve", access="change"),))),
    "approved by who asked": Case(fault(), **given(EVE, lists=(listed("eve", approved_by_id="E-ada"),))),
    "until": Case(upheld(5, flips_at=at("2026-06-01")), **given(EVE, lists=(listed("eve", until_on=on("2026-05-31")),))),
    "until today": Case(at_risk(5, flips_at=at("2026-05-05")), **given(EVE, lists=(listed("eve", until_on=on("2026-05-04")),))),
    "until yesterday": Case(fault(), **given(EVE, lists=(listed("eve", until_on=on("2026-05-03")),))),
    "listed twice": Case(
        upheld(5, flips_at=at("2026-06-01")),
        **given(EVE, lists=(listed("eve", until_on=on("2026-05-31")), listed("eve", id="2", until_on=on("2026-05-04")))),
    ),
    "changes it alone": Case(upheld(4), **given(reader("eve", access="change"))),
    "of no backups": Case(upheld(4), **given(reader("eve", "wiki"))),
    "a long list": Case(fault("6 are on its list", "store/r", 4), **given(lists=tuple(listed(f"u{number}") for number in range(5)))),
    "just not too long": Case(upheld(4), **given(lists=tuple(listed(f"u{number}") for number in range(4)))),
    "a long list of who may change": Case(upheld(4), **given(lists=tuple(listed(f"u{number}", access="change") for number in range(6)))),
    "readers not told": Case(
        unproven("r (who can read it is not told)", 3), **{**given(), "store_readers": [reader("root", "s"), reader(access="change")]}
    ),
    "nobody listed": Case(
        broken(4, [("reader/test/r/backup/read", "is not on the list")]), **{**given(), "approved_readers": [listed("root", "s")]}
    ),
    "downloaded from within": Case(upheld(5), **given(downloads=(download(),))),
    "from one address": Case(upheld(5), **given(downloads=(download(address="192.0.2.7"),))),
    "from a network": Case(upheld(5), **given(downloads=(download(address="172.16.4.200"),))),
    "from a large network": Case(upheld(5), **given(downloads=(download(address="11.9.9.9"),))),
    "from outside": Case(
        broken(5, [(FROM, "from outside: 192.0.2.70")], "ada from r, 2026-05-01"), **given(downloads=(download(address="192.0.2.70"),))
    ),
    "said to be from outside": Case(fault("from outside: 10.1.2.3", FROM), **given(downloads=(download(outside=True),))),
    "said to be from within": Case(upheld(5), **given(downloads=(download(outside=False, address="192.0.2.70"),))),
    "from where is unknown": Case(unproven("from where is unknown", 5), **given(downloads=(download(address=None),))),
    "from outside, by nobody known": Case(
        broken(5, [(FROM, "from outside")], "somebody from r ("),
        **given(downloads=(download(address=None, outside=True, principal=None, at=None),)),
    ),
    "from another store": Case(upheld(4), **given(downloads=(download(outside=True, store_id="wiki"),))),
    "left the log": Case(
        fault("from outside: 10.1.2.3", FROM),
        **given(
            history={
                "store_downloads": [
                    {**download(outside=True), "seen_from_at": at("2026-05-01"), "seen_until_at": at("2026-05-03"), "ended": "vanished"}
                ]
            }
        ),
    ),
    "told otherwise later": Case(
        upheld(5),
        **given(
            downloads=(download(),),
            history={
                "store_downloads": [
                    {**download(outside=True), "seen_from_at": at("2026-05-01"), "seen_until_at": at("2026-05-03"), "ended": "changed"}
                ]
            },
        ),
    ),
    "no backup": Case(unproven("0 of 0"), backups=[], store_readers=[], approved_readers=[], store_downloads=[]),
    "stale": Case(unproven("stale"), stale=["store_readers"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
