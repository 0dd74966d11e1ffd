import pytest
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.compliance.made import audit, body, external
from tests.measures.made import Made, at, on
from tests.mutants import survivors

MEASURE = "compliance/external_audit_yearly"
YEARS = ["2023-09-01", "2024-08-20", "2025-08-15"]


def given(*ended: str | None, bodies: list[Made] | None = None, **more: object) -> dict:
    audits = [external(f"a{number}", day, **more) for number, day in enumerate(ended)]
    return {
        "audits": [audit("own", ended_on=on("2026-05-01"), certifies=True), *audits],
        "audit_bodies": [body(), body("club")] if bodies is None else bodies,
    }


CASES = {
    "upheld": Case(upheld(8, flips_at=at("2026-08-15")), **given(*YEARS)),
    "to the day": Case(upheld(10), **given("2023-09-01", "2024-05-01", "2025-05-01", "2026-04-30")),
    "one is missing": Case(broken(6, [("test/a0", "no external audit until 2025-08-15")]), **given("2023-09-01", "2025-08-15")),
    "the last is missing": Case(broken(6, [("test/a1", "no external audit since")]), **given("2023-09-01", "2024-08-20")),
    "the first is missing": Case(broken(6, [("beginning", "no external audit until 2024-08-20")]), **given("2024-08-20", "2025-08-15")),
    "one is under way": Case(upheld(8), **given(*YEARS, None)),
    "before the time": Case(upheld(8), **given("2023-05-04", *YEARS)),
    "soon": Case(at_risk(8, flips_at=at("2026-05-20")), **given("2023-09-01", "2024-08-20", "2025-05-20")),
    "no certification": Case(
        broken(8, [("certification", "no audit for certification has ended")]),
        **given(*YEARS, certifies=False) | {"audits": [external(f"a{n}", d, certifies=False) for n, d in enumerate(YEARS)]},
    ),
    "not independent": Case(
        broken(8, [("test/a0/body", "it advised us on what it audited, too short a time before")]),
        **given(*YEARS, bodies=[body(advised_until_on=on("2021-09-02"))]),
    ),
    "independent again": Case(upheld(8), **given(*YEARS, bodies=[body(advised_until_on=on("2021-09-01"))])),
    "independence unknown": Case(
        unproven("nobody looked whether it is independent", 8), **given(*YEARS, bodies=[body(independence_checked_on=None)])
    ),
    "another register's body": Case(unproven("nobody looked", 8), **given(*YEARS, bodies=[body(source="x")])),
    "none at all": Case(broken(2), audits=[], audit_bodies=[]),
    "stale": Case(unproven("stale"), stale=["audits"], **given(*YEARS)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
