"""What people are told of: duties due soon, overdue or passed on, new findings, and measures and exceptions about to end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop, ngettext

from upheld import workspace
from upheld.checks.measure import Measure
from upheld.checks.verdict import State as Verdict
from upheld.duties.holders import Holders, managers
from upheld.duties.mending import due_on, not_excepted
from upheld.duties.models import Occurrence, State, ToldUntil
from upheld.duties.places import address_of
from upheld.duties.policy import Policy
from upheld.duties.telling import Cause
from upheld.duties.work import as_owed
from upheld.ledger.profile import Json
from upheld.notices.queueing import Told
from upheld.registers.findings.models import Care, RiskAccepted
from upheld.registers.findings.models import State as Exceptional
from upheld.registers.staff import names
from upheld.verdicts.measures import measures_of
from upheld.verdicts.models import Finding, MeasureVerdict

SOON, OVERDUE = 1, 2
SEVERITIES = (gettext_noop("critical"), gettext_noop("high"), gettext_noop("medium"), gettext_noop("low"))  # for the translators
MOST_AT_ONCE = 5_000  # of one kind, in one transaction; the next look goes on


@dataclass(frozen=True)
class Now:
    """What holds as of the instant at which people are told."""

    at: datetime
    held: Holders
    said: Policy

    @property
    def measures(self) -> dict[str, Measure]:
        """Every measure that can be read, by id."""
        return measures_of(workspace.current())[0]


def of_occurrences(now: Now) -> Iterator[Cause]:
    """Yield what is due soon, overdue or was passed on, and was not told; it is written down as told."""
    open_now = Occurrence.objects.filter(state=State.OPEN)
    late = Q(due_at__lte=now.at, told__lt=OVERDUE)
    soon, passed_on = Q(due_at__lte=now.at + now.said.soon, told__lt=SOON), Q(escalated__gt=0, told__lt=F("escalated") + OVERDUE)
    rows = list(open_now.filter(late | soon | passed_on).order_by("pk")[:MOST_AT_ONCE])
    called = names({each.owes for each in rows} - {""})
    for each in rows:
        level = each.escalated + OVERDUE if each.escalated else OVERDUE if each.due_at is None or each.due_at <= now.at else SOON
        each.told = level
        theirs = frozenset([each.held_by]) if each.held_by else now.held.of(each.role)
        name = f"occurrence {each.pk} {min(level, OVERDUE)}"
        yield Cause(name, theirs, partial(_occurrence, each, min(level, OVERDUE), ""), urgent=False)
        if level > OVERDUE:
            to = frozenset([each.escalated_to]) if each.escalated_to else now.held.of("security-lead")
            whose = called.get(each.owes, "")
            yield Cause(f"occurrence {each.pk} {level}", to, partial(_occurrence, each, level, whose), urgent=True)
    Occurrence.objects.bulk_update(rows, ["told"], batch_size=500)


def _occurrence(each: Occurrence, level: int, whose: str) -> Told:
    what = f"{gettext(each.do)}: {each.about}"
    on = date_format(each.due_at, "DATE_FORMAT") if each.due_at else ""
    if level > OVERDUE:
        kind, title = "duty.passed-on", gettext("Not done, and passed on to you: %(what)s") % {"what": what}
        text = gettext("It was due on %(on)s, and %(who)s did not do it.") % {"on": on, "who": whose or gettext("nobody")}
    elif level == OVERDUE:
        kind, title, text = "duty.overdue", gettext("Overdue: %(what)s") % {"what": what}, gettext("It was due on %(on)s.") % {"on": on}
    else:
        kind, title, text = "duty.soon", gettext("Due soon: %(what)s") % {"what": what}, gettext("It is due on %(on)s.") % {"on": on}
    facts: dict[str, Json] = {"duty": each.duty, "due_at": each.due_at.isoformat() if each.due_at else None}
    return Told(kind, title, text, address_of(as_owed(each)), facts)


def of_findings(now: Now) -> Iterator[Cause]:
    """Yield the findings that were opened since people were told last, together by measure and receiver, by the route of their severity."""
    until, _made = ToldUntil.objects.get_or_create(what="findings", defaults={"number": 0})
    rows = list(Finding.objects.filter(pk__gt=until.number).order_by("pk")[:MOST_AT_ONCE])
    if not rows:
        return
    still = {each.pk for each in not_excepted(Finding.objects.filter(pk__gt=until.number, resolved_at=None))}
    fresh, measures = [each for each in rows if each.pk in still], now.measures
    ToldUntil.objects.filter(pk="findings").update(number=rows[-1].pk)
    by_measure: dict[str, list[Finding]] = {}
    for each in fresh:
        by_measure.setdefault(each.measure, []).append(each)
    for name, found in by_measure.items():
        if name in measures:
            yield from _of_measure(measures[name], found, now)


def _of_measure(measure: Measure, found: list[Finding], now: Now) -> Iterator[Cause]:
    """One cause for each set of people who are told of the same findings of a measure; programs are told once of all."""
    care = {each.subject: each for each in Care.objects.filter(measure=measure.id)}
    route = now.said.route.get(measure.severity, ())
    told: dict[frozenset[str], list[Finding]] = {}
    for each in found:
        mine = care.get(each.subject)
        owners = frozenset([now.held.stand_in(mine.person)]) if mine else now.held.of(now.said.answers(measure))
        told.setdefault(_receivers(owners, route, now.held), []).append(each)
    urgent = measure.severity in now.said.at_once
    for persons, theirs in told.items():
        name = f"findings {measure.id} {theirs[0].pk} {theirs[-1].pk}"
        yield Cause(name, persons, partial(_findings, measure, theirs, now), urgent=urgent)
    if "programs" in route:
        name = f"findings {measure.id} {found[0].pk} {found[-1].pk} programs"
        yield Cause(name, frozenset(), partial(_findings, measure, found, now), programs=True)


def _receivers(owners: frozenset[str], route: Iterable[str], held: Holders) -> frozenset[str]:
    found: set[str] = set()
    for word in route:
        if word == "owner":
            found |= owners
        elif word == "manager":
            found |= set(managers(owners).values())
        elif word != "programs":
            found |= held.of(word)
    return frozenset(found)


def _findings(measure: Measure, found: list[Finding], now: Now) -> Told:
    due = date_format(due_on(measure.severity, found[0].first_seen_at, None, now.said), "DATE_FORMAT")
    facts: dict[str, Json] = {"measure": measure.id, "severity": str(measure.severity), "findings": len(found)}
    text = gettext("%(severity)s severity, to be mended by %(due)s.") % {"severity": gettext(measure.severity).capitalize(), "due": due}
    if len(found) == 1:
        (one,) = found
        title = gettext("Broken: %(measure)s: %(label)s") % {"measure": measure.title, "label": one.label}
        return Told("finding.opened", title, f"{one.detail}\n{text}", reverse("finding", args=[one.pk]), facts)
    words = ngettext("%(count)d subject fails now: %(measure)s", "%(count)d subjects fail now: %(measure)s", len(found))
    first = "\n".join(f"{each.label}: {each.detail}" for each in found[:10])
    link = f"{reverse('findings')}?{urlencode({'measure': measure.id})}"
    return Told("finding.opened", words % {"count": len(found), "measure": measure.title}, f"{first}\n{text}", link, facts)


def of_measures(now: Now) -> Iterator[Cause]:
    """Yield the measures that will break if nothing happens, each once for each instant at which it would."""
    measures = now.measures
    for verdict in MeasureVerdict.objects.filter(until_at=None, state=Verdict.AT_RISK).exclude(flips_at=None):
        measure = measures.get(verdict.measure)
        if measure is not None and verdict.flips_at is not None and verdict.flips_at > now.at:
            name = f"risk {measure.id} {verdict.flips_at.isoformat()}"
            programs = "programs" in now.said.route.get(measure.severity, ())
            words = partial(_risk, measure, verdict.flips_at)
            yield Cause(name, now.held.of(now.said.answers(measure)), words, measure.severity in now.said.at_once, programs)


def _risk(measure: Measure, flips_at: datetime) -> Told:
    at = date_format(flips_at.astimezone(UTC), "DATETIME_FORMAT")
    title = gettext("At risk: %(measure)s breaks on %(at)s UTC if nothing happens") % {"measure": measure.title, "at": at}
    chapter, _, name = measure.id.partition("/")
    facts = {"measure": measure.id, "severity": str(measure.severity), "flips_at": flips_at.isoformat()}
    return Told("measure.at-risk", title, measure.promise, reverse("measure", args=[chapter, name]), facts)


def of_exceptions(now: Now) -> Iterator[Cause]:
    """Yield the exceptions that end soon, to who asked for each and who takes care of its finding."""
    today = now.at.date()
    until = (now.at + now.said.exception_ends).date()
    found = list(RiskAccepted.objects.filter(state=Exceptional.APPROVED, until_on__gte=today, until_on__lte=until))
    care = {(each.measure, each.subject): each.person for each in Care.objects.filter(subject__in=[each.subject for each in found])}
    for each in found:
        persons = frozenset(filter(None, (each.asked_by, care.get((each.measure, each.subject)))))
        yield Cause(f"exception {each.pk} ends {each.until_on}", persons, partial(_exception, each), urgent=True)


def _exception(each: RiskAccepted) -> Told:
    on = date_format(each.until_on, "DATE_FORMAT")
    title = gettext("An exception ends on %(on)s: %(what)s") % {"on": on, "what": str(each)}
    text = gettext("After that day the finding counts as broken. Mend it, or ask anew: somebody else decides.")
    return Told("exception.ends", title, text, reverse("record", args=["findings", "riskaccepted", each.pk]), {"measure": each.measure})
