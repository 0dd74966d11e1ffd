"""Actions on samples: draw one from a measure's population, and say what looking at each item of it showed."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from secrets import token_hex
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Person
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import Refused, ill
from upheld.actions.kinds import Number, Text
from upheld.registers.compliance.audit_models import Audit, AuditState, Sample, SampleItem
from upheld.registers.compliance.audits import AUDITORS, in_state, must_audit
from upheld.registers.compliance.drawing import SEED, draw, population_digest
from upheld.registers.compliance.populations import population
from upheld.registers.words import Prose

LARGEST = 150  # an action writes at most 200 rows


class Result(StrEnum):
    """What looking at an item showed."""

    CONFORMS = "conforms"
    DEVIATES = "deviates"


@action(by=AUDITORS, makes=Sample, when=in_state(AuditState.RUNNING))
def draw_sample(
    audit: Audit,
    *,
    by: Person,
    measure: Annotated[str, Text(120), "whose population, as in authorization/leavers_removed"],
    size: Annotated[int, Number(1, LARGEST), "how many; all of them if there are fewer"],
    as_of_on: Annotated[date | None, "as of the end of which day of the period; its last if not given"] = None,
    seed: Annotated[str | None, Text(64), "32 to 64 hex digits that both sides agreed on; drawn at random if not given"] = None,
) -> Sample:
    """Draw a sample of what a measure looked at. Which items are drawn follows from the seed and the population's digest alone."""
    must_audit(by, audit)
    if seed and not SEED.fullmatch(seed):
        raise ill(seed="Give 32 to 64 hex digits, small letters, or nothing.")
    as_of = _instant(audit, as_of_on)
    found = population(measure, as_of)
    if not found.subjects:
        raise Refused(f"{measure} looked at nothing as of then: there is nothing to draw.")
    digest, chosen = population_digest(found.subjects), seed or token_hex(16)
    drawn = draw(chosen, digest, found.subjects, size)
    sample = Sample(audit=audit, measure=measure, as_of=as_of, population=len(found.subjects), digest=digest, seed=chosen, size=len(drawn))
    sample.verdict, sample.drawn_by, sample.drawn_at = found.verdict, by.ref, clock.now()
    keep(sample)
    for place, subject in enumerate(drawn, 1):
        each = found.subjects[subject]
        keep(SampleItem(sample=sample, place=place, subject=subject, label=each.label, measured=each.word))
    return sample


def _instant(audit: Audit, day: date | None) -> datetime:
    now = clock.now()
    if day is None:
        day = min(audit.period_until_on, now.date())
    if not audit.period_from_on <= day <= audit.period_until_on:
        raise ill(as_of_on=f"The audit looks back on {audit.period_from_on} to {audit.period_until_on}.")
    end = datetime.combine(day, time(), UTC) + timedelta(days=1)
    if day > now.date():
        raise ill(as_of_on="This day lies ahead.")
    return min(end, now)


def _testable(item: SampleItem) -> str:
    state = item.sample.audit.state
    return "" if state == AuditState.RUNNING else f"The audit is {state}, not running."


@action(by=AUDITORS, when=_testable)
def judge_item(
    item: SampleItem, *, by: Person, result: Result, note: Annotated[Prose | None, "what you looked at, and what you saw"] = None
) -> SampleItem:
    """Say what looking at `item` showed, against what the measure says of it."""
    must_audit(by, item.sample.audit)
    if result is Result.DEVIATES and not note:
        raise ill(note="Say what deviates.")
    item.result, item.note, item.tested_by, item.tested_at = result, note or "", by.ref, clock.now()
    return keep(item)
