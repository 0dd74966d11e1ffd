"""Search in all registers at once: which of them hold something that fits, by one query, and then the newest that somebody may see."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import CharField, Q

from upheld.accounts.person import Person
from upheld.accounts.role import Verb
from upheld.actions.allowing import thing_of
from upheld.actions.models import Record
from upheld.web.registers import finding
from upheld.web.registers.past import unchanged
from upheld.web.registers.showing import Link, link

PER_REGISTER = 5
MOST_REGISTERS = 6
_WORD = "qzqzq"  # stands for the word in the query that is kept
_PEOPLE = 3


@dataclass(frozen=True)
class FoundIn:
    """One register, and the newest of its records that fit."""

    chapter: str
    name: str
    title: str
    links: tuple[Link, ...]


def in_registers(person: Person, words: Sequence[str], people: Sequence[str], names: Mapping[str, str]) -> Iterator[FoundIn]:
    """Yield the registers, few, in which `person` may see records that contain all of `words`, or that name one of `people`.

    `names` says what people are called, by id.
    """
    models = {name: model for name, model in finding.by_name().items() if person.may(Verb.SEE, thing_of(model))}
    found = 0
    for name in _holding(tuple(models), max(words, key=len), tuple(people[:_PEOPLE])) if models else ():
        model = models[name]
        there = finding.seen(person, model)
        records = list(there.filter(unchanged(there), _fits(model, words, people[:_PEOPLE]))[:PER_REGISTER])
        if records:
            chapter, _, register = name.partition(".")
            title = str(model._meta.verbose_name_plural)
            yield FoundIn(chapter, register, title[:1].upper() + title[1:], tuple(link(each, names) for each in records))
            found += 1
        if found == MOST_REGISTERS:
            return


def _fits(model: type[Record], words: Sequence[str], people: Sequence[str]) -> Q:
    all_words = Q()
    for word in words:
        any_field = Q(pk__in=())
        for path in model.searched:
            any_field |= Q(**{f"{path}__icontains": word})
        all_words &= any_field
    return all_words | _names(model, people)


def _names(model: type[Record], people: Sequence[str]) -> Q:
    found = Q(pk__in=())
    for field in model.persons if people else ():
        if isinstance(model._meta.get_field(field), CharField):
            found |= Q(**{f"{field}__in": list(people)})
    return found


def _holding(names: tuple[str, ...], word: str, people: tuple[str, ...]) -> list[str]:
    """Return those of the registers `names` in which any record at all fits; one query, whose text is kept."""
    text, params = _query(names, len(people), connection.vendor)
    if not text:
        return []
    like = connection.ops.prep_for_like_query(word)
    told = {f"{_WORD}{at}": id for at, id in enumerate(people)}
    with connection.cursor() as cursor:
        cursor.execute(text, [told.get(each, each.replace(_WORD, like)) for each in params])
        return [names[at] for (at,) in cursor.fetchall()]


@lru_cache(maxsize=64)
def _query(names: tuple[str, ...], people: int, _vendor: str) -> tuple[str, tuple[str, ...]]:
    """Return the query of `_holding` with markers in place of the word and of so many people; Django takes longest to write it."""
    models = finding.by_name()
    markers = [f"{_WORD}{at}" for at in range(people)]
    arms, params = [], []
    for at, name in enumerate(names):
        model = models[name]
        fits = model._default_manager.filter(_fits(model, [_WORD], markers)).order_by().values("pk")
        try:
            sql, told = fits.query.sql_with_params()
        except EmptyResultSet:  # nothing of it is searched, and nobody is named
            continue
        arms.append(f"SELECT {at} WHERE EXISTS ({sql})")
        params += [str(each) for each in told]
    return " UNION ALL ".join(arms), tuple(params)
