from typing import Any

import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.kept import holding, policy
from tests.measures.made import Made, at, on, person
from tests.mutants import survivors

MEASURE = "incidents/playbook_for_every_category"


def category(name: str, **more: Any) -> Made:
    return {"id": name, "title": name.capitalize(), "playbook_id": f"{name}-playbook", "steps": 3, "roles": ["lead"], **more}


def playbook(name: str, **more: Any) -> Made:
    return policy(f"{name}-playbook", **{"kind": "playbook", **more})


def approval(name: str, **more: Any) -> Made:
    version = f"{name}-playbook-1"
    return {"id": f"a-{name}", "version_id": version, "person_id": "E-max", "approved_at": at("2026-03-31"), **more}


def given(other: Made | None = None, *, book: Made | None = None, approved: Made | None = None, **more: Any) -> dict[str, Any]:
    """A category that is ready, and malware; Ada leads."""
    books = [playbook("theft"), playbook("malware") if book is None else book]
    return {
        "incident_categories": [category("theft"), other or category("malware")],
        "policies": books,
        "policy_approvals": [approval("theft"), approved or approval("malware")],
        "people": [person("ada"), person("bob")],
        "responsibility_holders": [holding("ada", "lead")],
        **more,
    }


def held(*holders: Made, **more: Any) -> dict[str, Any]:
    """Malware's playbook names the forensics too, held by `holders`."""
    return given(category("malware", roles=["forensics", "lead"]), responsibility_holders=[holding("ada", "lead"), *holders], **more)


UNHELD = broken(2, [("test/malware", "held by nobody who works here: forensics")], "Malware")
NONE = broken(2, [("test/malware", "has no playbook")])

CASES = {
    "upheld": Case(upheld(2), **held(holding("bob", "forensics"))),
    "responsible": Case(upheld(2), **held(holding("bob", "forensics", part="responsible"))),
    "no playbook": Case(NONE, **given(category("malware", playbook_id=None, steps=0, roles=[]))),
    "retired": Case(NONE, **given(book=policy("other"))),
    "a policy, not a playbook": Case(NONE, **given(book=playbook("malware", kind="policy"))),
    "in another register": Case(NONE, **given(book=playbook("malware", source="other"))),
    "not published": Case(
        broken(2, [("test/malware", "Malware-playbook was not published")]), **given(book=playbook("malware", version_id=None))
    ),
    "not approved": Case(
        broken(2, [("test/malware", "Malware-playbook was published without approval")]), **given(approved=approval("none"))
    ),
    "approved in another register": Case(broken(2), **given(approved=approval("malware", source="other"))),
    "without steps": Case(broken(2, [("test/malware", "Malware-playbook has no steps")]), **given(category("malware", steps=0, roles=[]))),
    "steps unknown": Case(unproven("Malware (how many steps", 2), **given(category("malware", steps=None))),
    "names no role": Case(upheld(2), **given(category("malware", roles=[]))),
    "a role that nobody holds": Case(UNHELD, **held()),
    "only asked before": Case(UNHELD, **held(holding("bob", "forensics", part="consulted"))),
    "not yet": Case(UNHELD, **held(holding("bob", "forensics", from_on=on("2026-05-05")))),
    "from today": Case(upheld(2), **held(holding("bob", "forensics", from_on=on("2026-05-04")))),
    "no longer": Case(UNHELD, **held(holding("bob", "forensics", until_on=on("2026-05-03")))),
    "by who left": Case(UNHELD, **held(holding("bob", "forensics"), people=[person("ada"), person("bob", ended_on=on("2026-05-03"))])),
    "by somebody unknown": Case(UNHELD, **held(holding("eve", "forensics"))),
    "until tomorrow": Case(upheld(2, flips_at=at("2026-05-06")), **held(holding("bob", "forensics", until_on=on("2026-05-05")))),
    "until whoever holds it leaves": Case(
        upheld(2, flips_at=at("2026-05-06")),
        **held(holding("bob", "forensics"), people=[person("ada"), person("bob", ended_on=on("2026-05-05"))]),
    ),
    "until tomorrow, by another for ever": Case(
        upheld(2, flips_at=None), **held(holding("bob", "forensics", until_on=on("2026-05-05")), holding("ada", "forensics"))
    ),
    "no category": Case(unproven("0 of 0"), **{**given(), "incident_categories": []}),
    "stale": Case(unproven("stale"), stale=["incident_categories"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
