from typing import Any

import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "backup/records_kept"


def record(id: str = "1", until: str | None = "2030-12-31", **more: Any) -> Made:
    said = {"id": id, "class_id": "invoices", "title": f"Invoices {id}", "keep_until_on": on(until) if until else None}
    return {**said, "destroyed_at": None, **more}


def hold(since: str = "2026-01-01", until: str | None = None, **more: Any) -> Made:
    said = {"id": f"{since}{until}", "class_id": "invoices", "from_at": at(since), "until_at": at(until) if until else None}
    return {**said, **more}


def given(*records: Made, holds: tuple[Made, ...] = ()) -> dict[str, list[Made]]:
    """Beside a case, of another class, which a hold keeps."""
    case = record("0", "2020-12-31", class_id="cases")
    return {"filed_records": [case, *(records or (record(),))], "record_holds": [hold(id="0", class_id="cases"), *holds]}


def gone(day: str, until: str | None = "2025-12-31", **more: Any) -> Made:
    return record(until=until, destroyed_at=at(day), **more)


def fault(said: str) -> Any:
    return broken(2, [("test/1", said)], "Invoices 1, invoices")


CASES = {
    "upheld": Case(upheld(2, flips_at=at("2031-04-01")), **given()),
    "destroyed after its time": Case(upheld(2), **given(gone("2026-02-01"))),
    "destroyed on its last day": Case(fault("destroyed on 2025-12-31, to be kept until 2025-12-31"), **given(gone("2025-12-31 23:00"))),
    "destroyed too early": Case(fault("destroyed on 2025-06-01, to be kept until 2025-12-31"), **given(gone("2025-06-01"))),
    "destroyed under a hold": Case(fault("destroyed on 2026-02-01, under a hold"), **given(gone("2026-02-01"), holds=(hold(),))),
    "destroyed under a hold that ended": Case(
        fault("destroyed on 2026-02-01, under a hold"), **given(gone("2026-02-01"), holds=(hold(until="2026-03-01"),))
    ),
    "destroyed under one of two": Case(
        fault("destroyed on 2026-02-01, under a hold"),
        **given(gone("2026-02-01"), holds=(hold(until="2026-03-01"), hold("2025-01-01", "2025-02-01"))),
    ),
    "destroyed before a hold": Case(upheld(2), **given(gone("2026-02-01"), holds=(hold("2026-03-01"),))),
    "destroyed as a hold began": Case(
        fault("destroyed on 2026-02-01, under a hold"), **given(gone("2026-02-01"), holds=(hold("2026-02-01"),))
    ),
    "destroyed after a hold": Case(upheld(2), **given(gone("2026-02-01"), holds=(hold(until="2026-02-01"),))),
    "a hold on another class": Case(upheld(2), **given(gone("2026-02-01"), holds=(hold(class_id="letters"),))),
    "a hold in another source": Case(upheld(2), **given(gone("2026-02-01"), holds=(hold(source="other"),))),
    "kept too long": Case(fault("was to be destroyed after 2025-12-31"), **given(record(until="2025-12-31"))),
    "kept, to be destroyed soon": Case(at_risk(2, flips_at=at("2026-05-05")), **given(record(until="2026-02-03"))),
    "kept under a hold": Case(upheld(2), **given(record(until="2025-12-31"), holds=(hold(),))),
    "kept since a hold": Case(upheld(2, flips_at=at("2026-07-30")), **given(record(until="2025-12-31"), holds=(hold(until="2026-05-01"),))),
    "kept too long since a hold": Case(
        fault("was to be destroyed after 2025-12-31"), **given(record(until="2025-12-31"), holds=(hold(until="2026-01-15"),))
    ),
    "kept under one of two holds": Case(
        upheld(2), **given(record(until="2024-12-31"), holds=(hold(until="2026-01-15"), hold("2026-01-10")))
    ),
    "until when is unknown": Case(unproven("until when it must be kept is unknown", 2), **given(record(until=None))),
    "until when is unknown, destroyed under a hold": Case(
        fault("destroyed on 2026-02-01, under a hold"), **given(gone("2026-02-01", None), holds=(hold(),))
    ),
    "none": Case(unproven("0 of 0"), filed_records=[], record_holds=[]),
    "stale": Case(unproven("stale"), stale=["filed_records"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
