"""Verdicts become intervals, failing subjects become findings, and nothing resolves on evidence that is not whole."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from upheld import clock
from upheld.checks.verdict import Outcome, Seen, State, Verdict
from upheld.ledger import sequencer
from upheld.ledger.models import Entry
from upheld.verdicts.keeping import keep
from upheld.verdicts.models import Finding, Judgement, MeasureVerdict
from upheld.verdicts.standing import in_force

MONDAY = datetime(2026, 5, 4, 12, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
MEASURE = "authorization/leavers_removed"


def seen(*, coverage: str = "complete", stale: bool = False) -> Seen:
    return Seen("accounts", "directory", MONDAY, "d" * 64, stale, coverage)


def verdict(state: State, as_of: datetime, *failing: str, unknown: tuple[str, ...] = (), evidence: tuple[Seen, ...] = ()) -> Verdict:
    return Verdict(
        MEASURE,
        state,
        f"{len(failing)} of 3 accounts",
        as_of,
        population=3,
        failed=len(failing),
        unknown=len(unknown),
        failing=tuple(Outcome(each, each, False, "still enabled") for each in failing),
        unknowns=tuple(Outcome(each, each, None, "not known") for each in unknown),
        evidence=evidence or (seen(),),
        digests={"measure": "m", "derived account_owners": "d"},
    )


@pytest.fixture
def ledger(workspace):
    sequencer.init("test.example/ledger/main/1")
    return workspace


def kept(*verdicts: Verdict) -> None:
    for each in verdicts:
        keep([each], each.as_of, {})


def intervals() -> list[tuple[str, datetime, datetime | None]]:
    return [(each.state, each.from_at, each.until_at) for each in MeasureVerdict.objects.order_by("from_at")]


def findings() -> list[tuple[str, datetime, datetime | None]]:
    return [(each.subject, each.first_seen_at, each.resolved_at) for each in Finding.objects.order_by("subject", "first_seen_at")]


def test_the_same_state_again_extends_its_interval(ledger):
    kept(verdict(State.UPHELD, MONDAY), verdict(State.UPHELD, TUESDAY))
    assert intervals() == [("upheld", MONDAY, None)]
    assert MeasureVerdict.objects.get().judged_until_at == TUESDAY


def test_another_state_ends_the_interval_and_opens_the_next(ledger):
    kept(verdict(State.UPHELD, MONDAY), verdict(State.BROKEN, TUESDAY, "anna"))
    assert intervals() == [("upheld", MONDAY, TUESDAY), ("broken", TUESDAY, None)]


def test_a_failing_subject_is_one_finding_until_it_is_mended(ledger):
    kept(verdict(State.BROKEN, MONDAY, "anna"), verdict(State.BROKEN, TUESDAY, "anna"), verdict(State.UPHELD, WEDNESDAY))
    assert findings() == [("anna", MONDAY, WEDNESDAY)]


def test_a_subject_that_fails_again_is_a_new_finding(ledger):
    kept(verdict(State.BROKEN, MONDAY, "anna"), verdict(State.UPHELD, TUESDAY), verdict(State.BROKEN, WEDNESDAY, "anna"))
    assert findings() == [("anna", MONDAY, TUESDAY), ("anna", WEDNESDAY, None)]


@pytest.mark.parametrize("evidence", [seen(coverage="partial"), seen(coverage="failed"), seen(stale=True)])
def test_evidence_that_is_not_whole_resolves_nothing(ledger, evidence):
    kept(verdict(State.BROKEN, MONDAY, "anna"), verdict(State.UNPROVEN, TUESDAY, evidence=(evidence,)))
    assert findings() == [("anna", MONDAY, None)]


def test_a_subject_that_became_unknown_stays_a_finding(ledger):
    kept(verdict(State.BROKEN, MONDAY, "anna"), verdict(State.UNPROVEN, TUESDAY, unknown=("anna",)))
    assert findings() == [("anna", MONDAY, None)]


def test_a_list_of_failing_subjects_that_was_cut_resolves_nothing(ledger):
    cut = verdict(State.BROKEN, TUESDAY, "bert")
    kept(verdict(State.BROKEN, MONDAY, "anna"), Verdict(**{**vars(cut), "failed": 2}))
    assert findings() == [("anna", MONDAY, None), ("bert", TUESDAY, None)]


def test_every_judgement_and_every_change_of_state_is_an_entry(ledger):
    before = sequencer.status().size
    kept(verdict(State.UPHELD, MONDAY), verdict(State.UPHELD, TUESDAY), verdict(State.BROKEN, WEDNESDAY, "anna"))
    sequencer.sequence()
    assert sequencer.status().size - before == 3 + 2


def test_no_entry_names_a_failing_subject(ledger):
    kept(verdict(State.BROKEN, MONDAY, "anna.marker.7f3a"))
    sequencer.sequence()
    entries = [bytes(entry.data) for entry in Entry.objects.all()]
    assert sum(b"verdict.changed" in entry for entry in entries) == 1
    assert not any(b"anna.marker.7f3a" in entry for entry in entries)


def test_a_failure_in_the_middle_keeps_nothing(ledger):
    before = Judgement.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        keep([verdict(State.UPHELD, MONDAY), verdict(State.UPHELD, MONDAY)], MONDAY, {})
    assert (Judgement.objects.count(), MeasureVerdict.objects.count()) == (before, 0)


def test_a_measure_that_is_gone_ends(ledger):
    kept(verdict(State.UPHELD, MONDAY))
    keep([], TUESDAY, {})
    assert intervals() == [("upheld", MONDAY, TUESDAY)]


def test_values_that_the_company_changed_are_an_entry_once(ledger):
    for at, digest in ((MONDAY, "a" * 64), (TUESDAY, "a" * 64), (WEDNESDAY, "b" * 64)):
        keep([verdict(State.UPHELD, at)], at, {}, parameters=digest)
    sequencer.sequence()
    said = [json.loads(bytes(entry.data)) for entry in Entry.objects.order_by("position")]
    assert [entry["body"]["sha256"][0] for entry in said if entry["kind"] == "settings.changed"] == ["a", "b"]


def test_a_finding_whose_source_is_no_longer_read_is_not_called_mended(ledger):
    other = Seen("accounts", "database", MONDAY, "d" * 64, stale=False, coverage="complete")
    kept(verdict(State.BROKEN, MONDAY, "anna", evidence=(seen(), other)), verdict(State.UPHELD, TUESDAY, evidence=(seen(),)))
    assert Finding.objects.get().resolved_how == "no longer looked at"


def test_a_finding_that_its_source_no_longer_shows_is_mended(ledger):
    kept(verdict(State.BROKEN, MONDAY, "anna"), verdict(State.UPHELD, TUESDAY))
    assert Finding.objects.get().resolved_how == "mended"


def test_a_state_forged_in_the_database_is_shown_as_unproven(ledger):
    kept(verdict(State.BROKEN, MONDAY, "anna"))
    MeasureVerdict.objects.update(state="upheld", reason="All 999 accounts pass.")
    with clock.at(MONDAY):
        found = in_force()[MEASURE]
    assert found.state == "unproven"
    assert "behind the product's back" in found.reason
