"""A judgement in a bundle: what the ledger says of it, and whether measure, parameters, evidence and subjects come to those digests."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from upheld.ledger.verify.bundle import deciding, parameters, rows
from upheld.ledger.verify.bundle.deciding import Counts, Piece
from upheld.ledger.verify.bundle.evidence import Evidence, Read
from upheld.ledger.verify.bundle.fields import Fields
from upheld.ledger.verify.bundle.measures import Measure
from upheld.ledger.verify.bundle.parameters import Parameter
from upheld.ledger.verify.report import Rejected

_SAID = frozenset(
    {
        "as_of", "chapter", "entry", "evidence", "exceptions", "flips_at", "gaps", "lacking", "parameters", "ran", "reason", "salt",
        "subjects",
    }
)  # fmt: skip
_EVIDENCE, _MEASURE, _PARAMETERS, _OUTCOMES, _DERIVED = "evidence", "measure", "parameters", "outcomes", "derived "


_SUBJECT = frozenset({"subject", "ok", "label", "detail", "excepted"})


@dataclass(frozen=True)
class Subject:
    """A subject that does not pass: False fails, None is unknown."""

    subject: str
    ok: bool | None
    label: str
    detail: str
    excepted: bool


@dataclass
class Judgement:
    """One measure judged as of an instant. `subjects` is None where they are withheld; `lacking` says why it cannot be re-performed.

    `salt` is what the ledger's digest of the outcome is salted with: empty where it is not, None where it is withheld.
    """

    measure: Measure
    as_of: datetime
    state: str
    counts: Counts
    digests: Mapping[str, str]
    parameters: list[Parameter]
    evidence: list[Piece]
    gaps: list[dict[str, str]]
    exceptions: dict[str, datetime]
    subjects: list[Subject] | None
    flips_at: datetime | None
    ran: str | None
    lacking: str
    salt: bytes | None
    reason: str = ""
    wrong: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Which judgement, in words."""
        return f"{self.measure.id} as of {self.moment}"

    @property
    def moment(self) -> str:
        """As of when, as bundles write it."""
        return rows.text(self.as_of)


def read(said: Fields, measure: Measure, chapter: bytes | None, facts: Fields, evidence: Evidence) -> Judgement:
    """Return the judgement that `said` tells, whose `facts` are the ledger's; what does not fit them is in its `wrong`."""
    said.only(_SAID)
    withheld = said.said.get("subjects") is None
    found = Judgement(
        measure=measure,
        as_of=said.instant("as_of"),
        state=facts.text("state"),
        counts=_counts(facts),
        digests={each.text("of"): each.text("sha256") for each in facts.each("inputs")},
        parameters=parameters.read(list(said.each("parameters")), chapter),
        evidence=[_piece(each, evidence, said.instant("as_of")) for each in said.each("evidence")],
        gaps=[_gap(each) for each in said.each("gaps")],
        exceptions={each.text("subject"): each.instant("until") for each in said.each("exceptions")},
        subjects=None if withheld else [_subject(each) for each in said.each("subjects")],
        flips_at=said.instant_or_none("flips_at"),
        ran=said.text_or_none("ran"),
        lacking=said.text("lacking"),
        salt=_salt(said),
        reason=said.text_or_none("reason") or "",
    )
    _hold(found, evidence)
    return found


def _hold(found: Judgement, evidence: Evidence) -> None:
    """Hold each digest that the ledger has of this judgement against what it is of."""
    if found.lacking:
        if (
            found.parameters
            or found.evidence
            or found.gaps
            or found.exceptions
            or found.subjects
            or found.flips_at
            or found.ran
            or found.reason
        ):
            found.wrong.append(f"{found.name}: it is said that it cannot be shown, and shown it is all the same")
        found.unchecked.append(f"the digests of {found.name}, which is not re-performable: {found.lacking}")
        return
    found.wrong += _differing(found, evidence)
    if {each.name for each in found.parameters} != (set(found.measure.parameters) if _PARAMETERS in found.digests else set()):
        found.wrong.append(f"{found.name}: its parameters are not those that its measure names")
    due = {_MEASURE, _EVIDENCE, _OUTCOMES} | ({_PARAMETERS} if found.measure.parameters and found.counts.ran else set())
    if lost := sorted(due - found.digests.keys()):
        found.wrong.append(f"{found.name}: the ledger has no digest of its {', '.join(lost)}")
    _decided(found)
    _named(found)
    for each in found.evidence:
        told = {gap.get("column_name") for gap in found.gaps if (gap["source"], gap["table_name"]) == (each.source, each.table)} - {None}
        if told != each.denied:
            found.wrong.append(f"{found.name}: other columns of {each.table} from {each.source} could not be read than it says")


def _differing(found: Judgement, evidence: Evidence) -> list[str]:
    """Return a sentence for each digest that is of something else than the bundle holds; what cannot be told is in `unchecked`."""
    wrong = []
    computed = {_MEASURE: found.measure.digest, _PARAMETERS: parameters.digest(found.parameters), _EVIDENCE: _digest_of(found.evidence)}
    computed |= {f"{_DERIVED}{name}": digest for name, (digest, _) in evidence.derived.items()}
    if (outcomes := _outcomes(found)) is not None:
        computed[_OUTCOMES] = outcomes
    for of, digest in found.digests.items():
        if of in computed and computed[of] != digest:
            wrong.append(f"{found.name}: {of} is not what was judged: its digest is {computed[of][:16]}..., not {digest[:16]}...")
        elif of not in computed and of.startswith(_DERIVED):
            wrong.append(f"{found.name}: the bundle lacks the table {ascii(of)[:60]} that it was judged on")
        elif of not in computed and of != _OUTCOMES:
            found.unchecked.append(f"input {ascii(of)[:60]} of {found.name}, which this verifier does not know")
    return wrong


def _decided(found: Judgement) -> None:
    if not found.counts.add_up:
        found.wrong.append(f"{found.name}: its counts do not add up to its population")
    due = deciding.state(found.measure, found.counts, found.evidence, found.parameters, found.as_of, found.flips_at)
    if due != found.state:
        found.wrong.append(f"{found.name}: it is said to be {found.state}, and comes to {due}")


def _named(found: Judgement) -> None:
    """Hold who is said to be excepted against the exceptions, and how many are named against the counts."""
    if found.ran not in (None, f"queries/{found.measure.id}/{found.as_of:%Y%m%dT%H%M%S%f}Z.sql"):
        found.wrong.append(f"{found.name}: the query as it ran is said to be another file's")
    if found.subjects is None or not found.counts.ran:
        return
    running = {subject for subject, until in found.exceptions.items() if until > found.as_of}
    if any(each.excepted != (each.ok is False and each.subject in running) for each in found.subjects):
        found.wrong.append(f"{found.name}: somebody is said to be excepted without an exception, or the other way round")
    unknown, excepted = (sum(getattr(each, name) is due for each in found.subjects) for name, due in (("ok", None), ("excepted", True)))
    if (len(found.subjects) - unknown - excepted, unknown, excepted) != (found.counts.failed, found.counts.unknown, found.counts.excepted):
        found.wrong.append(f"{found.name}: others are named than its counts say")


def _outcomes(found: Judgement) -> str | None:
    """Return the digest of the subjects named, "" where the query did not run, None where they are withheld."""
    if not found.counts.ran:
        return ""
    if found.subjects is None:
        found.unchecked.append(f"who did not pass in {found.name}: the subjects are withheld")
        return None
    if found.salt is None:
        raise Rejected(f"{found.name}: it names who did not pass, but not the salt of their digest")
    plain = outcome_digest(found.counts.population, found.counts.passed, {each.subject: each.ok for each in found.subjects})
    return salted(plain, found.salt)


def salted(digest: str, salt: bytes) -> str:
    """Return `digest` (hex) as the ledger has it: SHA-256 of the salt and its bytes; itself where there is no salt (release 0.1.0)."""
    return hashlib.sha256(salt + bytes.fromhex(digest)).hexdigest() if salt else digest


def _salt(said: Fields) -> bytes | None:
    text = said.text_or_none("salt")
    if text is None or re.fullmatch(r"(?:[0-9a-f]{64})?", text, re.ASCII):
        return None if text is None else bytes.fromhex(text)
    raise Rejected(f"{said.place}: its salt is not 64 hexadecimal digits")


def outcome_digest(population: int, passed: int, subjects: Mapping[str, bool | None]) -> str:
    """Return the SHA-256 of an outcome (docs/design/verdicts.md): counts, then each subject that does not pass, in order of its bytes."""
    ordered = sorted(subjects, key=str.encode)
    lines = "\n".join(f"{subject}\x1f{'false' if subjects[subject] is False else 'unknown'}" for subject in ordered)
    return hashlib.sha256(f"{population} {passed}\n{lines}".encode()).hexdigest()


def _digest_of(evidence: Sequence[Piece]) -> str:
    return hashlib.sha256("\n".join(f"{each.table} {each.source} {each.digest}" for each in evidence).encode()).hexdigest()


def _counts(facts: Fields) -> Counts:
    ran = any(each.text("of") == _OUTCOMES and each.text("sha256") for each in facts.each("inputs"))
    number = facts.number
    return Counts(number("population"), number("pass"), number("fail"), number("unknown"), number("excepted"), ran)


def _piece(said: Fields, evidence: Evidence, as_of: datetime) -> Piece:
    """Return what a judgement says of one table and source, as the readings in the ledger have it."""
    table, source = said.text("table"), said.text("source")
    moment = rows.text(as_of)
    reads = {each.at: each for each in evidence.reads.get((table, source), ()) if each.at <= moment}
    newest, whole, last = (_at(said, name, reads) for name in ("newest", "complete", "read"))
    if any(each.at > (last.at if last else "") for each in reads.values() if each.digest):
        raise Rejected(f"{said.place}: {table} from {source} was read later than it says")
    if whole is not None and (whole.coverage != "complete" or whole.quarantined):
        raise Rejected(f"{said.place}: {table} from {source} was not read completely at {whole.at}")
    hours = evidence.contracts[table].fresh_for_hours if table in evidence.contracts else 0
    stale_at = datetime.fromisoformat(whole.at) + timedelta(hours=hours) if whole else None
    return Piece(
        table,
        source,
        last.digest if last else "",
        newest.coverage if newest else "failed",
        stale_at,
        frozenset(newest.denied if newest else ()),
    )


def _at(said: Fields, name: str, reads: Mapping[str, Read]) -> Read | None:
    at = said.text_or_none(name)
    if at is None:
        return None
    if at not in reads:
        raise Rejected(f"{said.place}: nothing shows that it was read at {ascii(at)[:40]}")
    return reads[at]


def _gap(said: Fields) -> dict[str, str]:
    found = {"source": said.text("source"), "table_name": said.text("table_name"), "kind": said.text("kind"), "why": said.text("why")}
    return found if said.said.get("column_name") is None else found | {"column_name": said.text("column_name")}


def _subject(said: Fields) -> Subject:
    ok = said.said.get("ok")
    if ok is not None and ok is not False:
        raise Rejected(f"{said.place}: only subjects that fail or are unknown are named")
    said.only(_SUBJECT)
    return Subject(said.text("subject"), False if ok is False else None, said.text("label"), said.text("detail"), said.flag("excepted"))
