"""Declaring an action: once, as a function. Who may do it, who may not have done what before, and what it is told follow from that."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from inspect import getdoc
from types import MappingProxyType
from typing import Any, ClassVar, Generic, ParamSpec, TypeVar

from django.apps import apps

from upheld.accounts.role import Role
from upheld.actions.models import Record
from upheld.actions.parameters import BadDeclaration, Parameter, parameters, target

P = ParamSpec("P")
R = TypeVar("R")
_declared: dict[str, "Action[..., Any]"] = {}


@dataclass(frozen=True, eq=False)
class Action(Generic[P, R]):
    """What somebody can do to a register. Called like its function, it does the whole: checks, rows and entry in one transaction."""

    do_not_call_in_templates: ClassVar[bool] = True  # Django's templates call what can be called

    name: str
    function: Callable[P, R]
    by: frozenset[Role]
    apart_from: tuple[str, ...]
    on: type[Record] | None
    parameters: tuple[Parameter, ...]
    makes: type[Record]
    why_apart: str = ""
    when: Callable[[Any], str] = lambda record: ""

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Do it; raises `Refused` in its many forms, and then nothing has changed."""
        from upheld.actions.acting import act  # noqa: PLC0415  acting needs declarations, which call it when they are called

        return act(self, args, kwargs).result  # type: ignore[no-any-return]

    @cached_property
    def chapter(self) -> str:
        """The chapter it belongs to."""
        return self.name.partition(".")[0]

    @cached_property
    def title(self) -> str:
        """What a button says: "Approve policy"."""
        words = self.name.partition(".")[2].replace("-", " ")
        return words[:1].upper() + words[1:]

    @cached_property
    def meaning(self) -> str:
        """What it does, in the words of its docstring."""
        return " ".join((getdoc(self.function) or "").replace("`", "").split())

    @cached_property
    def register(self) -> type[Record]:
        """The register that its permission speaks of: that of the record it is done to, or that it makes."""
        return self.on or self.makes


def action(
    *,
    by: Iterable[Role],
    makes: type[Record] | None = None,
    apart_from: Iterable[str] = (),
    why_apart: str = "",
    when: Callable[[Any], str] = lambda record: "",
) -> Callable[[Callable[P, R]], Action[P, R]]:
    """Declare a keyword-only function as an action of the chapter whose folder it stands in.

    Its first parameter, if not keyword-only, is the record that it is done to; `by` is the person at work; all others are what
    it is told. `by` here: the roles that may, as far as the table of rights lets each. `apart_from`: earlier actions on the
    record that must have been somebody else's, and `why_apart` the reason. `makes`: the register it adds to, if
    not that of the record. `when` returns why it cannot be done to a record as it now is, "" where it can. Raises `BadDeclaration`.
    """

    def declare(function: Callable[P, R]) -> Action[P, R]:
        chapter = function.__module__.split(".")[-2]
        on = target(function)
        made = makes or on
        if made is None:
            raise BadDeclaration(f"{function.__qualname__}: say which register it makes a record of")
        apart = tuple(f"{chapter}.{name}" for name in apart_from)
        name = f"{chapter}.{function.__name__.replace('_', '-')}"
        if not getdoc(function):
            raise BadDeclaration(f"{name}: its docstring must say what it does")
        found = Action(name, function, frozenset(by), apart, on, parameters(function), made, why_apart, when)
        if name in _declared and _declared[name].function.__module__ != function.__module__:
            raise BadDeclaration(f"{name} is declared twice")
        _declared[name] = found
        _in_order.cache_clear()
        return found

    return declare


def declared() -> Mapping[str, Action[..., Any]]:
    """Return every action by name, in alphabetical order; the apps that have some declare them now (`AppConfig.declare`)."""
    _declare()
    return _in_order()


@cache
def _in_order() -> Mapping[str, Action[..., Any]]:
    return MappingProxyType(dict(sorted(_declared.items())))


@cache
def _declare() -> None:
    for app in apps.get_app_configs():
        if declare := getattr(app, "declare", None):
            declare()
