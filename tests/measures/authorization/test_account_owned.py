from types import SimpleNamespace
from typing import Any

import pytest
from tests import stage
from tests.judged import Case, Judged, at_risk, broken, unproven, upheld
from tests.measures.made import SYSTEMS, Made, account, at, on, person, service, system
from tests.mutants import survivors

from upheld.evidence.collection import GapKind

MEASURE = "authorization/account_owned"


def given(*accounts: Made, people: tuple[Made, ...] = (), **more: Any) -> dict[str, Any]:
    """Accounts beside Ada's own."""
    return {"accounts": [account("ada"), *accounts], "people": [person("ada"), *people], "systems": SYSTEMS, **more}


CASES = {
    "many at once": Case(
        broken(
            7,
            [
                ("test/bob", "belongs to nobody"),
                ("test/cy", "belongs to Cy, who left on 2026-05-01"),
                ("test/dan", "belongs to Dan, who starts on 2026-06-01"),
                ("test/sync", "belongs to nobody"),
            ],
            "bob on CRM",
        ),
        **given(
            account("bob"),
            account("cy"),
            account("dan"),
            service("sync"),
            service("feed", owner_ref="E-ada"),
            account("eve"),
            people=(
                person("cy", ended_on=on("2026-05-01")),
                person("dan", started_on=on("2026-06-01")),
                person("eve", started_on=on("2026-05-11")),
            ),
        ),
    ),
    "upheld": Case(upheld(2), **given(service("feed", owner_ref="ada@example.com"))),
    "nobody's": Case(broken(2, [("test/bob", "belongs to nobody")]), **given(account("bob", person_ref=None))),
    "nothing to judge": Case(unproven("0 of 0"), accounts=[], people=[]),
    "stale": Case(unproven("people from test is stale"), stale=["people"], **given()),
    "left yesterday": Case(
        at_risk(2, flips_at=at("2026-05-05")), **given(account("bob"), people=(person("bob", ended_on=on("2026-05-03")),))
    ),
    "leaves today": Case(
        at_risk(2, flips_at=at("2026-05-06")), **given(account("bob"), people=(person("bob", ended_on=on("2026-05-04")),))
    ),
    "left a day and a window ago": Case(
        broken(2, [("test/bob", "belongs to Bob, who left on 2026-05-02")]),
        **given(account("bob"), people=(person("bob", ended_on=on("2026-05-02")),)),
    ),
    "leaves in time to come": Case(
        upheld(2, flips_at=at("2026-12-02")), **given(account("bob"), people=(person("bob", ended_on=on("2026-11-30")),))
    ),
    "starts within the window": Case(upheld(2), **given(account("bob"), people=(person("bob", started_on=on("2026-05-18")),))),
    "starts after the window": Case(
        broken(2, [("test/bob", "belongs to Bob, who starts on 2026-05-19")]),
        **given(account("bob"), people=(person("bob", started_on=on("2026-05-19")),)),
    ),
    "first day not told": Case(
        unproven("bob on CRM (belongs to Bob, whose first day is unknown)", 2),
        **given(account("bob"), people=(person("bob", started_on=None),)),
    ),
    "left, first day not told": Case(
        broken(2, [("test/bob", "belongs to Bob, who left on 2026-05-01")]),
        **given(account("bob"), people=(person("bob", started_on=None, ended_on=on("2026-05-01")),)),
    ),
    "came back": Case(
        upheld(2),
        **given(account("bob"), people=(person("bob", ended_on=on("2025-05-01")), person("bob", id="E-2", started_on=on("2026-01-01")))),
    ),
    "dropped from the list": Case(
        broken(2, [("test/bob", "belongs to Bob, who left on 2026-04-01")]),
        **given(account("bob")),
        history={
            "people": [person("bob", seen_from_at=at("2026-01-01"), seen_until_at=at("2026-04-01"), ended="vanished")],
        },
    ),
    "of two people": Case(
        unproven("bob on CRM (could belong to any of Bob, Rob)", 2),
        **given(
            account("bob", person_ref=None, mail="office@example.com"),
            people=(person("bob", mail="office@example.com", ended_on=on("2026-01-01")), person("rob", mail="office@example.com")),
        ),
    ),
    "owner could not be read": Case(
        unproven("1 of 2 accounts cannot be judged: bob on CRM (the source would not show whose it is)", 2),
        denied={"accounts.person_ref": "no right"},
        **given(account("bob")),
    ),
    "who answers could not be read": Case(
        unproven("would not show", 2), denied={"accounts.owner_ref": "no right"}, **given(account("bob"))
    ),
    "something else could not be read": Case(
        broken(2, [("test/bob", "belongs to nobody")]),
        denied={"accounts.mail": "no right", "groups.owner_ref": "no right"},
        groups=[],
        **given(account("bob")),
    ),
    "switched off": Case(upheld(1), **given(account("bob", enabled=False))),
    "perhaps switched off": Case(unproven("bob on CRM (belongs to nobody)", 2), **given(account("bob", enabled=None))),
    "the operating system's": Case(upheld(1), **given(account("www", kind="system", can_sign_in=False))),
    "the operating system's, with a way in": Case(broken(2, [("test/root", "belongs to nobody")]), **given(account("root", kind="system"))),
    "the operating system's, perhaps with a way in": Case(
        broken(2, [("test/root", "belongs to nobody")]), **given(account("root", kind="system", can_sign_in=None))
    ),
    "the operating system's, with an owner of the system": Case(
        upheld(2), **{**given(account("root", kind="system")), "systems": [system("crm", owner_id="E-ada")]}
    ),
    "nobody's, without a way in": Case(broken(2, [("test/bob", "belongs to nobody")]), **given(account("bob", can_sign_in=False))),
    "nobody's, of unknown kind": Case(
        broken(2, [("test/bob", "belongs to nobody")]), **given(account("bob", kind=None, can_sign_in=False))
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_a_system_that_has_no_word_for_owners_is_no_excuse(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "GapKind", SimpleNamespace(DENIED=GapKind.UNSUPPORTED))
    verdict = judged(MEASURE, denied={"accounts.person_ref": "the system has no such attribute"}, **given(account("bob")))
    assert verdict == broken(2, [("test/bob", "belongs to nobody")])


def test_every_predicate_matters() -> None:
    # Cases know gaps of one kind only; the test above tells the two kinds apart.
    assert survivors(MEASURE, CASES, equivalent=["deleted: kind = 'denied'"]) == []
