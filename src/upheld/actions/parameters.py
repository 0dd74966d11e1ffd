"""An action's parameters, read from its signature: the annotation says the kind, a text beside it what the value means."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from upheld.actions.files import Kept
from upheld.actions.kinds import Choice, Day, Duration, File, Instant, Kind, ListOf, Number, RecordOf, Text, YesNo, is_personal
from upheld.actions.models import Record
from upheld.checks.span import Span

_PLAIN: Mapping[Any, Kind] = {
    str: Text(),
    date: Day(),
    datetime: Instant(),
    bool: YesNo(),
    int: Number(),
    Span: Duration(),
    Kept: File(),
}


class BadDeclaration(TypeError):
    """An action is declared in a way that nothing can be made of; whoever wrote it can mend it."""


@dataclass(frozen=True)
class Parameter:
    """One thing that an action is told. `default` is what is taken where nothing is given; a required one has none."""

    name: str
    kind: Kind
    required: bool
    meaning: str = ""
    default: Any = None

    @property
    def label(self) -> str:
        """What a form calls it."""
        words = self.name.replace("_", " ").removesuffix(" on").removesuffix(" at")
        return words[:1].upper() + words[1:]

    @cached_property
    def personal(self) -> bool:
        """Whether its values may name somebody."""
        return is_personal(self.kind)


def parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """Return the keyword-only parameters of `function` but `by`, in order. Raises `BadDeclaration`."""
    hints = get_type_hints(function, include_extras=True)
    found = []
    for name, said in inspect.signature(function).parameters.items():
        if name == "by" or said.kind is not inspect.Parameter.KEYWORD_ONLY:
            continue
        kind, optional, meaning = _read(hints[name], f"{function.__module__}.{function.__qualname__}({name})")
        given = said.default is not inspect.Parameter.empty
        found.append(Parameter(name, kind, not (optional or given), meaning, said.default if given else None))
    return tuple(found)


def target(function: Callable[..., Any]) -> type[Record] | None:
    """Return the register of the record that `function` is done to, or None where it makes one. Raises `BadDeclaration`."""
    said = list(inspect.signature(function).parameters.values())
    if not said or said[0].kind is inspect.Parameter.KEYWORD_ONLY:
        return None
    its = get_type_hints(function)[said[0].name]
    if not (isinstance(its, type) and issubclass(its, Record)):
        raise BadDeclaration(f"{function.__qualname__}: its first parameter must be a record")
    return its


def _read(hint: Any, where: str) -> tuple[Kind, bool, str]:
    """Return kind, whether None will do, and meaning."""
    if get_origin(hint) in (Union, UnionType):
        parts = [part for part in get_args(hint) if part is not NoneType]
        if len(parts) == 1:
            kind, _, meaning = _read(parts[0], where)
            return kind, True, meaning
    if get_origin(hint) is Annotated:
        base, *beside = get_args(hint)
        meaning = " ".join(each for each in beside if isinstance(each, str))
        chosen = [each for each in beside if isinstance(each, Kind)]
        kind, optional, inner = (chosen[-1], NoneType in get_args(base), "") if chosen else _read(base, where)
        return kind, optional, meaning or inner
    return _kind(hint, where), False, ""


def _kind(hint: Any, where: str) -> Kind:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if get_origin(hint) is list:
        return ListOf(_read(get_args(hint)[0], where)[0])
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return Choice(hint)
    if isinstance(hint, type) and issubclass(hint, Record):
        return RecordOf(hint)
    raise BadDeclaration(f"{where}: {hint!r} is no kind of parameter that an action can have")
