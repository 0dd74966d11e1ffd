"""One record: what it is, what may be done now, what hangs on it, and what happened to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from django.db.models import ForeignKey, ManyToOneRel
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from upheld.accounts.person import Person, SignedInRequest
from upheld.accounts.role import Role
from upheld.accounts.scope import reads_until
from upheld.actions import allowing
from upheld.actions.declaring import Action, declared
from upheld.actions.models import Record, Step
from upheld.registers.staff import names
from upheld.web.access import Asks, access_of
from upheld.web.page import answer
from upheld.web.registers import finding
from upheld.web.registers.showing import Link, Said, called, fields, label, link
from upheld.web.said import named, said, within

MOST_STEPS, MOST_RELATED = 25, 10


@dataclass(frozen=True)
class Doable:
    """An action on the record, and why whoever looks cannot do it; "" where they can."""

    action: Action[..., Any]
    why_not: str


@dataclass(frozen=True)
class Related:
    """Records that hang on this one, the newest of them."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class StepLine:
    """One step of the record's history: which fields changed, and the ledger's entry."""

    what: str
    who: str
    at: datetime
    changed: str
    entry_id: str


@dataclass(frozen=True)
class RecordPage:
    """One record. `text` is the address of its text, for what has one."""

    record: Link
    one: str
    register_title: str
    version: int
    fields: tuple[Said, ...]
    doable: tuple[Doable, ...]
    others: tuple[Doable, ...]
    related: tuple[Related, ...]
    steps: tuple[StepLine, ...]
    has_text: bool
    pages: tuple[tuple[str, str], ...]


@require_safe
def one_record(request: HttpRequest, chapter: str, name: str, number: int) -> HttpResponse:
    """Show a record."""
    person = cast(SignedInRequest, request).person
    model = finding.register(person, chapter, name)
    record = finding.record(person, model, number)
    its_steps = Step.objects.filter(register=record.register(), record=str(record.pk))
    if ends_at := reads_until(person, allowing.thing_of(model)):
        its_steps = its_steps.filter(at__lt=ends_at)
    steps = list(its_steps.order_by("-pk")[:MOST_STEPS])
    does, people = list(doable(person, record)), called([record])
    outside = person.roles == {Role.CUSTOMER}  # to whom nothing leads that is not theirs, and whom what others do does not concern
    page = RecordPage(
        record=link(record, people),
        one=within(str(model._meta.verbose_name)),
        register_title=named(str(model._meta.verbose_name_plural)),
        version=record.version,
        fields=tuple(_without_ends(person, record, fields(record, people)) if outside else fields(record, people)),
        doable=tuple(each for each in does if not each.why_not),
        others=() if outside else tuple(each for each in does if each.why_not),
        related=tuple(_related(person, record)),
        steps=tuple(_steps(steps)),
        has_text=hasattr(record, "text") and hasattr(record, "published_text"),
        # Nothing leads to a page that nobody classified, which answers nobody, nor to one that is not theirs.
        pages=tuple(
            (reverse(name, args=[record.pk]), said(words)) for name, words in record.pages.items() if _leads_somewhere(person, name)
        ),
    )
    return answer(request, "registers/record", page, place="registers")


def _without_ends(person: Person, record: Record, its: Iterable[Said]) -> Iterator[Said]:
    """Yield the fields of `record` without links to records that `person` may not see."""
    others = (getattr(record, field.name) for field in record._meta.concrete_fields if isinstance(field, ForeignKey))
    theirs = {link(each) for each in others if isinstance(each, Record) and finding.seen(person, type(each)).filter(pk=each.pk).exists()}
    return (each if each.link is None or each.link in theirs else replace(each, link=None) for each in its)


def _leads_somewhere(person: Person, name: str) -> bool:
    access = access_of(name)
    return access is not None and (not isinstance(access, Asks) or access.lets(person))


def doable(person: Person, record: Record) -> Iterator[Doable]:
    """Yield every action on `record`, with why `person` cannot do it now; a few queries, whatever there is to do."""
    reached = allowing.in_scope(person, record)
    theirs = set() if reached else allowing.lent(person, type(record), record.pk)
    actions = [action for action in declared().values() if action.on is type(record)]
    steps = list(allowing.earlier_steps(record, {name for action in actions for name in action.apart_from}))
    for action in actions:
        why = allowing.why_not_at_all(action, person)
        may = reached or action.name in theirs
        if why is None and may:
            why = allowing.same_person(action, person, record, steps)
        yield Doable(action, str(why) if why else action.when(record) if may else "You may look at it, and not act on it.")


def _related(person: Person, record: Record) -> Iterator[Related]:
    for relation in type(record)._meta.related_objects:
        model = relation.related_model
        if not isinstance(relation, ManyToOneRel) or not issubclass(model, Record):
            continue
        found = list(finding.seen(person, model).filter(**{relation.field.name: record})[:MOST_RELATED])
        if found:
            people = called(found) if model.persons else {}
            links = tuple(link(each, people) for each in found)
            yield Related(named(str(model._meta.verbose_name_plural)), links)


def _steps(steps: list[Step]) -> Iterator[StepLine]:
    who = names({step.by for step in steps})
    for step in steps:
        what = step.action.partition(".")[2].replace("-", " ")
        changed = ", ".join(label(name).lower() for name in sorted(step.changes) if name != "id")
        yield StepLine(named(what), who[step.by], step.at, changed if step.version > 1 else "", step.entry_id)
