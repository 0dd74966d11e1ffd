from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "backup/records_access_minimal"


def reader(who: str = "clerk", store: str = "archive", access: str = "read", **more: Any) -> Made:
    return {"id": f"{store}/{who}/{access}", "store_id": store, "principal": who, "access": access, **more}


def listed(who: str = "clerk", store: str = "archive", access: str = "read", **more: Any) -> Made:
    said = {"id": f"{store}/{who}/{access}", "store_id": store, "principal": who, "access": access, "asked_by_id": "E-ada"}
    return {**said, "approved_by_id": "E-bob", "approved_at": at("2026-01-01"), "until_on": None, **more}


def given_out(**more: Any) -> Made:
    said = {"id": "1", "store_id": "archive", "principal": "clerk", "address": None, "outside": True, "at": at("2026-05-01 12:00")}
    return {**said, **more}


def release(of: str = "invoices", **more: Any) -> Made:
    said = {"id": f"{of}{more}", "class_id": of, "recipient": "the tax office", "asked_by_id": "E-ada", "authorised_by_id": "E-bob"}
    return {**said, "authorised_at": at("2026-04-30"), "until_on": on("2026-05-31"), **more}


def given(
    *readers: Made, lists: tuple[Made, ...] = (), out: tuple[Made, ...] = (), releases: tuple[Made, ...] = (), **more: Any
) -> dict[str, Any]:
    """Invoices in the archive, beside cases in a cabinet, whose release is authorised."""
    return {
        "record_classes": [
            {"id": "cases", "title": "Cases", "store_id": "cabinet"},
            {"id": "invoices", "title": "Invoices", "store_id": "archive"},
        ],
        "store_readers": [reader(), reader("judge", "cabinet"), *readers],
        "approved_readers": [listed(), listed("judge", "cabinet"), *lists],
        "store_downloads": list(out),
        "release_authorisations": [release("cases"), *releases],
        **more,
    }


def fault(said: str = "is not on the list", subject: str = "reader/test/archive/eve/read") -> Any:
    return broken(5, [(subject, said)])


EVE, OUT = reader("eve"), "release/test/1"
NOBODY = "given outside, and nobody had authorised it"
CASES = {
    "upheld": Case(upheld(4), **given()),
    "not on the list": Case(broken(5, [("reader/test/archive/eve/read", "is not on the list")], "eve may read Invoices"), **given(EVE)),
    "on the list": Case(upheld(5), **given(EVE, lists=(listed("eve"),))),
    "on another list": Case(fault(), **given(EVE, lists=(listed("eve", "cabinet"),))),
    "may do something else": Case(fault(), **given(EVE, lists=(listed("eve", access="change"),))),
    "approved by who asked": Case(fault(), **given(EVE, lists=(listed("eve", approved_by_id="E-ada"),))),
    "until": Case(upheld(5, flips_at=at("2026-06-01")), **given(EVE, lists=(listed("eve", until_on=on("2026-05-31")),))),
    "until today": Case(at_risk(5, flips_at=at("2026-05-05")), **given(EVE, lists=(listed("eve", until_on=on("2026-05-04")),))),
    "until yesterday": Case(fault(), **given(EVE, lists=(listed("eve", until_on=on("2026-05-03")),))),
    "of no records": Case(upheld(4), **given(reader("eve", "share"))),
    "readers not told": Case(
        unproven("Invoices (who can read it is not told)", 3), **{**given(), "store_readers": [reader("judge", "cabinet")]}
    ),
    "given outside": Case(broken(5, [(OUT, NOBODY)], "Invoices, 2026-05-01"), **given(out=(given_out(),))),
    "given outside, authorised": Case(upheld(5), **given(out=(given_out(),), releases=(release(),))),
    "given outside, of another class": Case(upheld(5), **given(out=(given_out(store_id="cabinet"),))),
    "authorised by who asked": Case(fault(NOBODY, OUT), **given(out=(given_out(),), releases=(release(authorised_by_id="E-ada"),))),
    "authorised afterwards": Case(
        fault(NOBODY, OUT), **given(out=(given_out(),), releases=(release(authorised_at=at("2026-05-01 13:00")),))
    ),
    "authorised just then": Case(upheld(5), **given(out=(given_out(),), releases=(release(authorised_at=at("2026-05-01 12:00")),))),
    "authorised until the day before": Case(
        fault(NOBODY, OUT), **given(out=(given_out(),), releases=(release(until_on=on("2026-04-30")),))
    ),
    "authorised until that day": Case(upheld(5), **given(out=(given_out(),), releases=(release(until_on=on("2026-05-01")),))),
    "perhaps outside": Case(unproven("or whether it went outside, is unknown", 5), **given(out=(given_out(outside=None),))),
    "perhaps outside, authorised": Case(upheld(5), **given(out=(given_out(outside=None),), releases=(release(),))),
    "nobody knows when": Case(
        unproven("or whether it went outside, is unknown", 5), **given(out=(given_out(at=None),), releases=(release(),))
    ),
    "read within": Case(upheld(4), **given(out=(given_out(outside=False),))),
    "out of another store": Case(upheld(4), **given(out=(given_out(store_id="share"),))),
    "left the log": Case(
        fault(NOBODY, OUT),
        **given(
            history={
                "store_downloads": [
                    {**given_out(), "seen_from_at": at("2026-05-01"), "seen_until_at": at("2026-05-03"), "ended": "vanished"}
                ]
            }
        ),
    ),
    "told otherwise later": Case(
        upheld(4),
        **given(
            out=(given_out(outside=False),),
            history={
                "store_downloads": [
                    {**given_out(), "seen_from_at": at("2026-05-01"), "seen_until_at": at("2026-05-03"), "ended": "changed"}
                ]
            },
        ),
    ),
    "no class": Case(
        unproven("0 of 0"), record_classes=[], store_readers=[], approved_readers=[], store_downloads=[], release_authorisations=[]
    ),
    "stale": Case(unproven("stale"), stale=["store_readers"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
