import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.handled import incident
from tests.mutants import survivors

MEASURE = "incidents/record_complete"

CASES = {
    "upheld": Case(upheld(1), incidents=[incident(1), incident(2, closed_at=None, has_consequences=False)]),
    "without consequences": Case(
        broken(2, [("test/2", "does not say what it did")], "Incident 2"), incidents=[incident(1), incident(2, has_consequences=False)]
    ),
    "without anything": Case(
        broken(2, [("test/2", "does not say when it happened, what it did, what keeps it from coming again")]),
        incidents=[incident(1), incident(2, happened_at=None, has_consequences=False, has_measures=False)],
    ),
    "without measures, and the rest unknown": Case(
        broken(1, [("test/2", "does not say what keeps it from coming again")]),
        incidents=[incident(2, has_consequences=None, has_measures=False)],
    ),
    "unknown consequences": Case(unproven("whether its record is complete is unknown", 1), incidents=[incident(1, has_consequences=None)]),
    "unknown measures": Case(unproven("whether its record is complete is unknown", 1), incidents=[incident(1, has_measures=None)]),
    "nothing closed": Case(upheld(0), incidents=[]),
    "stale": Case(unproven("stale"), stale=["incidents"], incidents=[incident(1)]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
