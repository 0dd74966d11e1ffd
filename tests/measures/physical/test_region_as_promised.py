import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.made import Made, system
from tests.mutants import survivors

MEASURE = "physical/region_as_promised"

CRM = system("crm", region="uksouth", holds_personal_data=True)


def store(name: str, region: str | None, customer_data: bool | None = True) -> Made:
    return {"id": name, "region": region, "customer_data": customer_data}


CASES = {
    "upheld": Case(
        upheld(2),
        systems=[CRM, system("old", region="eastus", holds_personal_data=True, in_operation=False)],
        store_states=[store("a", "ukwest"), store("b", "eastus", False)],
    ),
    "without a list of stores": Case(upheld(1), systems=[CRM]),
    "many at once": Case(
        broken(
            5,
            [
                ("store/test/a", "lies in eastus, outside the promised regions"),
                ("system/test/wiki", "lies in eastus, outside the promised regions"),
            ],
            "2 are unknown",
        ),
        systems=[CRM, system("wiki", region="eastus", holds_personal_data=True, in_operation=None)],
        store_states=[store("a", "eastus"), store("b", "eastus", None), store("c", None)],
    ),
    "where is unknown": Case(unproven("where it lies is unknown"), systems=[CRM], store_states=[store("c", None)]),
    "whether is unknown": Case(
        unproven("whether customer data are in it is unknown"), systems=[CRM], store_states=[store("b", "eastus", None)]
    ),
    "unknown, and where promised": Case(upheld(2), systems=[CRM], store_states=[store("b", "uk", None)]),
    "nothing to judge": Case(unproven("0 of 0"), systems=[]),
    "stale": Case(unproven("stale"), stale=["systems"], systems=[CRM]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
