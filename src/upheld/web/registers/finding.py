"""Which registers there are, and which records somebody may see."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from upheld.accounts.person import Person
from upheld.accounts.role import Verb
from upheld.accounts.scope import Refused, reads_until, scope
from upheld.actions.allowing import lent, thing_of
from upheld.actions.declaring import Action, declared
from upheld.actions.models import Record
from upheld.registers.recorded import registers
from upheld.web.registers.past import as_of, unchanged
from upheld.web.said import within


def by_name() -> Mapping[str, type[Record]]:
    """Return every register by its name: "governance.contact"."""
    return {model.register(): model for model in registers()}


def register(person: Person, chapter: str, name: str) -> type[Record]:
    """Return the register, if `person` may see any of it; raises `Http404` in the same words where there is none."""
    found = by_name().get(f"{chapter}.{name}")
    if found is None or not person.may(Verb.SEE, thing_of(found)):
        raise Http404(_("There is no such register."))
    return found


def seen(person: Person, model: type[Record]) -> QuerySet[Record]:
    """Return the records of `model` that `person` may see, newest first, each with what it needs to say what it is.

    Whoever may read a period that is over sees them as they were at its end.
    """
    every = model._default_manager.select_related(*model.joined) if model.joined else model._default_manager.all()
    found = scope(person, Verb.SEE, every, model.ties, thing=model.thing).filter(model.shown_to(person)).order_by("-pk")
    ends_at = reads_until(person, thing_of(model))
    return found if ends_at is None else as_of(found, ends_at)


def record(person: Person, model: type[Record], number: int) -> Record:
    """Return the record, if `person` may see it; raises `Http404`."""
    found = seen(person, model).filter(pk=number).first()
    if found is None and lent(person, model, number):
        found = model._default_manager.filter(pk=number).first()
    if found is None:
        raise Http404(_("There is no %(register)s %(number)s.") % {"register": within(str(model._meta.verbose_name)), "number": number})
    return found


def as_it_is(person: Person, model: type[Record], number: int) -> Record:
    """Return the record for a page that shows more of it than its fields; raises `Refused` for whoever reads a period that is over."""
    found = record(person, model, number)
    if reads_until(person, thing_of(model)) is not None:
        raise Refused(_("This page shows how things stand now, and the period that you may read is over. The record shows what it was."))
    return found


def searched(records: QuerySet[Record], words: str) -> QuerySet[Record]:
    """Return those of `records` that contain `words` where their register is searched, or have that number."""
    if not words:
        return records
    by_number = Q(pk=int(words)) if words.isdecimal() and len(words) < 19 else Q(pk__in=())
    found = Q(pk__in=()) if records.model.searched else Q()
    for path in records.model.searched:
        found |= Q(**{f"{path}__icontains": words})
    return records.filter(by_number | found & unchanged(records))


def action(name: str) -> Action[..., Any]:
    """Return the action called `name`; raises `Http404`."""
    found = declared().get(name)
    if found is None:
        raise Http404(_("There is no such action."))
    return found
