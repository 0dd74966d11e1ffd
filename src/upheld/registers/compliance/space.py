"""Actions of the auditor's space: draw a sample, note, ask the company; and its answers. They add, and change nothing of the company's."""

from datetime import UTC, date, datetime, time, timedelta
from secrets import token_hex
from typing import Annotated

from upheld import clock
from upheld.accounts.person import Held, Person
from upheld.accounts.role import Role
from upheld.actions.acting import keep
from upheld.actions.declaring import action
from upheld.actions.errors import NotAllowed, Refused, ill
from upheld.actions.files import Kept
from upheld.actions.kinds import Number, Text
from upheld.documents.publication import documents
from upheld.ledger.append import append
from upheld.ledger.entry import instant_text
from upheld.ledger.profile import Json
from upheld.registers.compliance.drawing import SEED, draw, population_digest
from upheld.registers.compliance.populations import population
from upheld.registers.compliance.requests import ahead
from upheld.registers.compliance.sampling import LARGEST
from upheld.registers.compliance.space_models import AuditorRemark, AuditorSample, Said
from upheld.registers.rules import LEADS
from upheld.registers.words import Prose

About = Annotated[str | None, Text(120), "which measure or promise it is about, as in backup/restore_proven"]
_AUDITOR = (Role.AUDITOR,)
DRAWN = "sample.drawn"


def covers(held: Held, measure: str, promised: frozenset[str] | None = None) -> bool:
    """Whether `measure` lies in what an auditor's role was given for: a chapter, or a document whose promises rest on it.

    Who asks of many gives what is `promised_in` the role's scope.
    """
    if held.over is None or held.over == ("chapter", measure.partition("/")[0]):
        return True
    return measure in (promised_in(held) if promised is None else promised)


def promised_in(held: Held) -> frozenset[str]:
    """Return the measures of the promises that an auditor's role was given for."""
    return frozenset(
        measure
        for document in documents()
        for promise in document.promises
        if held.over in (("document", document.id), ("chapter", promise.chapter))
        for measure in promise.measures
    )


@action(by=_AUDITOR, makes=AuditorSample)
def draw_as_auditor(
    *,
    by: Person,
    measure: Annotated[str, Text(120), "whose population, as in authorization/leavers_removed"],
    size: Annotated[int, Number(1, LARGEST), "how many; all of them if there are fewer"],
    as_of_on: Annotated[date, "as of the end of which day of your period"],
    seed: Annotated[str | None, Text(64), "32 to 64 hex digits that both sides agreed on; drawn at random if not given"] = None,
) -> AuditorSample:
    """Draw a sample of what a measure looked at. Which subjects are drawn follows from the seed and the population's digest alone."""
    if seed and not SEED.fullmatch(seed):
        raise ill(seed="Give 32 to 64 hex digits, small letters, or nothing.")
    now = clock.now()
    if not any(each.role is Role.AUDITOR and each.covers(as_of_on) and covers(each, measure) for each in by.held):
        raise NotAllowed(f"{measure} on that day lies outside the scope and period that you audit.")
    if as_of_on > now.date():
        raise ill(as_of_on="This day lies ahead.")
    as_of = min(datetime.combine(as_of_on, time(), UTC) + timedelta(days=1), now)
    found = population(measure, as_of)
    if not found.subjects:
        raise Refused(f"{measure} looked at nothing as of then: there is nothing to draw.")
    digest, chosen = population_digest(found.subjects), seed or token_hex(16)
    made = AuditorSample(auditor=by.ref, measure=measure, as_of=as_of, population=len(found.subjects), digest=digest, seed=chosen)
    made.size, made.verdict, made.drawn_at = len(draw(chosen, digest, found.subjects, size)), found.verdict, now
    append(DRAWN, subject=("measure", measure), body=_said(made))
    return keep(made)


def _said(sample: AuditorSample) -> dict[str, Json]:
    """Return what the ledger says of a sample in the clear, so that nobody drew again until it suited."""
    numbers = {"population": sample.population, "size": sample.size}
    return {"as_of": instant_text(sample.as_of), "digest": sample.digest, "seed": sample.seed, **numbers}


@action(by=_AUDITOR, makes=AuditorRemark)
def note_as_auditor(*, by: Person, what: Prose, about: About = None) -> AuditorRemark:
    """Note something for yourself. Nobody else is shown it; that you noted something is entered in the ledger, not what."""
    return keep(AuditorRemark(auditor=by.ref, kind=Said.NOTE, about=about or "", what=what, said_at=clock.now()))


@action(by=_AUDITOR, makes=AuditorRemark)
def ask_company(*, by: Person, what: Prose, due_on: Annotated[date, "by when you need it"], about: About = None) -> AuditorRemark:
    """Ask the company for an answer or for evidence, by a day."""
    made = AuditorRemark(auditor=by.ref, kind=Said.REQUEST, about=about or "", what=what, said_at=clock.now(), due_on=ahead(due_on))
    return keep(made)


def _to_answer(remark: AuditorRemark) -> str:
    if remark.kind != Said.REQUEST:
        return "It is a note, not a request."
    return "It is answered already." if remark.answered_at else ""


def _to_decide(remark: AuditorRemark) -> str:
    if remark.closed_at:
        return "It is closed already."
    return "" if remark.answered_at else "It is not answered yet."


@action(by=LEADS, when=_to_answer)
def answer_auditor(
    remark: AuditorRemark, *, by: Person, answer: Prose, file: Annotated[Kept | None, "the evidence, as a file"] = None
) -> AuditorRemark:
    """Answer what an auditor asked."""
    remark.answer, remark.file = answer, file.sha256 if file else ""
    remark.answered_by, remark.answered_at = by.ref, clock.now()
    return keep(remark)


@action(by=_AUDITOR, apart_from=["answer-auditor"], why_apart="whoever answers does not accept the answer", when=_to_decide)
def accept_company_answer(remark: AuditorRemark, *, by: Person) -> AuditorRemark:
    """Accept the answer: the request is closed."""
    remark.closed_at = clock.now()
    return keep(remark)


@action(by=_AUDITOR, apart_from=["answer-auditor"], when=_to_decide)
def return_company_answer(
    remark: AuditorRemark, *, by: Person, missing: Annotated[Prose, "what is missing"], due_on: Annotated[date, "by when"]
) -> AuditorRemark:
    """Send the answer back: it is owed again, by another day."""
    remark.missing, remark.due_on, remark.answered_at = missing, ahead(due_on), None
    return keep(remark)
