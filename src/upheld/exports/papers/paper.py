"""What a paper says of a published document, for one audience and in one language: the same for PDF, DOCX and XLSX."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from upheld.checks.verdict import State
from upheld.documents.document import Section
from upheld.exports.papers.vouching import note, proof, steps
from upheld.exports.position import Position, Tested
from upheld.sources import configured
from upheld.verdicts.public import grace_of
from upheld.verdicts.standing import DocumentStanding, PromiseStanding

LANGUAGES = ("en", "de")


class Audience(StrEnum):
    """Who a paper is for: each is told what those before it are, and more."""

    PUBLIC = "public"
    CUSTOMER = "customer"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class Stands:
    """A state with its mark and its word in the language of the paper."""

    state: str
    mark: str
    word: str


@dataclass(frozen=True)
class Counted(Stands):
    """How many promises are in a state, and what that means."""

    count: int
    means: str


@dataclass(frozen=True)
class Means(Stands):
    """One measure under a promise: what it tests, and in numbers what it found, where that may be told."""

    text: str
    numbers: str


@dataclass(frozen=True)
class Line(Stands):
    """One promise: its sentence, since when it stands so and when it was last looked at, and what proves it."""

    id: str
    text: str
    dated: str
    clauses: str
    means: tuple[Means, ...]


@dataclass(frozen=True)
class Headed:
    """A heading, its level from 1, and the promises right under it."""

    title: str
    level: int
    promises: tuple[Line, ...]


@dataclass(frozen=True)
class Paper:
    """All that a paper says; `note` is the checkpoint that it can be verified by."""

    language: str
    text_language: str
    author: str
    title: str
    line: str
    intro: str
    as_of: str
    audience: str
    counts: tuple[Counted, ...]
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Headed, ...]
    proof: tuple[tuple[str, str], ...]
    note: str
    steps: tuple[str, ...]
    at: datetime

    @property
    def promises(self) -> Iterator[tuple[Headed, Line]]:
        """Every promise with the heading it stands under."""
        return ((section, each) for section in self.sections for each in section.promises)


def paper(
    position: Position,
    *,
    audience: Audience,
    language: str,
    hidden: frozenset[str] = frozenset(),
    since: Mapping[str, datetime] = MappingProxyType({}),
) -> Paper:
    """Return what a paper says of the one document of `position`; texts of the document itself too, where it is worded in that language.

    Of promises that are `hidden` it says the sentence alone. `since` is when promises, by their ids, came to stand as they do, where
    somebody worked it out; else it is when the last of the measures that decide did.
    """
    document = position.documents[0].in_language(language)
    told = replace(document, promises=tuple(each for each in document.promises if each.promise.id not in hidden))
    with override(language):
        author = position.origin.partition("/")[0]
        return Paper(
            language=language,
            text_language=document.document.language,
            author=author,
            title=document.document.title,
            line=" ".join([*configured.notices(configured.read_last()), _line(told, len(hidden))]),
            intro=document.document.intro,
            as_of=_("as of %(day)s") % {"day": instant(position.at)},
            audience=str(_AUDIENCES[audience]()),
            counts=tuple(_counts(told, len(hidden))),
            facts=tuple(_facts(position, told, audience)),
            sections=tuple(_sections(position, document, audience, hidden, since)),
            proof=tuple(proof(position, position.documents[0])),
            note=note(position.log),
            steps=tuple(steps(position)),
            at=position.at,
        )


_AUDIENCES = {
    Audience.PUBLIC: lambda: _("for everybody"),
    Audience.CUSTOMER: lambda: _("for customers"),
    Audience.AUDITOR: lambda: _("for auditors"),
}
_WORDS = {
    State.UPHELD: lambda: pgettext("state of a promise", "upheld"),
    State.AT_RISK: lambda: pgettext("state of a promise", "at risk"),
    State.EXCEPTED: lambda: pgettext("state of a promise", "excepted"),
    State.UNPROVEN: lambda: pgettext("state of a promise", "unproven"),
    State.BROKEN: lambda: pgettext("state of a promise", "broken"),
}
_MEANINGS = {
    State.UPHELD: lambda: _("everything that was looked at passes, on complete and fresh evidence"),
    State.AT_RISK: lambda: _("passes now, and will soon fail if nothing happens"),
    State.EXCEPTED: lambda: _("fails only where an approved exception says so"),
    State.UNPROVEN: lambda: _("evidence is missing, incomplete or too old"),
    State.BROKEN: lambda: _("at least one thing that was looked at fails"),
}


_NOT_SHOWN = (State.UNPROVEN.value, "–")


def word(state: State) -> str:
    """Return the word for `state` in the language in force."""
    return str(_WORDS[state]())


def stands(state: State) -> tuple[str, str, str]:
    """Return what begins every `Stands`."""
    return state.value.replace(" ", "_"), state.mark, word(state)


def instant(at: datetime) -> str:
    """Return `at` in the language in force."""
    return f"{_day(at)}, {at:%H:%M} UTC"


def _day(at: datetime) -> str:
    return date_format(at, "j F Y" if _("as of %(day)s").startswith("as") else "j. F Y")


def _line(document: DocumentStanding, hidden: int) -> str:
    good = document.counts[State.UPHELD]
    total = len(document.promises) + hidden
    if hidden == total:
        return not_shown(total)
    return ngettext("Of %(total)s promise %(good)s is upheld.", "Of %(total)s promises %(good)s are upheld.", total) % {
        "total": total,
        "good": good,
    }


def not_shown(total: int) -> str:
    """Return that the states of all promises, `total` of them, are not shown."""
    said = ngettext("How its %(total)s promise stands is not shown here.", "How these %(total)s promises stand is not shown here.", total)
    return said % {"total": total}


def _counts(document: DocumentStanding, hidden: int) -> Iterator[Counted]:
    for state, count in document.counts.items():
        if count:
            yield Counted(*stands(state), count, str(_MEANINGS[state]()))
    if hidden:
        yield Counted(*_NOT_SHOWN, _("not shown"), hidden, _("how these stand is not shown here; they count as upheld nowhere"))


def _facts(position: Position, document: DocumentStanding, audience: Audience) -> Iterator[tuple[str, str]]:
    published = position.published.get(document.document.id)
    yield _("Version"), document.document.version
    if published is None:
        yield _("Published"), _("not yet: this is a draft")
    else:
        yield _("Published"), _day(published.published_at)
    if position.as_of:
        yield _("Stands"), _("as of %(day)s") % {"day": instant(position.at)}
    yield _("Last judged"), instant(position.judged_at)
    yield _("Made"), str(_AUDIENCES[audience]())
    hours = int(grace_of(document.document.id).total_seconds()) // 3600 if audience is Audience.PUBLIC and not position.as_of else 0
    if hours:
        yield _("Grace time"), _("what breaks is shown here after %(hours)s hours") % {"hours": hours}
    tested = {name for each in document.promises for name in each.promise.measures}
    attested = sum(position.tested[name].is_attested for name in tested)
    never = sum(position.tested[name].verdict is None for name in tested)
    yield (
        _("Rests on"),
        _("%(all)s measures: %(tested)s tested on systems and registers, %(attested)s attested, %(never)s not tested yet")
        % {"all": len(tested), "tested": len(tested) - attested - never, "attested": attested, "never": never},
    )


def _sections(
    position: Position, document: DocumentStanding, audience: Audience, hidden: frozenset[str], since: Mapping[str, datetime]
) -> Iterator[Headed]:
    by_section: dict[str, list[Line]] = {}
    for each in document.promises:
        began_at = since.get(each.promise.id, each.since)
        its = _sentence(each) if each.promise.id in hidden else _promise(position, each, audience, began_at)
        by_section.setdefault(each.promise.section, []).append(its)
    for section in document.document.sections:
        yield Headed(_heading(section), 2 if _is_deep(section) else 1, tuple(by_section.get(section.number, ())))


def _is_deep(section: Section) -> bool:
    return section.number[:1].isdigit() and "." in section.number


def _heading(section: Section) -> str:
    return f"{section.number} {section.title}" if section.number[:1].isdigit() else section.title


def _promise(position: Position, each: PromiseStanding, audience: Audience, since: datetime | None) -> Line:
    said = each.promise
    tested = [position.tested[name] for name in said.measures] if audience is not Audience.PUBLIC else []
    return Line(
        *stands(each.state),
        id=said.id,
        text=said.text,
        dated=_dated(since, each.judged_at),
        clauses="; ".join(said.clauses) if audience is Audience.AUDITOR else "",
        means=tuple(_means(one, audience) for one in tested),
    )


def _sentence(each: PromiseStanding) -> Line:
    said = each.promise
    return Line(*_NOT_SHOWN, _("not shown"), id=said.id, text=said.text, dated="", clauses="", means=())


def _dated(since: datetime | None, judged_at: datetime | None) -> str:
    if since is None or judged_at is None:
        return _("not all of it was ever tested")
    return _("since %(since)s, last looked at %(judged)s") % {"since": _day(since), "judged": instant(judged_at)}


def _means(tested: Tested, audience: Audience) -> Means:
    numbers = ""
    if audience is Audience.AUDITOR:
        entry = _(", entry %(number)s of the ledger") % {"number": tested.entry} if tested.entry is not None else ""
        numbers = f"{tested.id}: {_found(tested)}{entry}"
    return Means(*stands(tested.state), text=tested.fact, numbers=numbers)


def _found(tested: Tested) -> str:
    verdict = tested.verdict
    if verdict is None:
        return _("never judged")
    return _("%(all)s looked at, %(passed)s pass, %(failed)s fail, %(unknown)s unknown, %(excepted)s excepted") % {
        "all": verdict.population,
        "passed": verdict.passed,
        "failed": verdict.failed,
        "unknown": verdict.unknown,
        "excepted": verdict.excepted,
    }
