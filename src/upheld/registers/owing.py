"""What records ask of people, again and again or once: declared by each chapter in its `duties.py`, looked up by `upheld.duties`."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from upheld import workspace
from upheld.actions.models import Record, Step
from upheld.checks import library
from upheld.checks.span import Span
from upheld.registers.apps import CHAPTERS

MONTH = timedelta(days=30)
WAITS = timedelta(days=7)  # how long something may wait for somebody, where nothing says how long
KNOWN_FOR = timedelta(days=60)  # how long what is done is told of, so that an occurrence is seen to have ended
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # of a record that nobody made by an action


@dataclass(frozen=True)
class Owing:
    """That something is owed about one record, or by one person about it.

    `subject` is the record's reference ("governance.policy/7"), `about` what it is called. `owes` is the people.id of who owes it;
    where that is "", whoever holds `role`, the word that measures name as their owner. It is due `first` after `begins_at` where it was
    never done, and `every` after it was done last; `every` None: once. `fixed`: due in a sequence from `begins_at`, whenever it was
    done, as the first day of a quarter. `done` has the instants at which it was done, as far back as is known; one is enough
    for what counts from the last time.
    """

    subject: str
    about: str
    begins_at: datetime
    owes: str = ""
    role: str = ""
    every: Span | None = None
    first: timedelta = timedelta(0)
    fixed: bool = False
    done: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Duty:
    """Something owed about records of one kind: `do` in words ("Review"), done by the action of this `name`.

    It is somebody's work from `ahead` before its day. `by_each`: everybody who owes it must do it themselves, so that no
    deputy can. `measures` are those whose duty this is.
    """

    name: str
    do: str
    owing: Callable[[datetime], Iterable[Owing]]
    ahead: timedelta = MONTH
    by_each: bool = False
    measures: tuple[str, ...] = field(default=())


@cache
def duties() -> tuple[Duty, ...]:
    """Return what the chapters declare: `DUTIES` of each chapter that has a file `duties.py`."""
    found: list[Duty] = []
    for chapter in CHAPTERS:
        name = f"upheld.registers.{chapter}.duties"
        if find_spec(name) is not None:
            found.extend(import_module(name).DUTIES)
    return tuple(found)


def interval(chapter: str, name: str) -> Span:
    """Return the parameter `name` of `chapter` as the company set it: the number by which measures judge. Raises `MeasureError`."""
    value = _set(chapter, name)
    assert isinstance(value, Span), f"{name} is declared as a span"
    return value


def _set(chapter: str, name: str) -> object:
    space = workspace.current()
    parameters = library.parameters_in_force(space.measures, space.parameters if space.parameters.is_file() else None)
    return parameters.declared[chapter, name].value


def listed(chapter: str, name: str) -> tuple[str, ...]:
    """Return the list that the parameter `name` of `chapter` is, as the company set it. Raises `MeasureError`."""
    value = _set(chapter, name)
    assert isinstance(value, tuple | list), f"{name} is declared as a list"
    return tuple(str(each) for each in value)


def until(day: date, since: datetime) -> timedelta:
    """Return how long after `since` the day `day` ends: what is due on a day may be done on it."""
    return starts(day) + timedelta(days=1) - since


def starts(day: date) -> datetime:
    """Return the first instant of `day`."""
    return datetime.combine(day, time(), UTC)


def done(*at: datetime | None) -> tuple[datetime, ...]:
    """Return those of the instants `at` that are known, oldest first."""
    return tuple(sorted(each for each in at if each is not None))


def changed_at(model: type[Record], field: str) -> dict[int, datetime]:
    """Return when `field` changed last in each record of `model` in which it ever did, by its number."""
    steps = Step.objects.filter(register=model.register(), wrote=True, changes__has_key=field).order_by("at")
    return {int(record): at for record, at in steps.values_list("record", "at")}


_Made = dict[str, dict[int, datetime]]  # by register, and by the record's number
_asked: set[str] = set()  # the registers of which it was ever asked when records were made: no more than there are
_made: ContextVar[_Made | None] = ContextVar("made", default=None)


@contextmanager
def made_together() -> Iterator[None]:
    """Within this, `made_at` is answered for all registers of which it was ever asked by one query."""
    token = _made.set(_when_made(_asked))
    try:
        yield
    finally:
        _made.reset(token)


def made_at(model: type[Record]) -> dict[int, datetime]:
    """Return when each record of `model` was made, by its number."""
    name, together = model.register(), _made.get() or {}
    _asked.add(name)
    return together[name] if name in together else _when_made({name})[name]


def _when_made(registers: Collection[str]) -> _Made:
    found: _Made = {name: {} for name in registers}
    steps = Step.objects.filter(register__in=found, version=1, wrote=True) if found else Step.objects.none()
    for name, record, at in steps.values_list("register", "record", "at"):
        found[name][int(record)] = at
    return found
