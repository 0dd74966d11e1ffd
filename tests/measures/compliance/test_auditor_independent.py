import pytest
from tests.judged import Case, Judged, broken, unproven, upheld
from tests.measures.compliance.made import audit, auditor, covers
from tests.measures.kept import holding
from tests.measures.made import Made, at, on, system
from tests.mutants import survivors

MEASURE = "compliance/auditor_independent"
LONG = {"seen_from_at": at("2024-01-01")}
THEIRS = system("crm", owner_id="E-bob", **LONG)
PERIOD = {"from_on": on("2025-12-31"), "until_on": on("2026-02-01")}


def given(
    *holdings: Made, auditors: list[Made] | None = None, scopes: list[Made] | None = None, systems: list[Made] | None = None, **more: object
) -> dict:
    """Bob audits backup, of which it-operations is the owner, and the CRM."""
    return {
        "audits": [audit("iso", **more), audit("other", body_id="tuev")],
        "audit_auditors": [auditor("iso", "bob")] if auditors is None else auditors,
        "audit_scopes": [covers("iso", "backup"), covers("iso", "crm", "system")] if scopes is None else scopes,
        "promise_chapters": [
            {"id": "backup", "roles": ["it-operations"]},
            {"id": "people", "roles": ["hr"]},
            {"id": "crm", "roles": ["crm"]},
        ],
        "responsibility_holders": list(holdings),
        "systems": [system("crm", owner_id="E-ada", **LONG), system("wiki", owner_id="E-bob", **LONG)] if systems is None else systems,
    }


def owned(what: str) -> object:
    return broken(1, [("test/iso/E-bob", f"owned in the period: {what}")])


def was(*, seen: str, until: str | None) -> dict:
    """The CRM was Bob's from a day until another."""
    past = {
        **system("crm", owner_id="E-bob"),
        "seen_from_at": at(seen),
        "seen_until_at": at(until) if until else None,
        "ended": "changed" if until else None,
    }
    return given(systems=[]) | {"history": {"systems": [past]}}


def many() -> dict:
    """Seven auditors of one audit, each with another tie to its scope; most mutants show on them at once."""
    held = {"owner": {}, "told": {"part": "informed"}, "late": {"from_on": on("2026-01-01")}, "early": {"until_on": on("2024-12-31")}}
    owned_through = {"crm": ("sys", "2024-01-01", None), "wiki": ("past", "2024-01-01", "2024-12-31"), "db": ("future", "2026-01-01", None)}
    past = [
        {
            **system(name, owner_id=f"E-{who}"),
            "seen_from_at": at(since),
            "seen_until_at": at(until) if until else None,
            "ended": "changed" if until else None,
        }
        for name, (who, since, until) in owned_through.items()
    ]
    auditors = [auditor("iso", name) for name in (*held, *(who for who, _, _ in owned_through.values()))]
    scopes = [covers("iso", "backup"), *(covers("iso", name, "system") for name in owned_through)]
    rows = given(*(holding(name, "it-operations", **more) for name, more in held.items()), auditors=auditors, scopes=scopes, systems=[])
    return rows | {"history": {"systems": past}}


MANY = [("test/iso/E-owner", "owned in the period: it-operations"), ("test/iso/E-sys", "owned in the period: CRM")]

CASES = {
    "many": Case(broken(7, MANY), **many()),
    "upheld": Case(upheld(1), **given(holding("bob", "hr"), holding("ada", "it-operations"))),
    "owns": Case(owned("it-operations"), **given(holding("bob", "it-operations"))),
    "responsible": Case(owned("it-operations"), **given(holding("bob", "it-operations", part="responsible"))),
    "is only told": Case(upheld(1), **given(holding("bob", "it-operations", part="informed"))),
    "owned on the last day": Case(owned("it-operations"), **given(holding("bob", "it-operations", **PERIOD))),
    "owned on the first day": Case(owned("it-operations"), **given(holding("bob", "it-operations", until_on=on("2025-01-01")))),
    "began after": Case(upheld(1), **given(holding("bob", "it-operations", from_on=on("2026-01-01")))),
    "ended before": Case(upheld(1), **given(holding("bob", "it-operations", until_on=on("2024-12-31")))),
    "owns what is not audited": Case(upheld(1), **given(holding("bob", "hr"), scopes=[covers("iso", "backup")])),
    "the system": Case(owned("CRM"), **given(systems=[THEIRS])),
    "a system of a chapter's name": Case(upheld(1), **given(scopes=[covers("iso", "crm")], systems=[THEIRS])),
    "a chapter of a system's name": Case(upheld(1), **given(holding("bob", "it-operations"), scopes=[covers("iso", "backup", "system")])),
    "the system was theirs": Case(owned("CRM"), **was(seen="2024-01-01", until="2025-01-01 12:00")),
    "the system was theirs before": Case(upheld(1), **was(seen="2024-01-01", until="2024-12-31")),
    "the system was theirs at the end": Case(owned("CRM"), **was(seen="2025-12-31 12:00", until=None)),
    "the system is theirs since": Case(upheld(1), **was(seen="2026-01-01", until=None)),
    "both": Case(owned("CRM, it-operations"), **given(holding("bob", "it-operations"), systems=[THEIRS])),
    "another audit's scope": Case(
        upheld(1), **given(holding("bob", "it-operations"), scopes=[covers("other", "backup"), covers("iso", "people")])
    ),
    "another audit's system": Case(upheld(1), **given(systems=[THEIRS], scopes=[covers("other", "crm", "system")])),
    "another register's scope": Case(upheld(1), **given(holding("bob", "it-operations"), scopes=[covers("iso", "backup", source="x")])),
    "another register's system": Case(upheld(1), **given(systems=[THEIRS], scopes=[covers("iso", "crm", "system", source="x")])),
    "nobody audits": Case(
        unproven("who audits is unknown", 2), **given(auditors=[auditor("iso", "bob", source="x"), auditor("other", "eve")])
    ),
    "whose audits are elsewhere": Case(unproven("who audits is unknown", 1), **given(auditors=[auditor("iso", "bob", source="x")])),
    "no period": Case(unproven("looks back on is unknown", 1), **given(period_from_on=None)),
    "no audit": Case(unproven("no auditors in audits are in scope"), **given() | {"audits": [], "audit_auditors": []}),
    "stale": Case(unproven("stale"), stale=["audits"], **given()),
}


@pytest.mark.parametrize("name", CASES)
def test_a_verdict(judged: Judged, name: str) -> None:
    CASES[name].check(judged, MEASURE)


def test_every_predicate_matters() -> None:
    assert survivors(MEASURE, CASES) == []
