from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made
from tests.mutants import survivors

MEASURE = "assets/labelled"


def document(number: int, store: str = "share", **more: Any) -> Made:
    return {"id": str(number), "store_id": store, "path": f"{number}.docx", "label": "confidential", "readable": True, **more}


def given(*documents: Made) -> dict[str, Any]:
    """A share whose documents are confidential, and one that says nothing."""
    stores = [{"id": "share", "label": "confidential"}, {"id": "wiki", "label": None}]
    return {"registered_stores": stores, "store_documents": [document(1), *documents]}


CASES = {
    "upheld": Case(upheld(2), **given(document(2, label="strict"), document(3, "wiki", label=None), document(4, "cellar", label=None))),
    "many at once": Case(
        broken(
            6,
            [
                ("test/2", "has no label, and must be confidential"),
                ("test/3", "is labelled internal, and must be confidential"),
                ("test/4", "is labelled confidential, and must be strict"),
                ("test/5", "has no label, and must be internal"),
                ("test/6", "is labelled secret, and must be confidential"),
            ],
        ),
        **given(
            document(2, label=None),
            document(3, label="internal"),
            document(4, content_class="strict"),
            document(5, "wiki", label=None, content_class="internal"),
            document(6, label="secret"),
        ),
    ),
    "not readable": Case(unproven("its label could not be read"), **given(document(2, label=None, readable=False))),
    "whether readable is unknown": Case(unproven("its label could not be read"), **given(document(2, label=None, readable=None))),
    "nothing to judge": Case(unproven("0 of 0"), **given() | {"store_documents": []}),
    "stale": Case(unproven("stale"), stale=["store_documents"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
